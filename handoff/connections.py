"""Answers the carrier's questions about transfers, and serves the media streams of humans' legs.

What anybody hears follows from the transfer's state; this only brings reports in and the state's consequences out.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Protocol

from fastapi import WebSocket

from calls.events import EventBody, PartFailed, TransferBriefed, TransferKeyed, TransferLeg
from calls.recording import Recording
from handoff.consult.leg import ConsultListener
from handoff.consult.programme import LAST_WORDS
from handoff.transfer.transfers import Transfers
from handoff.transfer.types import (
    CallerEnded,
    CallerLeft,
    CallerMoved,
    CallerPlaced,
    ColdEnded,
    ConferenceEnded,
    ConferenceStarted,
    Joined,
    Kind,
    Left,
    LegAnswered,
    LegAsked,
    LegEnded,
    LegKeyed,
    LegPlaced,
    LegResult,
    LegRinging,
    LegState,
    LegTold,
    Party,
    Transfer,
)
from handoff.transfer.views import CallerHears, LegHears, caller_hears, leg_hears
from telephony.media.messages import Start
from telephony.media.playout import Played
from telephony.media.protocol import StreamProtocol
from telephony.media.serializer import MediaSerializer
from telephony.media.transport import MediaTransport, StreamListener
from telephony.media.ulaw import Pcm
from telephony.tasks import Tasks
from telephony.transfer_routes import LegNext
from telephony.transfer_twiml import AGENT_LABEL, CALLER_LABEL, LEG_PARAMETER, TRANSFER_PARAMETER

SPOKEN_TO = frozenset({LegHears.BRIEFING, *LAST_WORDS})
"""What a human hears over a media stream."""
BUSY_CODES = frozenset({486, 600})
DECLINED_CODES = frozenset({603})
NOT_ANSWERED_CODES = frozenset({408, 487})
"""SIP answers of a telephone that nobody picked up (RFC 3261); what is left is a target that cannot be reached."""
RESULTS = {
    "busy": LegResult.BUSY,
    "no-answer": LegResult.NO_ANSWER,
    "canceled": LegResult.NO_ANSWER,
    "failed": LegResult.UNREACHABLE,
    "completed": LegResult.HUNG_UP,
}
"""By the carrier's final status of a leg."""
PARTIES = {CALLER_LABEL: Party.CALLER, AGENT_LABEL: Party.AGENT}


class Leg(StreamListener, Protocol):
    """The voice of one human's leg (`handoff.consult`), which listens to its stream."""

    async def run(self, transport: MediaTransport) -> object:
        """Serve the stream until it ends."""

    def show(self, view: LegHears) -> None:
        """What is to be heard from now on."""


class Brief(Protocol):
    """What humans are told."""

    async def prepare(self, transfer: Transfer) -> None:
        """Work it out, and its sound, before it is needed."""

    async def leg(self, transfer: Transfer, number: int, listener: ConsultListener) -> Leg:
        """The voice of a leg, with the briefing of its transfer."""

    async def told(self, transfer: Transfer, number: int) -> TransferBriefed:
        """What the human of a leg is told."""


class Connections:
    """The carrier's side of all transfers. `now` gives aware times, `clock` seconds that only grow."""

    def __init__(
        self,
        transfers: Transfers,
        brief: Brief,
        append: Callable[[str, EventBody], Awaitable[object]],
        data_dir: Path,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._transfers = transfers
        self._brief = brief
        self._append = append
        self._data_dir = data_dir
        self._now = now
        self._clock = clock

    # Humans' legs

    async def on_leg_answered(self, transfer_id: str, leg: int, call_sid: str) -> LegNext:
        """Something has answered; the answer may overtake the carrier's word of the leg's name."""
        await self._transfers.report(transfer_id, LegPlaced(at=self._at(), leg=leg, sid=call_sid))
        return _next(await self._transfers.report(transfer_id, LegAnswered(at=self._at(), leg=leg)), leg)

    async def leg_next(self, transfer_id: str, leg: int) -> LegNext:
        """What a leg does next."""
        return _next(await self._transfers.report(transfer_id, LegAsked(at=self._at(), leg=leg)), leg)

    async def leg_left(self, transfer_id: str, leg: int) -> LegNext:
        """What a leg does when its conference is over: it hears why, if there is a reason to tell, or is hung up.

        It never comes in again. The carrier's word of who came may be later than this, and whoever would be sent back
        by what we know would stand in a new conference of the same name, alone.
        """
        after = _next(await self._transfers.read(transfer_id), leg)
        return LegNext.STREAM if after is LegNext.STREAM else LegNext.HANG_UP

    async def on_leg_status(
        self, transfer_id: str, leg: int, call_sid: str, status: str, sip_code: int | None
    ) -> None:
        """The carrier reports on a leg; one whose placing it never confirmed is known by this."""
        await self._transfers.report(transfer_id, LegPlaced(at=self._at(), leg=leg, sid=call_sid))
        if status == "ringing":
            await self._transfers.report(transfer_id, LegRinging(at=self._at(), leg=leg))
        elif (result := leg_result(status, sip_code)) is not None:
            await self._transfers.report(transfer_id, LegEnded(at=self._at(), leg=leg, result=result))

    async def on_leg_stream(self, websocket: WebSocket, start: Start, protocol: StreamProtocol) -> None:
        """Serve a human's leg until its stream ends."""
        number = int(start.parameters[LEG_PARAMETER])
        transfer = await self._transfers.read(start.parameters[TRANSFER_PARAMETER])
        recording = Recording.open(self._data_dir, start.call_sid, self._now().date())
        await self._note_recording(transfer, number, recording.name)
        served = _ServedLeg(self, transfer, number, recording)
        try:
            voice = await self._brief.leg(transfer, number, served)
            serializer = MediaSerializer(start, protocol, origin_sample=recording.next_sample)
            transport = MediaTransport(websocket, serializer, voice, self._clock)
            await served.serve(voice, transport)
        finally:
            await recording.close()

    async def follow_leg(self, transfer_id: str, number: int, voice: Leg) -> None:
        """Have a leg hear what its transfer's state says, as that changes."""
        async with aclosing(self._transfers.follow(transfer_id)) as states:
            async for transfer in states:
                voice.show(leg_hears(transfer, number))

    async def on_key(self, transfer: Transfer, number: int, key: str) -> None:
        """A human has pressed a key."""
        keyed = TransferKeyed(transfer_id=transfer.id, leg=number, key=key)
        await self._append(transfer.order.call_id, keyed)
        await self._transfers.report(transfer.id, LegKeyed(at=self._at(), leg=number, key=key))

    async def note_told(self, transfer: Transfer, number: int) -> None:
        """What a human is told, once that is worked out, for the record of the call."""
        await self._append(transfer.order.call_id, await self._brief.told(transfer, number))

    async def note(self, transfer: Transfer, body: EventBody) -> None:
        """Something for the record of the call."""
        await self._append(transfer.order.call_id, body)

    async def on_told(self, transfer: Transfer, number: int) -> None:
        """A human has heard why the call is not theirs."""
        await self._transfers.report(transfer.id, LegTold(at=self._at(), leg=number))

    # Callers who are called back

    async def on_called(self, transfer_id: str, call_sid: str) -> Transfer:
        """The caller of a call-back has answered. Returns the transfer, which may be over by now."""
        transfer = await self._transfers.read(transfer_id)
        if transfer.outcome is None:
            await self._transfers.report(transfer_id, CallerPlaced(at=self._at(), sid=call_sid))
            transfer = await self._transfers.report(transfer_id, CallerMoved(at=self._at()))
        return transfer

    async def on_called_status(self, transfer_id: str, status: str, sip_code: int | None) -> None:
        """The carrier reports on the leg of a caller who is called back."""
        if (result := leg_result(status, sip_code)) is not None:
            await self._transfers.report(transfer_id, CallerEnded(at=self._at(), result=result))

    async def call_of(self, transfer_id: str) -> str:
        """The call in whose record a transfer stands; a call-back stands in that of the call that it answers."""
        return (await self._transfers.read(transfer_id)).order.call_id

    # The conference, and the caller behind it

    async def on_conference(
        self, transfer_id: str, event: str, conference: str | None, label: str | None
    ) -> None:
        """The carrier reports on the conference."""
        at, party = self._at(), PARTIES.get(label or "")
        match event:
            case "participant-join" if party is not None:
                await self._transfers.report(transfer_id, Joined(at=at, party=party, conference=conference))
            case "participant-leave" if party is not None:
                await self._transfers.report(transfer_id, Left(at=at, party=party))
            case "conference-start":
                await self._transfers.report(transfer_id, ConferenceStarted(at=at))
            case "conference-end":
                await self._transfers.report(transfer_id, ConferenceEnded(at=at, conference=conference))

    async def caller_alone(self, transfer_id: str, form: dict[str, str]) -> tuple[Transfer, CallerHears]:
        """The caller's `<Dial>` is over. Returns the transfer, and what they should hear now."""
        transfer = await self._transfers.read(transfer_id)
        if form.get("CallStatus") == "completed":
            transfer = await self._transfers.report(transfer_id, CallerLeft(at=self._at()))
        elif transfer.order.kind is Kind.COLD:
            answered = form.get("DialCallStatus") in {"completed", "answered"}
            transfer = await self._transfers.report(transfer_id, ColdEnded(at=self._at(), answered=answered))
        elif caller_hears(transfer) is CallerHears.CONFERENCE:
            # The conference's own word of its end may still be on its way.
            ended = ConferenceEnded(at=self._at(), caller_asks=True)
            transfer = await self._transfers.report(transfer_id, ended)
        return transfer, caller_hears(transfer)

    async def _note_recording(self, transfer: Transfer, number: int, name: str) -> None:
        leg = transfer.leg(number)
        if leg is not None:
            noted = TransferLeg(
                transfer_id=transfer.id,
                leg=number,
                target=leg.target.name,
                agent=leg.target.agent,
                state=leg.state,
                sid=leg.sid,
                recording=name,
            )
            await self._append(transfer.order.call_id, noted)

    def _at(self) -> float:
        return self._now().timestamp()


class _ServedLeg:
    """One human's leg while its stream is open: its sound into the recording, what they do to the transfer."""

    def __init__(
        self, connections: Connections, transfer: Transfer, number: int, recording: Recording
    ) -> None:
        self._connections = connections
        self._transfer = transfer
        self._number = number
        self._recording = recording
        self._background = Tasks()

    async def serve(self, voice: Leg, transport: MediaTransport) -> None:
        following = asyncio.create_task(self._connections.follow_leg(self._transfer.id, self._number, voice))
        self._background.start(self._connections.note_told(self._transfer, self._number))
        try:
            await voice.run(transport)
        finally:
            following.cancel()
            await asyncio.wait({following})
            await self._background.finished()

    # What the leg's voice tells

    def on_caller_audio(self, at_sample: int, pcm: Pcm) -> None:
        """The human's sound."""
        self._recording.write_caller(at_sample, pcm)

    def on_played(self, played: Played) -> None:
        """They have heard a piece of ours."""
        self._recording.write_assistant(played.at_sample, played.pcm)

    # What the human does

    def on_key(self, digit: str) -> None:
        """A key that decides something."""
        self._background.start(self._connections.on_key(self._transfer, self._number, digit))

    def on_briefed(self, seconds: float) -> None:
        """The record knows what they are told; whether they hear all of it is theirs."""

    def on_told(self) -> None:
        """The last words were heard."""
        self._background.start(self._connections.on_told(self._transfer, self._number))

    def on_unanswered(self) -> None:
        """Time will end the leg: the table knows how long a key may take."""

    def on_failed(self, code: str) -> None:
        """We have no voice for the human: they hang up, or their time ends. The record says why."""
        failed = PartFailed(part="briefing", code=code)
        self._background.start(self._connections.note(self._transfer, failed))


def _next(transfer: Transfer, leg: int) -> LegNext:
    """What a leg does next, by what its human should hear."""
    view = leg_hears(transfer, leg)
    if view in SPOKEN_TO:
        return LegNext.STREAM
    if view is LegHears.CONFERENCE:
        known = transfer.leg(leg)
        over = known is not None and known.state is LegState.JOINED
        return LegNext.HANG_UP if over else LegNext.JOIN
    return LegNext.WAIT if view is LegHears.CONNECTING else LegNext.HANG_UP


def leg_result(status: str, sip_code: int | None) -> LegResult | None:
    """Why a leg is over, by the carrier's status and the SIP answer; None while it is not."""
    result = RESULTS.get(status)
    if result is LegResult.BUSY and sip_code in DECLINED_CODES:
        return LegResult.DECLINED
    if result is LegResult.UNREACHABLE and sip_code in BUSY_CODES:
        return LegResult.BUSY
    if result is LegResult.UNREACHABLE and sip_code in NOT_ANSWERED_CODES:
        return LegResult.NO_ANSWER
    return result
