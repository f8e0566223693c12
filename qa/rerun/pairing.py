"""Which turn of then stands beside which of today. Pure.

Turns are paired by the caller's sound: the run tells when each thing that the caller did was done today, so what was
heard today in that stretch stands beside what was heard in it then. A turn that was heard in two pieces, or two that
were heard as one, are put together first. Turns of silence, and what we say first, are paired by their place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.rerun.views import TurnView

OF_CALLER = frozenset({"spoken", "keyed"})
LEAST_SHARED_S = 0.15
"""Turns that share less of the sound have only met at its edge."""

Released = Sequence[tuple[int | None, float, float]]


@dataclass(frozen=True)
class Pair:
    """A row of the comparison."""

    then: TurnView | None
    now: TurnView | None
    numbers: tuple[int, ...] = ()
    """The turns of then that `then` is made of."""


@dataclass
class _Group:
    """Turns of today that came of the same turns of then."""

    numbers: set[int]
    turns: list[TurnView] = field(default_factory=list)


def paired(then: Sequence[TurnView], now: Sequence[TurnView], released: Released) -> list[Pair]:
    """All turns of both, in the order of the call."""
    left = list(then)
    pairs: list[Pair] = []
    for group in _groups(now, released):
        place = _place(left, group)
        if place is None:
            pairs.append(Pair(None, joined(group.turns)))
            continue
        pairs += [_alone(one) for one in left[:place]]
        rest = left[place:]
        taken = [one for one in rest if _belongs(one, group)] if group.numbers else rest[:1]
        pairs.append(Pair(joined(taken), joined(group.turns), tuple(one.number for one in taken)))
        left = [one for one in rest if one not in taken]
    return pairs + [_alone(one) for one in left]


def joined(turns: Sequence[TurnView]) -> TurnView:
    """Several turns as one: all that was said and done, and where it ended. At least one must be given."""
    first, last = turns[0], turns[-1]
    if first is last:
        return first
    sure = [one.confidence for one in turns if one.confidence is not None]
    return last.model_copy(
        update={
            "number": first.number,
            "text": " ".join(one.text for one in turns if one.text),
            "confidence": min(sure) if sure else None,
            "start_s": first.start_s,
            "planned": any(one.planned for one in turns),
            "intent": next((one.intent for one in reversed(turns) if one.intent is not None), None),
            "why": tuple(why for one in turns for why in one.why),
            "said": tuple(text for one in turns for text in one.said),
            "actions": tuple(action for one in turns for action in one.actions),
            "hand_over": next((one.hand_over for one in turns if one.hand_over is not None), None),
        }
    )


def _groups(now: Sequence[TurnView], released: Released) -> list[_Group]:
    groups: list[_Group] = []
    for turn in now:
        numbers = _same_sound(turn, released)
        same = next((one for one in reversed(groups) if one.numbers & numbers), None)
        if same is None:
            groups.append(_Group(set(numbers), [turn]))
        else:
            same.numbers |= numbers
            same.turns.append(turn)
    return groups


def heard_in(turns: Sequence[TurnView], start_s: float, end_s: float) -> list[TurnView]:
    """The caller's turns that were heard in a stretch of the call."""
    return [one for one in turns if _is_heard_in(one, start_s, end_s)]


def _same_sound(turn: TurnView, released: Released) -> set[int]:
    """The turns of then whose sound this one was heard in."""
    return {
        number
        for number, start_s, end_s in released
        if number is not None and _is_heard_in(turn, start_s, end_s)
    }


def _is_heard_in(turn: TurnView, start_s: float, end_s: float) -> bool:
    if turn.start_s is None or turn.end_s is None or turn.kind not in OF_CALLER:
        return False
    least_s = min(LEAST_SHARED_S, (turn.end_s - turn.start_s) / 2)
    return min(turn.end_s, end_s) - max(turn.start_s, start_s) >= max(least_s, 0.0)


def _place(left: Sequence[TurnView], group: _Group) -> int | None:
    if group.numbers:
        return next((place for place, one in enumerate(left) if _belongs(one, group)), None)
    # Silence and openings pair only with what comes next: the caller's sound is the surer sign.
    kind = group.turns[0].kind
    return 0 if left and kind not in OF_CALLER and left[0].kind == kind else None


def _belongs(turn: TurnView, group: _Group) -> bool:
    return turn.kind in OF_CALLER and turn.number in group.numbers


def _alone(turn: TurnView) -> Pair:
    return Pair(turn, None, (turn.number,))
