"""The routes that the carrier calls: voice and status webhooks, and the media socket.

They speak HTTP and Twilio and decide nothing else: what a call means is the `CallDesk`'s business.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from fastapi import APIRouter, Request, Response, WebSocket

from telephony import twiml
from telephony.media.messages import Start
from telephony.media.opening import open_stream
from telephony.media.protocol import StreamProtocol
from telephony.signature import SignatureCheck
from telephony.signed import SignedForms, refused, required
from telephony.tokens import StreamTokens
from telephony.twiml import MEDIA_PATH, RESUME_PATH, STATUS_PATH, CallTwiml

VOICE_PATH = "/twilio/voice"
BUSY_PATH = "/twilio/busy"
BUSY = (
    "All our lines are busy at the moment. Please stay on the line and I will be with you as soon as I can,"
    " or press 1 and we will call you back."
)
STILL_BUSY = "All lines are still busy. Please stay on the line, or press 1 and we will call you back."
WILL_CALL_BACK = "Thank you. We will call you back at the number you are calling from. Goodbye."
NO_CALL_BACK = "I'm sorry, that did not work. Please stay on the line, or call again later."
BETWEEN_TRIES_S = 8
CALL_BACK_KEY = "1"
SORRY = "We are sorry, something went wrong on our side. Please call again in a few minutes."


@dataclass(frozen=True)
class IncomingCall:
    """What the voice webhook says of a call."""

    call_sid: str
    caller: str | None
    callee: str | None
    direction: str


class AfterStream(StrEnum):
    """What becomes of a call whose media stream has ended. Names never change meaning."""

    CONNECT = "connect"
    """The stream ended without our will: connect the call again."""
    APOLOGISE = "apologise"
    """We cannot go on: the carrier's own voice says so."""
    PEOPLE = "people"
    """The call is its people's: it goes on in a conference, or with a target."""
    HANG_UP = "hang_up"
    """Everything was said."""


class CallDesk(Protocol):
    """What the server does with calls."""

    async def on_call(self, call: IncomingCall) -> bool:
        """A call has come in. Returns whether it can be served well now."""

    async def may_connect(self, call_sid: str) -> bool:
        """A call that had to wait asks again."""

    async def call_back(self, call_sid: str) -> bool:
        """A call that had to wait would rather be called back. Returns whether that is promised."""

    async def after_stream(self, call_sid: str) -> AfterStream:
        """The call's stream has ended and the call goes on: what now?"""

    async def people_document(self, call_sid: str) -> str:
        """The TwiML of a call that is its people's."""

    async def on_stream(self, websocket: WebSocket, start: Start, protocol: StreamProtocol) -> None:
        """Serve an admitted stream until it ends."""

    async def on_status(self, call_sid: str, status: str) -> None:
        """The carrier reports the call's status."""


def create_router(
    desk: CallDesk, check: SignatureCheck, tokens: StreamTokens, documents: CallTwiml, public_url: str
) -> APIRouter:
    """The carrier's routes for one server."""
    routes = _Routes(desk, check, tokens, documents, public_url)
    router = APIRouter()
    router.add_api_route(VOICE_PATH, routes.voice, methods=["POST"])
    router.add_api_route(BUSY_PATH, routes.busy, methods=["POST"])
    router.add_api_route(RESUME_PATH, routes.resume, methods=["POST"])
    router.add_api_route(STATUS_PATH, routes.status, methods=["POST"])
    router.add_api_websocket_route(MEDIA_PATH, routes.media)
    return router


class _Routes:
    """What each route does."""

    def __init__(
        self,
        desk: CallDesk,
        check: SignatureCheck,
        tokens: StreamTokens,
        documents: CallTwiml,
        public_url: str,
    ) -> None:
        self._desk = desk
        self._check = check
        self._tokens = tokens
        self._documents = documents
        self._public_url = public_url
        self._forms = SignedForms(check)

    async def voice(self, request: Request) -> Response:
        """A call has come in: greet it over our media stream."""
        form = await self._forms.read(request, repeatable=True)
        call_sid = required(form, "CallSid")
        if not self._forms.first(f"voice {call_sid}"):
            raise refused(request, form, "repeated")
        accepted = await self._desk.on_call(
            IncomingCall(call_sid, form.get("From"), form.get("To"), form.get("Direction", "inbound"))
        )
        return self._connect(call_sid) if accepted else self._wait(BUSY)

    async def busy(self, request: Request) -> Response:
        """A call that found no free line: it has waited, or wants to be called back."""
        form = await self._forms.read(request)
        call_sid = required(form, "CallSid")
        if form.get("Digits") == CALL_BACK_KEY:
            promised = await self._desk.call_back(call_sid)
            return _xml(twiml.say_and_hang_up(WILL_CALL_BACK)) if promised else self._wait(NO_CALL_BACK)
        return self._connect(call_sid) if await self._desk.may_connect(call_sid) else self._wait(STILL_BUSY)

    async def resume(self, request: Request) -> Response:
        """The media stream has ended: connect again what broke off, hang up what was finished."""
        form = await self._forms.read(request)
        call_sid = required(form, "CallSid")
        match await self._desk.after_stream(call_sid):
            case AfterStream.CONNECT:
                return self._connect(call_sid)
            case AfterStream.APOLOGISE:
                return _xml(twiml.say_and_hang_up(SORRY))
            case AfterStream.PEOPLE:
                return _xml(await self._desk.people_document(call_sid))
            case AfterStream.HANG_UP:
                return _xml(twiml.hang_up())

    async def status(self, request: Request) -> Response:
        """The carrier reports on the call, or on its stream."""
        form = await self._forms.read(request)
        if "CallStatus" in form and "StreamSid" not in form:
            await self._desk.on_status(required(form, "CallSid"), form["CallStatus"])
        return Response(status_code=204)

    async def media(self, websocket: WebSocket) -> None:
        """A media stream opens."""
        opened = await open_stream(websocket, MEDIA_PATH, self._check, self._admitted)
        if opened is not None:
            await self._desk.on_stream(websocket, *opened)

    def _wait(self, sentence: str) -> Response:
        return _xml(twiml.wait_or_be_called_back(sentence, BETWEEN_TRIES_S, self._public_url + BUSY_PATH))

    def _connect(self, call_sid: str) -> Response:
        return _xml(self._documents.connect(call_sid))

    def _admitted(self, start: Start) -> bool:
        return self._tokens.redeem(start.parameters.get(twiml.TOKEN_PARAMETER, ""), start.call_sid)


def _xml(document: str) -> Response:
    return Response(document, media_type="application/xml")
