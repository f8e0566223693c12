"""Takes calls in: answers the carrier's questions about them and opens a session for each stream."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import WebSocket
from loguru import logger

from admission import Admission
from calls.events import (
    CallEnded,
    CallEndReason,
    CallEvent,
    CallQueued,
    CallStarted,
    PartFailed,
    StreamStarted,
    TurnPlanned,
)
from calls.log import CallLog
from calls.recording import Recording
from company import Companies, Company
from dialog.types import DialogState
from session import SPEAKING, CallParts, CallSession
from telephony.media.messages import Start
from telephony.media.protocol import StreamProtocol
from telephony.media.serializer import MediaSerializer
from telephony.media.transport import MediaTransport, StreamEnd
from telephony.routes import AfterStream, IncomingCall
from turn_events import action_event, request_event

MOST_RESUMES = 3
"""A call whose stream breaks more often than this is not connected again."""
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class _Served:
    """A call whose stream is open here."""

    def __init__(self, session: CallSession) -> None:
        self.session = session
        self.over = asyncio.Event()
        self.hung_up = False
        """The carrier has told that the call is over while its stream was still open here."""


class Reception:
    """All calls of this process, from the first webhook to the last status."""

    def __init__(
        self,
        parts: CallParts,
        companies: Companies,
        log: CallLog,
        data_dir: Path,
        models: dict[str, str],
        now: Callable[[], datetime],
        admission: Admission,
    ) -> None:
        self._parts = parts
        self._companies = companies
        self._log = log
        self._data_dir = data_dir
        self._models = models
        self._now = now
        self._admission = admission
        self._serving: dict[str, _Served] = {}

    @property
    def live(self) -> int:
        """How many calls are being served."""
        return len(self._serving)

    async def on_call(self, call: IncomingCall) -> bool:
        """A call has come in. Returns whether it can be served well now."""
        await self._log.append(
            call.call_sid,
            CallStarted(
                direction="inbound" if call.direction.startswith("inbound") else "outbound",
                caller=call.caller,
                callee=call.callee,
                playbook=self._companies.current().version,
                models=self._models,
            ),
        )
        return await self.may_connect(call.call_sid)

    async def may_connect(self, call_sid: str) -> bool:
        """Whether there is room for the call; that there is none is kept with it."""
        accepted = self._admission.accepts(self._parts.clock(), self.live)
        if not accepted:
            load = self._admission
            logger.bind(
                call=call_sid, live=self.live, lag_s=round(load.lag_s, 3), wait_s=round(load.wait_s, 3)
            ).warning("no room for a call")
            await self._log.append(call_sid, CallQueued(live_calls=self.live))
        return accepted

    async def call_back(self, call_sid: str) -> bool:
        """Have a call that found no room called back, by the action that the playbook names."""
        events = await self._log.read(call_sid)
        started = next((event.body for event in events if isinstance(event.body, CallStarted)), None)
        if started is None or started.caller is None:
            return False
        company = self._companies.of(started.playbook)
        results = []
        for request in company.thinking.dialog.call_back(call_sid, started.caller, self._now()):
            await self._log.append(call_sid, request_event(0, request))
            results.append(await company.actions.run(request))
            await self._log.append(call_sid, action_event(0, results[-1]))
        return bool(results) and all(result.failure is None for result in results)

    async def after_stream(self, call_sid: str) -> AfterStream:
        """A call that is known and not over goes on, unless our voice is gone or its stream breaks again and again."""
        served = self._serving.get(call_sid)
        if served is not None and served.session.finished:
            return AfterStream.HANG_UP
        events = await self._log.read(call_sid)
        if not events or _ended(events):
            return AfterStream.HANG_UP
        streams = sum(isinstance(event.body, StreamStarted) for event in events)
        # While the stream closes, what has just failed may not be in the log yet.
        voiceless = _voiceless(events) or (served is not None and served.session.voiceless)
        if voiceless or streams > MOST_RESUMES:
            return AfterStream.APOLOGISE
        return AfterStream.CONNECT

    async def on_stream(self, websocket: WebSocket, start: Start, protocol: StreamProtocol) -> None:
        """Serve an admitted stream until it ends."""
        await self._end_previous(start.call_sid)
        events = await self._log.read(start.call_sid)
        resumed = any(isinstance(event.body, StreamStarted) for event in events)
        recording = Recording.open(self._data_dir, start.call_sid, self._now().date())
        await self._log.append(
            start.call_sid,
            StreamStarted(stream_sid=start.stream_sid, resumed=resumed, recording=recording.name),
        )
        company = self._company(events)
        session = CallSession(
            self._parts,
            company,
            self._state(company, start.call_sid, events),
            recording,
            start.stream_sid,
            resumed=resumed,
        )
        serializer = MediaSerializer(start, protocol, origin_sample=recording.next_sample)
        transport = MediaTransport(websocket, serializer, session, self._parts.clock)
        served = _Served(session)
        self._serving[start.call_sid] = served
        try:
            end = await session.run(transport)
            logger.bind(call=start.call_sid, end=end.value).info("stream ended")
            await self._end_after_stream(start.call_sid, session, end)
        finally:
            await recording.close()
            self._serving.pop(start.call_sid, None)
            served.over.set()
        if served.hung_up:
            await self._end(start.call_sid, CallEndReason.CALLER)

    async def _end_previous(self, call_sid: str) -> None:
        """A call has one stream: what is left of a broken one ends before the next goes on with its recording."""
        served = self._serving.get(call_sid)
        if served is not None:
            served.session.leave()
            await served.over.wait()

    async def on_status(self, call_sid: str, status: str) -> None:
        """The carrier reports the call's status. While the stream is open, its end tells better who ended the call."""
        if status not in OVER:
            return
        served = self._serving.get(call_sid)
        if served is not None:
            served.hung_up = True
        else:
            await self._end(call_sid, CallEndReason.CARRIER)

    async def _end_after_stream(self, call_sid: str, session: CallSession, end: StreamEnd) -> None:
        """A stream that broke off does not end the call: the carrier asks whether to resume."""
        if session.finished:
            await self._end(call_sid, CallEndReason.ASSISTANT)
        elif end is StreamEnd.STOPPED:
            await self._end(call_sid, CallEndReason.CALLER)

    async def _end(self, call_sid: str, reason: CallEndReason) -> None:
        events = await self._log.read(call_sid)
        if not events or _ended(events):
            return
        duration_s = (self._now() - events[0].at).total_seconds()
        await self._log.append(call_sid, CallEnded(reason=reason, duration_s=round(duration_s, 3)))

    def _company(self, events: list[CallEvent]) -> Company:
        """The version that the call began with, if this process still has it."""
        started = next((event.body for event in events if isinstance(event.body, CallStarted)), None)
        return self._companies.of(started.playbook) if started is not None else self._companies.current()

    def _state(self, company: Company, call_sid: str, events: list[CallEvent]) -> DialogState:
        """The dialog as the last decision left it, or a fresh one."""
        for event in reversed(events):
            if isinstance(event.body, TurnPlanned):
                return DialogState.model_validate(event.body.state)
        started = next((event.body for event in events if isinstance(event.body, CallStarted)), None)
        caller = started.caller if started is not None else None
        opened_at = events[0].at if events else self._now()
        return company.thinking.dialog.start(call_sid, caller, opened_at)


def _voiceless(events: list[CallEvent]) -> bool:
    return any(isinstance(event.body, PartFailed) and event.body.part == SPEAKING for event in events)


def _ended(events: list[CallEvent]) -> bool:
    return any(isinstance(event.body, CallEnded) for event in events)
