"""A call as the rules of a scorecard read it: its events by kind, each with its place in the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from calls.events import Body, CallEvent, TurnHeard, TurnKeyed, TurnPlanned, TurnSaid, TurnSilent
from dialog.playbook import Playbook
from qa.facts.types import CallFacts
from qa.scorecards.finding import Evidence

B = TypeVar("B", bound=Body)
MOST_QUOTED = 160
"""Characters of a sentence in evidence."""


@dataclass(frozen=True)
class At(Generic[B]):
    """An event's body with its place in the log."""

    seq: int
    body: B


@dataclass(frozen=True)
class Spoken:
    """Something that one of the two has said or keyed. Seconds into the recording."""

    seq: int
    start_s: float
    end_s: float
    ours: bool


@dataclass(frozen=True)
class Call:
    """One call: events in their order, what is known of it, and the playbook whose rules it is measured by."""

    events: Sequence[CallEvent]
    facts: CallFacts
    playbook: Playbook

    def of(self, kind: type[B]) -> list[At[B]]:
        """All events of one kind, in order."""
        return self._by_kind.get(kind, [])  # type: ignore[return-value]

    @cached_property
    def caller_turns(self) -> tuple[int, ...]:
        """The places of what the caller said, keyed, or left unsaid."""
        kinds = (TurnHeard, TurnKeyed, TurnSilent)
        return tuple(sorted(one.seq for kind in kinds for one in self.of(kind)))

    @cached_property
    def speech(self) -> tuple[Spoken, ...]:
        """What both sides have said and keyed, in the order of the log."""
        ours = [Spoken(one.seq, one.body.start_s, one.body.end_s, ours=True) for one in self.of(TurnSaid)]
        heard = [Spoken(one.seq, one.body.start_s, one.body.end_s, ours=False) for one in self.of(TurnHeard)]
        keyed = [Spoken(one.seq, one.body.start_s, one.body.end_s, ours=False) for one in self.of(TurnKeyed)]
        return tuple(sorted((*ours, *heard, *keyed), key=lambda one: one.seq))

    def plan_before(self, seq: int) -> At[TurnPlanned] | None:
        """The last decision before an event."""
        return next((one for one in reversed(self.of(TurnPlanned)) if one.seq < seq), None)

    def caller_before(self, seq: int) -> int | None:
        """The place of the caller's last turn before an event."""
        return next((one for one in reversed(self.caller_turns) if one < seq), None)

    def said_between(self, after: int, before: int) -> list[At[TurnSaid]]:
        """Our sentences between two places of the log."""
        return [one for one in self.of(TurnSaid) if after < one.seq < before]

    @cached_property
    def _by_kind(self) -> Mapping[type[Body], list[At[Body]]]:
        found: dict[type[Body], list[At[Body]]] = {}
        for event in self.events:
            found.setdefault(type(event.body), []).append(At(event.seq, event.body))
        return found


def quoted(seq: int, text: str) -> Evidence:
    """What was said, as evidence."""
    short = text if len(text) <= MOST_QUOTED else text[: MOST_QUOTED - 1] + "…"
    return Evidence(seq=seq, words=short)


def identity_level(planned: At[TurnPlanned] | None) -> int:
    """How well the caller was known behind a decision."""
    identity = planned.body.state.get("identity") if planned is not None else None
    level = identity.get("level") if isinstance(identity, dict) else None
    return level if isinstance(level, int) else 0
