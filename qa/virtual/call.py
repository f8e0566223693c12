"""A call with today's assistant on the virtual clock, from the first frame to its end or the order to hand over."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import numpy as np
from fastapi import WebSocket
from loguru import logger

from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    CallEnded,
    CallEndReason,
    CallEvent,
    CallStarted,
    EventBody,
    StreamStarted,
    TurnSilent,
)
from calls.recording import Recording
from calls.wav import ASSISTANT, CALLER, Pcm
from company import Company
from dialog.types import DialogState, Opened
from qa.virtual.costs import Spent
from qa.virtual.line import SID, MemoryLine, Released, start_of
from qa.virtual.party import Party
from qa.virtual.people import OrderedOnly
from qa.virtual.today import Today
from session import CallParts, CallSession
from speculation import Doing
from telephony.media.messages import Connected
from telephony.media.protocol import StreamProtocol
from telephony.media.serializer import MediaSerializer
from telephony.media.transport import MediaTransport, StreamEnd


@dataclass(frozen=True)
class Incoming:
    """A call that comes in."""

    call_id: str
    began_at: datetime
    started: CallStarted
    """As its record begins, but for the versions."""
    reachable: tuple[str, ...]
    """The queues whose people can be rung."""
    most_s: float
    """After so long it is ended."""


@dataclass(frozen=True)
class Had:
    """What came of a call."""

    events: tuple[CallEvent, ...]
    """As the record of a live call has them; times are those of the virtual clock."""
    released: tuple[Released, ...]
    """When the caller did what."""
    gave_up: bool
    """Whether it went on and on, and was ended for that."""
    seconds: float


class InMemory(Recording):
    """The recording of a call on the virtual clock."""

    def __init__(self) -> None:
        self.next_sample = 0
        self.failure = None
        self._pieces: list[tuple[int, int, Pcm]] = []

    def write_caller(self, at_sample: int, pcm: Pcm) -> None:
        """As `Recording.write_caller`."""
        self._pieces.append((CALLER, at_sample, pcm))

    def write_assistant(self, at_sample: int, pcm: Pcm) -> None:
        """As `Recording.write_assistant`."""
        self._pieces.append((ASSISTANT, at_sample, pcm))

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def both(self) -> Pcm:
        """Caller and assistant, int16 8 kHz, shape (n, 2)."""
        both = np.zeros((max((at + pcm.size for _, at, pcm in self._pieces), default=0), 2), np.int16)
        for channel, at, pcm in self._pieces:
            both[at : at + pcm.size, channel] = pcm
        return both


class _Record:
    """The events of a call."""

    def __init__(self, call_id: str, began_at: datetime) -> None:
        self._call_id = call_id
        self._began_at = began_at
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()
        self.events: list[CallEvent] = []
        self._acting: set[str] = set()
        self._silences = 0

    async def append(self, _call_id: str, body: EventBody) -> None:
        at = self._began_at + timedelta(seconds=round(self._loop.time() - self._began_s, 6))
        self.events.append(CallEvent(call_id=self._call_id, seq=len(self.events) + 1, at=at, body=body))
        match body:
            case ActionRequested(key=key):
                self._acting.add(key)
            case ActionDone(key=key) | ActionFailed(key=key):
                self._acting.discard(key)
            case TurnSilent():
                self._silences += 1

    def tells(self) -> tuple[bool, int]:
        return bool(self._acting), self._silences


async def have(
    incoming: Incoming,
    today: Today,
    actions: Doing,
    party: Callable[[Callable[[], DialogState]], Party],
    recording: Recording,
    spent: Spent,
) -> Had:
    """Have one call. `party` makes its caller, who may be told where the conversation is. Run it on a `VirtualLoop`."""
    loop = asyncio.get_running_loop()
    call_id, began_at = incoming.call_id, incoming.began_at
    record = _Record(call_id, began_at)
    dialog = today.thinking.dialog
    people = OrderedOnly(incoming.reachable, record.append, lambda: began_at.timestamp() + loop.time())
    speech = today.speech.for_call(today.standing, spent)
    versions = {"playbook": dialog.playbook_version, "models": today.versions}
    await record.append(call_id, incoming.started.model_copy(update=versions))
    await record.append(call_id, StreamStarted(stream_sid=SID))
    session = CallSession(
        CallParts(speech, record.append, loop.time, people, today.weights),
        Company(today.thinking, actions),
        dialog.start(call_id, incoming.started.caller, began_at, people.reachable_now),
        recording,
        SID,
        Opened(),
        [event.body for event in record.events],
    )
    line = MemoryLine(party(lambda: session.state), record.tells, people.ordered, incoming.most_s)
    end = await _talk(call_id, line, session, loop.time)
    reason = CallEndReason.ASSISTANT if session.finished else CallEndReason.CALLER
    if not people.ordered.is_set() and end is not StreamEnd.DISCONNECTED:
        await record.append(call_id, CallEnded(reason=reason, duration_s=round(line.seconds, 3)))
    return Had(tuple(record.events), tuple(line.released), line.gave_up, round(line.seconds, 3))


async def _talk(
    call_id: str, line: MemoryLine, session: CallSession, clock: Callable[[], float]
) -> StreamEnd:
    start, protocol = start_of(call_id), StreamProtocol()
    protocol.take(Connected())
    protocol.take(start)
    serializer = MediaSerializer(start, protocol)
    # The line is a WebSocket as far as a transport uses one.
    transport = MediaTransport(cast(WebSocket, line), serializer, session, clock)
    carrier = asyncio.create_task(line.run())
    try:
        return await session.run(transport)
    finally:
        carrier.cancel()
        await asyncio.wait({carrier})
        if not carrier.cancelled() and (error := carrier.exception()) is not None:
            logger.bind(call=call_id).opt(exception=error).error(
                "the line of a call on the virtual clock broke"
            )
