"""What a decision tells those who look at a call: escalation while it goes on, and whoever looks back."""

from dialog.draft import Draft
from dialog.schema.intents import Command
from dialog.types import Signals, Understanding
from dialog.understand import Meaning


def signals(draft: Draft, meaning: Meaning | None, dissatisfaction: float | None, repair: str) -> Signals:
    """The signals of one decision; `meaning` and `dissatisfaction` are None where the caller has no part in it."""
    state = draft.state
    return Signals.model_validate(
        {
            "repair": repair,
            "repairs_in_a_row": state.repairs,
            "asked_for_person": meaning is not None and meaning.command is Command.PERSON,
            "certainty": _certainty(draft, meaning),
            "sentiment": round(meaning.sentiment, 3) if meaning is not None else 0.0,
            "mood": round(state.mood, 3),
            "dissatisfaction": dissatisfaction,
            "discontent": round(state.discontent, 3),
            "hand_over": draft.hand_over,
            "reason": draft.reason,
            "code": draft.code,
        }
    )


def understood(draft: Draft, meaning: Meaning | None) -> Understanding:
    """What was made of a turn, with what the answer rests on, or which question has none."""
    known = meaning.understanding if meaning is not None else Understanding()
    if draft.sources:
        known = known.model_copy(update={"sources": draft.sources})
    gap = draft.unanswered
    if gap is None:
        return known
    told = {"unanswered": gap.text, "nearest": gap.nearest, "nearest_score": gap.best_score}
    return known.model_copy(update=told)


def _certainty(draft: Draft, meaning: Meaning | None) -> float | None:
    if meaning is None:
        return None
    certainty = meaning.certainty if draft.certainty is None else draft.certainty
    return round(min(1.0, certainty), 4)
