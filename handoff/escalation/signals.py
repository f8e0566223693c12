"""The signs of trouble in the last turns of a call, each from 0 to 1."""

from collections import Counter
from collections.abc import Callable, Sequence

from handoff.escalation.history import NOT_MATCHED, RE_ASKED, History, Turn

NAMES = (
    "no_match",
    "same_slot",
    "confidence",
    "sentiment",
    "slope",
    "discontent",
    "no_progress",
    "repeated",
    "barge_in",
    "silence",
    "failed",
    "prior_contact",
)
"""All signals. Names never change meaning: they stand in the record of calls."""
ENOUGH = 2
"""So many of a kind are as bad as any more."""
FEW = 3
"""A share is of at least so many turns: one bad turn out of one is not all of a call."""


def signals(history: History, window: int) -> dict[str, float]:
    """Every signal, over the last `window` turns of the caller's."""
    turns = history.turns[-window:]
    first = turns[0].number if turns else 0
    found = {
        "no_match": _share(turns, lambda turn: turn.repair in NOT_MATCHED),
        "same_slot": min(1.0, most_asked(turns)[1] / ENOUGH),
        "confidence": mean_doubt(turns),
        "sentiment": max(0.0, -history.mood),
        "slope": _downward(turns),
        "discontent": history.discontent,
        "no_progress": _share(turns, lambda turn: turn.stuck),
        "repeated": min(1.0, sum(turn.repeats for turn in turns) / ENOUGH),
        "barge_in": _share(turns, lambda turn: turn.said.interrupted),
        "silence": _share(turns, lambda turn: turn.said.silent),
        "failed": min(1.0, sum(one >= first for one in history.failed_at) / ENOUGH),
        "prior_contact": float(history.called_lately),
    }
    return {name: round(min(1.0, max(0.0, found[name])), 4) for name in NAMES}


def most_asked(turns: Sequence[Turn]) -> tuple[str, int]:
    """The place where we had to ask again most, and how often."""
    asked = Counter(
        turn.place.partition(":")[0]
        for turn in turns
        if (turn.repair in RE_ASKED or turn.repair == "correction") and not turn.unanswered
    )
    return asked.most_common(1)[0] if asked else ("", 0)


def mean_doubt(turns: Sequence[Turn]) -> float:
    """How little was heard well: 1 less the mean confidence of the spoken turns; 0 where nothing was spoken."""
    spoken = [turn.said.confidence for turn in turns if turn.said.confidence is not None]
    return 1.0 - sum(spoken) / len(spoken) if spoken else 0.0


def _share(turns: Sequence[Turn], counts: Callable[[Turn], bool]) -> float:
    return sum(map(counts, turns)) / max(len(turns), FEW)


def _downward(turns: Sequence[Turn]) -> float:
    """How much worse the caller sounds in the second half of these turns than in the first."""
    half = len(turns) // 2
    if not half:
        return 0.0
    before, after = turns[:half], turns[-half:]
    return (sum(one.sentiment for one in before) - sum(one.sentiment for one in after)) / half
