"""One call, run again: the recorded caller with today's assistant, on the virtual clock."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import numpy as np
from fastapi import WebSocket
from loguru import logger
from pydantic import BaseModel, ConfigDict

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
    TurnPlanned,
    TurnSilent,
)
from calls.recording import Recording
from calls.wav import ASSISTANT, CALLER, Pcm
from company import Company
from dialog.types import Opened
from qa.rerun.answers import RecordedActions
from qa.rerun.costs import Spent
from qa.rerun.deeds import deeds_of
from qa.rerun.line import SID, MemoryLine, start_of
from qa.rerun.models import Today
from qa.rerun.pacing import Pacing
from qa.rerun.people import OrderedOnly
from qa.rerun.sound import CallerSound
from qa.rerun.virtual_loop import run_virtually
from session import CallParts, CallSession
from telephony.media.messages import Connected
from telephony.media.playout import RATE
from telephony.media.protocol import StreamProtocol
from telephony.media.serializer import MediaSerializer
from telephony.media.transport import MediaTransport, StreamEnd

MORE_S = 90.0
"""Today's call may be twice as long as the recorded one and this more; then it is ended."""


@dataclass(frozen=True)
class Call:
    """A recorded call."""

    events: tuple[CallEvent, ...]
    sound: Pcm
    """The caller's channel, int16 mono 8 kHz; empty where nothing was recorded."""
    spoken_s: float | None = None
    """Without it, the length of the recording."""

    @property
    def call_id(self) -> str:
        """Which call."""
        return self.events[0].call_id


class Rerun(BaseModel):
    """What came of running a call again."""

    model_config = ConfigDict(frozen=True)

    call_id: str
    events: tuple[CallEvent, ...]
    """As the record of a live call has them; times are those of the virtual clock."""
    released: tuple[tuple[int | None, float, float], ...]
    """Of each thing that the caller did: the turn that came of it then, and when it was done today."""
    stood_in: tuple[str, ...] = ()
    """What had no sound in the recording and was said by a stand-in."""
    missing: tuple[str, ...] = ()
    """Actions that were asked for today and have no recorded answer, by name."""
    gave_up: bool = False
    seconds: float = 0.0
    """How long today's call was."""


@dataclass(frozen=True)
class Measured:
    """What a run has really taken. No part of the result: it differs from run to run."""

    seconds: float
    cpu_s: float
    spent: dict[str, float]
    """Seconds of processor time by kind of work."""
    recording: Pcm
    """What was carried, caller and assistant: int16 8 kHz, shape (n, 2)."""


def run_again(call: Call, today: Today) -> tuple[Rerun, Measured]:
    """Run one call. The same call, playbook and models always give the same `Rerun`.

    Raises:
        NothingLeftError: today's assistant waits for something that can never come.
    """
    spent = Spent()
    began, cpu = time.perf_counter(), time.process_time()
    recording = _InMemory()
    rerun = run_virtually(_run(call, today, spent, recording), spent)
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    return rerun, Measured(wall_s, cpu_s, dict(spent.seconds), recording.both)


class _InMemory(Recording):
    """The recording of today's call, which nobody has agreed to keep."""

    def __init__(self) -> None:
        self.next_sample = 0
        self.failure = None
        self._pieces: list[tuple[int, int, Pcm]] = []

    def write_caller(self, at_sample: int, pcm: Pcm) -> None:
        self._pieces.append((CALLER, at_sample, pcm))

    def write_assistant(self, at_sample: int, pcm: Pcm) -> None:
        self._pieces.append((ASSISTANT, at_sample, pcm))

    async def close(self) -> None:
        pass

    @property
    def both(self) -> Pcm:
        """Caller and assistant, shape (n, 2)."""
        both = np.zeros((max((at + pcm.size for _, at, pcm in self._pieces), default=0), 2), np.int16)
        for channel, at, pcm in self._pieces:
            both[at : at + pcm.size, channel] = pcm
        return both


class _Record:
    """The events of today's call."""

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


async def _run(call: Call, today: Today, spent: Spent, recording: Recording) -> Rerun:
    began_at = call.events[0].at
    loop = asyncio.get_running_loop()
    record = _Record(call.call_id, began_at)
    started = next((event.body for event in call.events if isinstance(event.body, CallStarted)), None)
    caller = started.caller if started is not None else None
    dialog = today.thinking.dialog
    people = OrderedOnly(
        reachable_then(call.events), record.append, lambda: began_at.timestamp() + loop.time()
    )
    actions = RecordedActions(call.events, today.playbook.actions)
    speech = today.speech.for_call(today.standing, spent)
    parts = CallParts(speech, record.append, loop.time, people, today.weights)
    deeds = deeds_of(call.events)
    sound = CallerSound(call.sound, deeds, today.speech.voice.render)
    most_s = 2 * (call.spoken_s or call.sound.size / RATE or _lasted(call.events)) + MORE_S
    line = MemoryLine(Pacing(deeds), sound, record.tells, people.ordered, most_s)
    await record.append(
        call.call_id,
        CallStarted(
            direction=started.direction if started is not None else "inbound",
            caller=caller,
            callee=started.callee if started is not None else None,
            playbook=dialog.playbook_version,
            models=today.versions,
        ),
    )
    await record.append(call.call_id, StreamStarted(stream_sid=SID))
    session = CallSession(
        parts,
        Company(today.thinking, actions),
        dialog.start(call.call_id, caller, began_at, people.reachable_now),
        recording,
        SID,
        Opened(),
        [event.body for event in record.events],
    )
    end = await _talk(call.call_id, line, session, loop.time)
    reason = CallEndReason.ASSISTANT if session.finished else CallEndReason.CALLER
    if not people.ordered.is_set() and end is not StreamEnd.DISCONNECTED:
        await record.append(call.call_id, CallEnded(reason=reason, duration_s=round(line.seconds, 3)))
    return Rerun(
        call_id=call.call_id,
        events=tuple(record.events),
        released=tuple((deeds[one.deed].turn, one.start_s, one.end_s) for one in line.released),
        stood_in=tuple(sound.stood_in),
        missing=tuple(request.action for request in actions.missing),
        gave_up=line.gave_up,
        seconds=round(line.seconds, 3),
    )


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
            logger.bind(call=call_id).opt(exception=error).error("the line of a call that is run again broke")


def reachable_then(events: Sequence[CallEvent]) -> tuple[str, ...]:
    """The queues whose people could be rung then, as the dialog was told at its first decision."""
    for event in events:
        if isinstance(event.body, TurnPlanned):
            reachable = event.body.state.get("reachable")
            if isinstance(reachable, list):
                return tuple(str(queue) for queue in reachable)
    return ()


def _lasted(events: Sequence[CallEvent]) -> float:
    return (events[-1].at - events[0].at).total_seconds()
