"""What a verb has at hand while it is performed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from telephony.line.call import UNANSWERED, Call, CallStatus
from telephony.line.call_sound import CallSound
from telephony.line.callback_queue import CallbackQueue
from telephony.line.conferences.conferences import Conferences
from telephony.line.destinations import Destination, DialPlan
from telephony.line.leg import Leg
from telephony.line.recordings.recordings import Recordings
from telephony.line.twiml.verbs import Callback
from telephony.line.webhooks import Webhooks

Speak = Callable[[str, str | None], Awaitable[bytes]]
"""Turns the text of `<Say>`, and the voice it asks for, into µ-law."""


@dataclass(frozen=True)
class ChildCall:
    """A call that a `<Dial>` rings."""

    parent: Call
    destination: Destination
    callee: str
    caller: str
    timeout_s: int
    callback: Callback | None = None
    credentials: tuple[str, str] | None = None


class RungCall(Protocol):
    """A call that was rung, as its parent sees it."""

    call: Call
    stage: "Stage"
    answered: asyncio.Event
    left: asyncio.Event
    """It was sent elsewhere, out of what its parent made it do."""
    ended: asyncio.Event

    async def hang_up(self, status: CallStatus) -> None:
        """End it."""


Script = Callable[["Stage"], Awaitable[None]]
"""What a call does from its answer on. The call ends with it."""


@dataclass(frozen=True)
class CallEdge:
    """What live calls need of the outside."""

    webhooks: Webhooks
    speak: Speak
    now: Callable[[], datetime]
    conferences: Conferences
    recordings: Recordings
    plan: DialPlan
    ring: Callable[[ChildCall, Script], RungCall]
    """Places a child call."""


class Beside(Protocol):
    """Something that goes on beside the verbs: a one-way stream, a recording."""

    name: str

    async def stop(self) -> None:
        """End it. Does nothing the second time."""


@dataclass
class Stage:
    """One call, as its verbs see it. Lives as long as the call, whatever TwiML it follows."""

    call: Call
    leg: Leg
    edge: CallEdge
    sound: CallSound
    callbacks: CallbackQueue
    answer: Callable[[], Awaitable[None]]
    """Answers the call, if that has not happened."""
    beside: list[Beside] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """Whether the call was answered."""
        return self.call.status not in UNANSWERED

    async def stop_beside(self, name: str | None = None) -> None:
        """End what goes on beside the verbs: all of it, or what has this name."""
        ending = [one for one in self.beside if name is None or one.name == name]
        self.beside = [one for one in self.beside if one not in ending]
        if ending:
            await asyncio.gather(*(one.stop() for one in ending))
