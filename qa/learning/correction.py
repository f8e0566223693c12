"""A correction: what somebody says that the assistant got wrong, or right, in one turn of one call."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import Personal


class Kind(StrEnum):
    """What is corrected. Names never change meaning."""

    INTENT = "intent"
    """`text` means `meant`: an intent, an article, or `out_of_scope`."""
    TRANSCRIPT = "transcript"
    """Instead of `text` the caller said `meant`."""
    NEEDLESS_TRANSFER = "needless_transfer"
    """The assistant could have done it."""
    MISSED_TRANSFER = "missed_transfer"
    """A person should have taken over by this turn."""
    ANSWER_RIGHT = "answer_right"
    """The article `meant` was the right answer to `text`."""
    ANSWER_WRONG = "answer_wrong"
    """The answer to `text` was wrong; the article `meant` would have been right, where there is one."""


class State(StrEnum):
    """What became of a correction. Names never change meaning."""

    OPEN = "open"
    """Nobody has looked at it yet: nothing is learnt from it."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Correction(BaseModel):
    """One correction with its source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    correction_id: str
    """From its source, so that the same correction is not kept twice."""
    call_id: str
    turn: int
    """The caller's turn, from 1; 0 where the call as a whole is meant."""
    kind: Kind
    text: Personal = ""
    """What was heard in that turn."""
    meant: Personal | None = None
    """What is right: see `Kind`."""
    by: str
    """The person's id, or the agent's name."""
    at: datetime
    state: State = State.OPEN
    judged_by: str | None = None
    judged_at: datetime | None = None


class CorrectionError(ValueError):
    """A correction that says nothing: `field` names what is missing, the text says what it needs."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field


NEEDS_TEXT = frozenset({Kind.INTENT, Kind.TRANSCRIPT, Kind.ANSWER_RIGHT, Kind.ANSWER_WRONG})
NEEDS_MEANING = frozenset({Kind.INTENT, Kind.TRANSCRIPT, Kind.ANSWER_RIGHT})


def checked(one: Correction, names: frozenset[str]) -> Correction:
    """The correction, if it says what its kind needs. `names`: the playbook's intents and articles, and `out_of_scope`.

    Raises:
        CorrectionError: it does not.
    """
    if one.kind in NEEDS_TEXT and not one.text.strip():
        raise CorrectionError("turn", "nothing was heard in this turn: choose one in which the caller spoke")
    if one.kind in NEEDS_MEANING and not (one.meant or "").strip():
        raise CorrectionError("meant", "say what it should have been")
    if one.kind is not Kind.TRANSCRIPT and one.meant is not None and one.meant not in names:
        raise CorrectionError("meant", "must be an intent or an article of the playbook, or out_of_scope")
    if one.kind is Kind.TRANSCRIPT and one.meant == one.text:
        raise CorrectionError("meant", "is what was heard")
    return one
