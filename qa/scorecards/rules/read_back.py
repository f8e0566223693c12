"""What changes something is read back to the caller, and done after their yes."""

from calls.events import ActionFailed, ActionRequested
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import At, Call, quoted

FORBIDDEN = "forbidden"
YES_NO = "yes_no"


def read_back(call: Call) -> Finding:
    """By what the caller was asked before each change that needs their yes, the taking back of one left aside."""
    refused = {one.body.key for one in call.of(ActionFailed) if one.body.failure == FORBIDDEN}
    undoing = _undoing(call)
    asked = [
        one
        for one in call.of(ActionRequested)
        if _needs_a_yes(call, one) and one.body.key not in refused and one.body.action not in undoing
    ]
    if not asked:
        return not_applicable("Nothing was changed that needs the caller's yes.")
    questions = {one.seq: _question(call, one) for one in asked}
    missing = [one for one in asked if questions[one.seq] is None]
    if missing:
        return Finding(
            Grade.NO,
            "Something was changed that had not been read back to the caller.",
            tuple(Evidence(seq=one.seq, words=one.body.action) for one in missing),
        )
    why = "All that was changed had been read back, and the caller agreed."
    return Finding(Grade.YES, why, tuple(one for one in questions.values() if one is not None))


def _needs_a_yes(call: Call, asked: At[ActionRequested]) -> bool:
    spec = call.playbook.actions.get(asked.body.action)
    return spec is not None and not spec.reads and spec.needs_confirmation


def _undoing(call: Call) -> frozenset[str]:
    """Who agrees to a step agrees to its being taken back."""
    steps = (step for flow in call.playbook.flows.values() for step in flow.steps.values())
    acts = (step.act for step in steps if step.act is not None)
    return frozenset(act.undo.action for act in acts if act.undo is not None)


def _question(call: Call, asked: At[ActionRequested]) -> Evidence | None:
    """The sentence that the caller's last turn before a change has answered, if it asked for yes or no."""
    answer = call.caller_before(asked.seq)
    planned = call.plan_before(answer) if answer is not None else None
    if answer is None or planned is None or planned.body.expect != YES_NO:
        return None
    said = call.said_between(planned.seq, answer)
    return quoted(said[-1].seq, said[-1].body.text) if said else None
