"""A call's events as briefings read them. Works on any part of a log: a fact is proven by its own events alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    Body,
    CallEvent,
    EscalationJudged,
    TransferRequested,
    TurnHeard,
    TurnPlanned,
)
from dialog.types import Identity

B = TypeVar("B", bound=Body)
HAND_OVER = "hand_over"


class Waits(BaseModel):
    """A flow that waits underneath another one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    flow: str = ""


class Place(BaseModel):
    """What of a dialog's state a briefing needs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    flow: str | None = None
    stack: tuple[Waits, ...] = ()
    identity: Identity = Identity()
    slots: dict[str, JsonValue] = {}


@dataclass(frozen=True)
class At(Generic[B]):
    """An event's body with its place in the log."""

    seq: int
    body: B


@dataclass
class Acted:
    """One action that was asked for, and what came of it."""

    asked: At[ActionRequested]
    done: At[ActionDone] | None = None
    failed: At[ActionFailed] | None = None

    @property
    def name(self) -> str:
        """The action's name."""
        return self.asked.body.action

    @property
    def events(self) -> tuple[int, ...]:
        """The events that tell of it."""
        ends = (one.seq for one in (self.done, self.failed) if one is not None)
        return (self.asked.seq, *ends)


@dataclass
class Log:
    """What of a call's events a briefing rests on, each kind in its order."""

    planned: list[At[TurnPlanned]] = field(default_factory=list)
    heard: list[At[TurnHeard]] = field(default_factory=list)
    acted: list[Acted] = field(default_factory=list)
    requested: At[TransferRequested] | None = None
    """The last one."""
    judged: At[EscalationJudged] | None = None
    """The last one that says a person should take over."""

    @property
    def last(self) -> At[TurnPlanned] | None:
        """The last decision."""
        return self.planned[-1] if self.planned else None

    def plans_backwards(self) -> Iterator[At[TurnPlanned]]:
        """The decisions, the last one first."""
        return reversed(self.planned)


def read(events: Sequence[CallEvent]) -> Log:
    """The log of one call, whatever the order of `events`."""
    log = Log()
    asked: dict[str, Acted] = {}
    for event in sorted(events, key=lambda one: one.seq):
        match event.body:
            case TurnPlanned() as body:
                log.planned.append(At(event.seq, body))
            case TurnHeard() as body:
                log.heard.append(At(event.seq, body))
            case ActionRequested() as body:
                # A resumed call asks again by the same key: it is the same request.
                if body.key not in asked:
                    asked[body.key] = Acted(At(event.seq, body))
                    log.acted.append(asked[body.key])
            case ActionDone() as body if body.key in asked:
                asked[body.key].done, asked[body.key].failed = At(event.seq, body), None
            case ActionFailed() as body if body.key in asked:
                asked[body.key].failed, asked[body.key].done = At(event.seq, body), None
            case TransferRequested() as body:
                log.requested = At(event.seq, body)
            case EscalationJudged() as body if body.level == HAND_OVER:
                log.judged = At(event.seq, body)
    return log


def place_of(planned: At[TurnPlanned]) -> Place:
    """Where the dialog is behind a decision."""
    return Place.model_validate(planned.body.state)
