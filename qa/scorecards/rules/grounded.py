"""Questions are answered, and answers rest on articles or on the company's systems."""

from calls.events import ActionDone, CallDisposed, TurnPlanned
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call, quoted
from qa.scorecards.rules.promises import LEFT_FOR_PEOPLE

FACTS = "facts"


def grounded(call: Call) -> Finding:
    """By questions that nothing answered, by what answers rest on, and by what the agent found wrong.

    Whether an answer that rests on an article is the right one, only people can tell.
    """
    wrong = next((one for one in call.of(CallDisposed) if one.body.wrong == FACTS), None)
    if wrong is not None:
        evidence = (Evidence(seq=wrong.seq, words=f"a fact was wrong, says {wrong.body.agent}"),)
        return Finding(Grade.NO, "The agent says that a fact was wrong.", evidence)
    planned = call.of(TurnPlanned)
    open_ones = tuple(
        quoted(one.seq, one.body.unanswered) for one in planned if one.body.unanswered is not None
    )
    answers = [
        *(Evidence(seq=one.seq, words=", ".join(one.body.sources)) for one in planned if one.body.sources),
        *(
            Evidence(seq=one.seq, words=one.body.action)
            for one in call.of(ActionDone)
            if _tells(call, one.body)
        ),
    ]
    if not open_ones and not answers:
        return not_applicable("The caller asked nothing that was answered.")
    if not open_ones:
        return Finding(Grade.YES, "Every answer rests on an article or a system.", tuple(answers))
    grade = Grade.PARTLY if answers else Grade.NO
    return Finding(grade, f"{len(open_ones)} questions got no answer.", open_ones)


def _tells(call: Call, body: ActionDone) -> bool:
    """Whether an action was done for the matter, and not to find out who calls or to pass it on."""
    spec = call.playbook.actions.get(body.action)
    return spec is not None and spec.grants is None and body.action not in LEFT_FOR_PEOPLE
