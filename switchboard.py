"""Answers all that the carrier asks about transfers: humans' legs, conferences, and callers who come out of them."""

from collections.abc import Awaitable, Callable

from fastapi import WebSocket

from calls.events import EventBody
from dialog.schema.queues import Survey
from handoff.after.survey import Goodbye, Question, SurveyState, answered, first_question
from handoff.connections import Connections
from handoff.transfer.carrier import CALLED_IN_VAIN
from handoff.transfer.types import Kind, Outcome, Transfer
from handoff.transfer.views import CallerHears, caller_hears
from reception import Reception
from telephony import twiml
from telephony.media.messages import Start
from telephony.media.protocol import StreamProtocol
from telephony.transfer_routes import LegNext
from telephony.transfer_twiml import TALK_STREAM, TransferTwiml
from telephony.twiml import CallTwiml


class Switchboard:
    """A `TransferDesk`. `document` gives the TwiML of a caller who is with people."""

    def __init__(
        self,
        connections: Connections,
        reception: Reception,
        calls: CallTwiml,
        transfers: TransferTwiml,
        document: Callable[[Transfer], str],
        append: Callable[[str, EventBody], Awaitable[object]],
        survey: Callable[[], Survey],
        sound: bytes,
    ) -> None:
        """`sound` is the hold music as a WAV file."""
        self._connections = connections
        self._reception = reception
        self._calls = calls
        self._transfers = transfers
        self._document = document
        self._append = append
        self._survey = survey
        self._sound = sound

    async def on_leg_answered(self, transfer_id: str, leg: int, call_sid: str) -> LegNext:
        """Something has answered a human's leg."""
        return await self._connections.on_leg_answered(transfer_id, leg, call_sid)

    async def leg_next(self, transfer_id: str, leg: int) -> LegNext:
        """A human's leg asks what to do."""
        return await self._connections.leg_next(transfer_id, leg)

    async def leg_left(self, transfer_id: str, leg: int) -> LegNext:
        """What a human's leg does after the conference."""
        return await self._connections.leg_left(transfer_id, leg)

    async def on_leg_status(
        self, transfer_id: str, leg: int, call_sid: str, status: str, sip_code: int | None
    ) -> None:
        """The carrier reports on a human's leg."""
        await self._connections.on_leg_status(transfer_id, leg, call_sid, status, sip_code)

    async def called_document(self, transfer_id: str, call_sid: str) -> str:
        """A caller who is called back has answered: they come into the conference, if somebody is there for them."""
        transfer = await self._connections.on_called(transfer_id, call_sid)
        connects = caller_hears(transfer) is CallerHears.CONFERENCE
        return self._document(transfer) if connects else CALLED_IN_VAIN

    async def on_called_status(self, transfer_id: str, status: str, sip_code: int | None) -> None:
        """The carrier reports on the leg of a caller who is called back."""
        await self._connections.on_called_status(transfer_id, status, sip_code)

    async def on_conference(
        self, transfer_id: str, event: str, conference: str | None, label: str | None
    ) -> None:
        """The carrier reports on the conference."""
        await self._connections.on_conference(transfer_id, event, conference, label)

    async def caller_document(self, transfer_id: str, call_sid: str, form: dict[str, str]) -> str:
        """The caller is alone again: with the assistant, with the next target, or with the survey."""
        transfer, hears = await self._connections.caller_alone(transfer_id, form)
        match hears:
            case CallerHears.ASSISTANT:
                return self._calls.connect(call_sid, TALK_STREAM)
            case CallerHears.CONFERENCE | CallerHears.TARGET:
                return self._document(transfer)
        talked = transfer.outcome in {Outcome.CONNECTED, Outcome.PUT_THROUGH}
        if transfer.order.kind is Kind.CALL_BACK and not talked:
            return CALLED_IN_VAIN
        question = first_question(self._survey()) if talked else None
        return self._ask(transfer_id, question) if question is not None else twiml.hang_up()

    async def survey_document(self, transfer_id: str, call_sid: str, state: str, digits: str) -> str:
        """What follows a question of the survey."""
        try:
            asked = SurveyState.of(state)
        except ValueError:
            raise LookupError(state) from None
        follows, event = answered(self._survey(), asked, digits)
        if event is not None:
            await self._append(await self._connections.call_of(transfer_id), event)
        if isinstance(follows, Goodbye):
            return twiml.say_and_hang_up(*follows.sentences)
        return self._ask(transfer_id, follows)

    async def on_leg_stream(self, websocket: WebSocket, start: Start, protocol: StreamProtocol) -> None:
        """Serve a human's leg."""
        await self._connections.on_leg_stream(websocket, start, protocol)

    async def on_talk_stream(self, websocket: WebSocket, start: Start, protocol: StreamProtocol) -> None:
        """Keep what caller and human say."""
        await self._reception.on_talk(websocket, start, protocol)

    def hold_sound(self) -> bytes:
        """The hold music as a WAV file."""
        return self._sound

    def _ask(self, transfer_id: str, question: Question) -> str:
        url = self._transfers.survey_url(transfer_id, question.state.code)
        return twiml.ask_for_key(question.sentences, question.wait_s, url, TALK_STREAM)
