"""Takes calls in: answers the carrier's questions about them and opens a session for each stream."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

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
    StreamEnded,
    StreamStarted,
    TransferEnded,
    TurnPlanned,
)
from calls.log import CallLog
from calls.recording import Recording
from company import Companies, Company
from dialog.plan import CallerFacts
from dialog.types import DialogState, Moment, Opened, Resumed
from handoff.after.left import LeftForPeople
from handoff.talk.record import TalkRecord
from handoff.transfer.standing import TO_ASSISTANT
from handoff.transfer.types import Transfer
from handoff.transfer.views import CallerHears, caller_hears
from holding import handed_back
from session import SPEAKING, CallParts, CallSession
from telephony.media.messages import Start
from telephony.media.protocol import StreamProtocol
from telephony.media.serializer import MediaSerializer
from telephony.media.transport import MediaTransport, StreamEnd
from telephony.routes import AfterStream, IncomingCall
from telephony.transfer_twiml import TRANSFER_PARAMETER
from turn_events import action_event, request_event

MOST_RESUMES = 3
"""A call whose stream breaks more often than this is not connected again."""
LATELY = timedelta(days=7)
"""Who has called within this time calls again about something that is not done, more often than not."""
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
WITH_PEOPLE = frozenset({CallerHears.CONFERENCE, CallerHears.TARGET})


class _Line(Protocol):
    """What serves a call now, over one stream."""

    def leave(self) -> None:
        """End: the call goes on over another stream."""


class _Served:
    """A call whose stream is open here."""

    def __init__(self, line: _Line) -> None:
        self.line = line
        self.over = asyncio.Event()
        self.hung_up = False
        """The carrier has told that the call is over while its stream was still open here."""

    @property
    def session(self) -> CallSession | None:
        """The session, where it is the assistant who serves."""
        return self.line if isinstance(self.line, CallSession) else None


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
        self._handovers = parts.handovers
        self._serving: dict[str, _Served] = {}

    @property
    def live(self) -> int:
        """How many calls the assistant is serving."""
        return sum(served.session is not None for served in self._serving.values())

    async def on_call(self, call: IncomingCall) -> bool:
        """A call has come in. Returns whether it can be served well now."""
        company = self._companies.current()
        await self._log.append(
            call.call_sid,
            CallStarted(
                direction="inbound" if call.direction.startswith("inbound") else "outbound",
                caller=call.caller,
                callee=call.callee,
                playbook=company.version,
                models={**self._models, **company.models},
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
            done = action_event(0, results[-1])
            await self._log.append(call_sid, done)
            for left in LeftForPeople().noted(done):
                await self._log.append(call_sid, left)
        return bool(results) and all(result.failure is None for result in results)

    async def after_stream(self, call_sid: str) -> AfterStream:
        """A call that is known and not over goes on, unless our voice is gone or its stream breaks again and again."""
        served = self._serving.get(call_sid)
        session = served.session if served is not None else None
        if session is not None and session.finished:
            return AfterStream.HANG_UP
        events = await self._log.read(call_sid)
        if not events or _ended(events):
            return AfterStream.HANG_UP
        if _with_people(await self._handovers.latest_of(call_sid)):
            return AfterStream.PEOPLE
        # A transfer ends one stream, and another begins when its caller comes back.
        streams = sum(isinstance(event.body, StreamStarted) for event in events)
        streams -= sum(isinstance(event.body, TransferEnded) for event in events)
        # While the stream closes, what has just failed may not be in the log yet.
        voiceless = _voiceless(events) or (session is not None and session.voiceless)
        if voiceless or streams > MOST_RESUMES:
            return AfterStream.APOLOGISE
        return AfterStream.CONNECT

    async def people_document(self, call_sid: str) -> str:
        """The TwiML of a call that is its people's."""
        return await self._handovers.caller_document(call_sid)

    async def on_stream(self, websocket: WebSocket, start: Start, protocol: StreamProtocol) -> None:
        """Serve an admitted stream until it ends."""
        await self._end_previous(start.call_sid)
        events = await self._log.read(start.call_sid)
        recording = Recording.open(self._data_dir, start.call_sid, self._now().date())
        await self._log.append(
            start.call_sid,
            StreamStarted(stream_sid=start.stream_sid, resumed=_had_stream(events), recording=recording.name),
        )
        company = self._company(events)
        transfer = await self._handovers.latest_of(start.call_sid)
        session = CallSession(
            self._parts,
            company,
            await self._state(company, start.call_sid, events),
            recording,
            start.stream_sid,
            first_moment(events, transfer),
            [event.body for event in events],
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
            served.line.leave()
            await served.over.wait()

    async def on_talk(self, websocket: WebSocket, start: Start, protocol: StreamProtocol) -> None:
        """Keep what caller and human say to each other, where the caller has agreed to it.

        What is said in a call-back goes on in the recording of the call in which it was promised, however old that is.
        """
        await self._end_previous(start.call_sid)
        call_id = (await self._handovers.read(start.parameters[TRANSFER_PARAMETER])).order.call_id
        events = await self._log.read(call_id)
        company = self._company(events)
        agreed = company.thinking.dialog.may_record(await self._state(company, call_id, events))
        day = (events[0].at if events else self._now()).date()
        recording = Recording.open(self._data_dir, call_id, day) if agreed else None
        talk = TalkRecord(
            recording,
            lambda utterance: self._parts.speech.heard(utterance.sound, call_id),
            lambda body: self._log.append(call_id, body),
        )
        served = _Served(talk)
        self._serving[start.call_sid] = served
        try:
            await talk.run(websocket, protocol)
        finally:
            if recording is not None:
                await recording.close()
            self._serving.pop(start.call_sid, None)
            served.over.set()
        await talk.written()
        if served.hung_up:
            await self._end(start.call_sid, CallEndReason.PEOPLE)

    async def on_status(self, call_sid: str, status: str) -> None:
        """The carrier reports the call's status. While the stream is open, its end tells better who ended the call."""
        if status not in OVER:
            return
        transfer = await self._handovers.latest_of(call_sid)
        if transfer is not None:
            await self._handovers.caller_left(transfer)
        served = self._serving.get(call_sid)
        if served is not None:
            served.hung_up = True
        else:
            stopped = _stopped(await self._log.read(call_sid))
            await self._end(call_sid, CallEndReason.CALLER if stopped else CallEndReason.CARRIER)

    async def _end_after_stream(self, call_sid: str, session: CallSession, end: StreamEnd) -> None:
        """A stream that broke off, or whose caller is with people, does not end the call."""
        transfer = await self._handovers.latest_of(call_sid)
        if _with_people(transfer):
            return
        if session.finished:
            await self._end(call_sid, CallEndReason.ASSISTANT)
        elif end is StreamEnd.STOPPED:
            if transfer is not None:
                if transfer.may_have_moved:
                    return  # a stream also stops when its caller is taken elsewhere: the call's status tells
                await self._handovers.caller_left(transfer)
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

    async def _state(self, company: Company, call_sid: str, events: list[CallEvent]) -> DialogState:
        """The dialog as the last decision left it, or a fresh one."""
        for event in reversed(events):
            if isinstance(event.body, TurnPlanned):
                return DialogState.model_validate(event.body.state)
        started = next((event.body for event in events if isinstance(event.body, CallStarted)), None)
        caller = started.caller if started is not None else None
        opened_at = events[0].at if events else self._now()
        lately = caller is not None and await self._log.has_called(caller, opened_at - LATELY, but=call_sid)
        facts = CallerFacts(called_lately=lately)
        return company.thinking.dialog.start(
            call_sid, caller, opened_at, self._handovers.reachable_now, facts
        )


def _with_people(transfer: Transfer | None) -> bool:
    """Whether the carrier has taken the call from its stream to people."""
    return transfer is not None and caller_hears(transfer) in WITH_PEOPLE


def first_moment(events: list[CallEvent], transfer: Transfer | None) -> Moment:
    """What a call's stream begins with: a greeting, what came of a transfer, or an apology for having been cut off."""
    if transfer is not None and transfer.outcome in TO_ASSISTANT and not _knows_of(events, transfer):
        return handed_back(transfer)
    return Resumed() if _had_stream(events) else Opened()


def _knows_of(events: list[CallEvent], transfer: Transfer) -> bool:
    """Whether the dialog was told how a transfer ended: then it has planned since."""
    told = False
    for event in events:
        match event.body:
            case TransferEnded(transfer_id=transfer.id):
                told = False
            case TurnPlanned(moment="handed_back"):
                told = True
    return told


def _had_stream(events: list[CallEvent]) -> bool:
    return any(isinstance(event.body, StreamStarted) for event in events)


def _voiceless(events: list[CallEvent]) -> bool:
    return any(isinstance(event.body, PartFailed) and event.body.part == SPEAKING for event in events)


def _stopped(events: list[CallEvent]) -> bool:
    """Whether the carrier ended the last stream, as it does when a caller hangs up."""
    ends = [event.body.reason for event in events if isinstance(event.body, StreamEnded)]
    return bool(ends) and ends[-1] == StreamEnd.STOPPED


def _ended(events: list[CallEvent]) -> bool:
    return any(isinstance(event.body, CallEnded) for event in events)
