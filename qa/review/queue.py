"""The review queue: its two lists, and what is done with a call in them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qa.review.rules import Reason, ReviewRules, Signs, is_sampled, reasons_of


class Draw(StrEnum):
    """Which list of the queue. Names never change meaning."""

    WORST = "worst"
    """The calls that went worst, the worst first."""
    SAMPLE = "sample"
    """The random sample, the newest first."""


class ReviewState(StrEnum):
    """How far the review of a call is. Names never change meaning; a call that nobody has taken has none."""

    TAKEN = "taken"
    DONE = "done"
    SKIPPED = "skipped"


class Deed(StrEnum):
    """What somebody does with a call of the queue."""

    TAKE = "take"
    FINISH = "finish"
    SKIP = "skip"
    PUT_BACK = "put_back"
    """As if nobody had taken it."""


@dataclass(frozen=True)
class Review:
    """Who has the review of a call, and how far it is."""

    call_id: str
    state: ReviewState
    person_id: str
    at: datetime
    """Since when."""
    sampled: bool
    """Whether the call was in the random sample when it was taken."""


@dataclass(frozen=True)
class Reviewer:
    """Who does something. A chief may put back what others have taken or finished."""

    person_id: str
    chief: bool = False


@dataclass(frozen=True)
class Entry:
    """A call in the queue."""

    call_id: str
    started_at: datetime
    sampled: bool
    reasons: tuple[Reason, ...] = ()
    """Empty in the sample: whoever reviews it shall not know beforehand how it went."""
    review: Review | None = None

    @property
    def weight(self) -> int:
        """How bad it went."""
        return sum(one.weight for one in self.reasons)


class ReviewHeldError(Exception):
    """Somebody else has this call, or has finished it. `review` tells who."""

    def __init__(self, review: Review) -> None:
        super().__init__(f"call {review.call_id} is {review.state.value} by {review.person_id}")
        self.review = review


def draw(which: Draw, calls: Iterable[tuple[Signs, Review | None]], rules: ReviewRules) -> tuple[Entry, ...]:
    """One list of the queue, in its order, out of calls that are over."""
    entries = [entry for call, review in calls if (entry := _entry(which, call, review, rules)) is not None]
    # Sorting is stable: equal weights stay by time.
    entries.sort(key=lambda one: (one.started_at, one.call_id), reverse=True)
    entries.sort(key=lambda one: -one.weight)
    return tuple(entries)


def neighbours(entries: Sequence[Entry], call_id: str) -> tuple[str | None, str | None]:
    """The calls before and behind one; behind one that is not in the list stands its first."""
    ids = [one.call_id for one in entries]
    if call_id not in ids:
        return None, ids[0] if ids else None
    at = ids.index(call_id)
    return (ids[at - 1] if at > 0 else None), (ids[at + 1] if at + 1 < len(ids) else None)


def after(deed: Deed, review: Review | None, who: Reviewer) -> ReviewState | None:
    """The state of a review after somebody has done something; None: nobody has it.

    Raises:
        ReviewHeldError: it is somebody else's.
    """
    if review is not None and review.person_id != who.person_id and not _is_free(deed, review, who):
        raise ReviewHeldError(review)
    return AFTER.get(deed)


AFTER = {Deed.TAKE: ReviewState.TAKEN, Deed.FINISH: ReviewState.DONE, Deed.SKIP: ReviewState.SKIPPED}


def _is_free(deed: Deed, review: Review, who: Reviewer) -> bool:
    """Whether somebody may do this with a review that is not theirs: what others have skipped is open to all."""
    return who.chief if deed is Deed.PUT_BACK else review.state is ReviewState.SKIPPED


def _entry(which: Draw, call: Signs, review: Review | None, rules: ReviewRules) -> Entry | None:
    sampled = is_sampled(call.call_id, rules)
    if which is Draw.SAMPLE:
        return Entry(call.call_id, call.started_at, sampled, review=review) if sampled else None
    reasons = reasons_of(call, rules)
    return Entry(call.call_id, call.started_at, sampled, reasons, review) if reasons else None
