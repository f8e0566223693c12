"""Calls that are really spoken: how they sound, and of those that are really had, what is had and what came of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from calls.events import CallEvent, EventBody, TransferRequested
from calls.wav import Pcm
from qa.seed.pace import Conditions, Pace
from qa.seed.template import Occasion, Template


@dataclass(frozen=True)
class Scene:
    """A call that is to be had."""

    template: Template
    occasion: Occasion
    bodies: Sequence[EventBody] = field(repr=False)
    """Its conversation as it was played in text, filled in: what the company's systems answer is taken from it."""
    began_at: datetime
    caller: str | None
    """E.164; None: withheld."""
    about: Conditions
    turns: int | None
    """After so many turns the caller is gone; None: they stay to the end."""


@dataclass(frozen=True)
class Talk:
    """The assistant's part of a call that was had."""

    events: tuple[CallEvent, ...]
    """To the order to hand over, or the end."""
    both: Pcm = field(repr=False)
    """Caller and assistant, int16 8 kHz, shape (n, 2)."""


@dataclass(frozen=True)
class Aloud:
    """How a call sounds."""

    pace: Pace
    """As long as the sound of what is said."""
    recording: str
    """Where it is kept, relative to the data directory."""
    talk: Callable[[Scene], Talk] | None = None
    """Has the assistant's part; None: it is laid out as it was played in text."""


def going_on(had: Iterable[CallEvent], played: Sequence[EventBody]) -> list[EventBody]:
    """What was played after the first order to hand over, with the turns counted on from what was had."""
    order = next((index for index, body in enumerate(played) if isinstance(body, TransferRequested)), None)
    if order is None:
        return []
    shift = _last_turn(event.body for event in had) - _last_turn(played[: order + 1])
    return [_shifted(body, shift) for body in played[order + 1 :]]


def _last_turn(bodies: Iterable[EventBody]) -> int:
    """0 where these tell of none."""
    return max((_turn(body) for body in bodies), default=0)


def _turn(body: EventBody) -> int:
    turn = getattr(body, "turn", None)
    return turn if isinstance(turn, int) else 0


def _shifted(body: EventBody, by: int) -> EventBody:
    return body.model_copy(update={"turn": _turn(body) + by}) if hasattr(body, "turn") else body
