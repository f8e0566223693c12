"""What the caller wanted was understood, by what an agent says who has heard them."""

from calls.events import CallDisposed
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call

INTENT = "intent"


def right_intent(call: Call) -> Finding:
    """Applies where an agent has said what came of the call: the assistant's own confidence proves nothing."""
    told = call.of(CallDisposed)
    if not told:
        return not_applicable("Nobody has said yet what the caller wanted.")
    wrong = next((one for one in told if one.body.wrong == INTENT), None)
    if wrong is not None:
        meant = (
            f"it was {wrong.body.intended}" if wrong.body.intended is not None else "it was something else"
        )
        return Finding(
            Grade.NO,
            "The agent says that the caller wanted something else.",
            (Evidence(seq=wrong.seq, words=meant.replace("_", " ")),),
        )
    words = f"{told[-1].body.agent} has found nothing wrong with it"
    return Finding(
        Grade.YES,
        "The agent has not corrected what the caller wanted.",
        (Evidence(seq=told[-1].seq, words=words),),
    )
