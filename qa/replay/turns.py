"""The events of a call, turn by turn. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from calls.events import Body, CallEvent, ModelAsked, TurnHeard, TurnKeyed, TurnPlanned, TurnSilent

Found = TypeVar("Found", bound=Body)
FRESH = frozenset({"opened", "resumed"})
"""Moments with which we begin by ourselves."""


@dataclass
class ReplayTurn:
    """One turn: what the caller did, and all that followed from it."""

    number: int
    seq: int
    """The event that began it: the turn's name on the page, because a resumed call may count a number twice."""
    events: list[CallEvent] = field(default_factory=list)

    def bodies(self, kind: type[Found]) -> Iterator[Found]:
        """Its events of one kind, in order."""
        return (event.body for event in self.events if isinstance(event.body, kind))

    def first(self, kind: type[Found]) -> Found | None:
        """The first of a kind; None where there is none."""
        return next(self.bodies(kind), None)

    @property
    def title(self) -> str:
        """What it is called."""
        begun = self.events[0].body
        if isinstance(begun, TurnHeard | TurnKeyed | TurnSilent):
            return f"Turn {self.number}"
        resumed = isinstance(begun, TurnPlanned) and begun.moment == "resumed"
        return "After a break" if resumed else "Opening"


def turns_of(events: Iterable[CallEvent]) -> list[ReplayTurn]:
    """All turns. An event belongs to the last turn of its number.

    A language model may have been asked before the turn began: for a guess at it.
    """
    turns: list[ReplayTurn] = []
    early: list[CallEvent] = []
    for event in events:
        number = getattr(event.body, "turn", None)
        if number is None:
            continue
        turn = (
            None if _begins(event) else next((one for one in reversed(turns) if one.number == number), None)
        )
        if turn is None and isinstance(event.body, ModelAsked):
            early.append(event)
            continue
        if turn is None:
            turn = ReplayTurn(number, event.seq)
            turns.append(turn)
        turn.events.append(event)
        if _begins(event):
            turn.events += early
            early.clear()
    if early and turns:  # of a turn that never came
        turns[-1].events += early
    return turns


def _begins(event: CallEvent) -> bool:
    match event.body:
        case TurnHeard() | TurnKeyed() | TurnSilent():
            return True
        case TurnPlanned(moment=moment):
            return moment in FRESH
    return False
