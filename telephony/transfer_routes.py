"""The routes that the carrier calls about transfers: legs of humans, conferences, and their media sockets.

They speak HTTP and Twilio and decide nothing: what is to be heard is the `TransferDesk`'s business.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol

from fastapi import APIRouter, HTTPException, Request, Response, WebSocket

from telephony import twiml
from telephony.media.messages import Start
from telephony.media.opening import open_stream
from telephony.media.protocol import StreamProtocol
from telephony.signature import SignatureCheck
from telephony.signed import SignedForms, required
from telephony.tokens import StreamTokens
from telephony.transfer_twiml import (
    CALLED_PATH,
    CALLER_PATH,
    CONFERENCE_PATH,
    HOLD_PATH,
    HOLD_SOUND_PATH,
    LEG_MEDIA_PATH,
    LEG_PARAMETER,
    LEG_PATH,
    TALK_MEDIA_PATH,
    TRANSFER_PARAMETER,
    TransferTwiml,
)


class LegNext(StrEnum):
    """What becomes of a human's leg. Names never change meaning."""

    STREAM = "stream"
    WAIT = "wait"
    JOIN = "join"
    HANG_UP = "hang_up"


class TransferDesk(Protocol):
    """What the server does with transfers. A transfer that nobody knows raises `LookupError`."""

    async def on_leg_answered(self, transfer_id: str, leg: int, call_sid: str) -> LegNext:
        """Something has answered a human's leg."""

    async def leg_left(self, transfer_id: str, leg: int) -> LegNext:
        """What a human's leg does after the conference: it never comes into it again."""

    async def leg_next(self, transfer_id: str, leg: int) -> LegNext:
        """A human's leg asks what to do."""

    async def on_leg_status(
        self, transfer_id: str, leg: int, call_sid: str, status: str, sip_code: int | None
    ) -> None:
        """The carrier reports on a human's leg."""

    async def called_document(self, transfer_id: str, call_sid: str) -> str:
        """A caller who is called back has answered."""

    async def on_called_status(self, transfer_id: str, status: str, sip_code: int | None) -> None:
        """The carrier reports on the leg of a caller who is called back."""

    async def on_conference(
        self, transfer_id: str, event: str, conference: str | None, label: str | None
    ) -> None:
        """The carrier reports on the conference; `conference` is its sid, `label` who came or left."""

    async def caller_document(self, transfer_id: str, call_sid: str, form: dict[str, str]) -> str:
        """The caller's part in the conference, or with a cold target, is over, or they have keyed something."""

    async def survey_document(self, transfer_id: str, call_sid: str, state: str, digits: str) -> str:
        """The caller was asked how it was, and has keyed something or nothing."""

    async def on_leg_stream(self, websocket: WebSocket, start: Start, protocol: StreamProtocol) -> None:
        """Serve a human's leg until its stream ends."""

    async def on_talk_stream(self, websocket: WebSocket, start: Start, protocol: StreamProtocol) -> None:
        """Keep what caller and human say until the stream ends."""

    def hold_sound(self) -> bytes:
        """The hold music as a WAV file."""


def create_transfer_router(
    desk: TransferDesk, check: SignatureCheck, tokens: StreamTokens, documents: TransferTwiml
) -> APIRouter:
    """The carrier's routes about transfers, for one server."""
    routes = _Routes(desk, check, tokens, documents)
    router = APIRouter()
    router.add_api_route(LEG_PATH + "/{transfer_id}/{leg}", routes.leg, methods=["POST"])
    router.add_api_route(LEG_PATH + "/{transfer_id}/{leg}/next", routes.leg_next, methods=["POST"])
    router.add_api_route(LEG_PATH + "/{transfer_id}/{leg}/left", routes.leg_left, methods=["POST"])
    router.add_api_route(LEG_PATH + "/{transfer_id}/{leg}/status", routes.leg_status, methods=["POST"])
    router.add_api_route(CALLED_PATH + "/{transfer_id}", routes.called, methods=["POST"])
    router.add_api_route(CALLED_PATH + "/{transfer_id}/status", routes.called_status, methods=["POST"])
    router.add_api_route(CONFERENCE_PATH + "/{transfer_id}", routes.conference, methods=["POST"])
    router.add_api_route(CALLER_PATH + "/{transfer_id}", routes.caller, methods=["POST"])
    router.add_api_route(CALLER_PATH + "/{transfer_id}/survey/{state}", routes.survey, methods=["POST"])
    router.add_api_route(HOLD_PATH, routes.hold, methods=["GET"])
    router.add_api_route(HOLD_SOUND_PATH, routes.hold_sound, methods=["GET"])
    router.add_api_websocket_route(LEG_MEDIA_PATH, routes.leg_media)
    router.add_api_websocket_route(TALK_MEDIA_PATH, routes.talk_media)
    return router


class _Routes:
    """What each route does."""

    def __init__(
        self, desk: TransferDesk, check: SignatureCheck, tokens: StreamTokens, documents: TransferTwiml
    ) -> None:
        self._desk = desk
        self._check = check
        self._tokens = tokens
        self._documents = documents
        self._forms = SignedForms(check)

    async def leg(self, request: Request, transfer_id: str, leg: int) -> Response:
        """A human's leg was answered."""
        form = await self._forms.read(request)
        call_sid = required(form, "CallSid")
        with _known():
            return self._leg(
                transfer_id, leg, call_sid, await self._desk.on_leg_answered(transfer_id, leg, call_sid)
            )

    async def leg_next(self, request: Request, transfer_id: str, leg: int) -> Response:
        """Its stream or its wait is over."""
        return await self._goes_on(request, transfer_id, leg, self._desk.leg_next)

    async def leg_left(self, request: Request, transfer_id: str, leg: int) -> Response:
        """Its conference is over."""
        return await self._goes_on(request, transfer_id, leg, self._desk.leg_left)

    async def leg_status(self, request: Request, transfer_id: str, leg: int) -> Response:
        """It rings, was answered, or is over."""
        form = await self._forms.read(request)
        call_sid = required(form, "CallSid")
        with _known():
            await self._desk.on_leg_status(
                transfer_id, leg, call_sid, form.get("CallStatus", ""), _sip_code(form)
            )
        return Response(status_code=204)

    async def called(self, request: Request, transfer_id: str) -> Response:
        """A caller who is called back has answered."""
        form = await self._forms.read(request)
        with _known():
            return _xml(await self._desk.called_document(transfer_id, required(form, "CallSid")))

    async def called_status(self, request: Request, transfer_id: str) -> Response:
        """Their telephone rings, or their leg is over."""
        form = await self._forms.read(request)
        with _known():
            await self._desk.on_called_status(transfer_id, form.get("CallStatus", ""), _sip_code(form))
        return Response(status_code=204)

    async def conference(self, request: Request, transfer_id: str) -> Response:
        """Somebody came or left, or it began or ended."""
        form = await self._forms.read(request)
        with _known():
            await self._desk.on_conference(
                transfer_id,
                form.get("StatusCallbackEvent", ""),
                form.get("ConferenceSid"),
                form.get("ParticipantLabel"),
            )
        return Response(status_code=204)

    async def caller(self, request: Request, transfer_id: str) -> Response:
        """The caller is alone again."""
        form = await self._forms.read(request)
        with _known():
            return _xml(await self._desk.caller_document(transfer_id, required(form, "CallSid"), form))

    async def survey(self, request: Request, transfer_id: str, state: str) -> Response:
        """A question of the survey was answered, or not."""
        form = await self._forms.read(request)
        call_sid = required(form, "CallSid")
        with _known():
            return _xml(
                await self._desk.survey_document(transfer_id, call_sid, state, form.get("Digits", ""))
            )

    async def hold(self, request: Request) -> Response:
        """The caller waits in the conference."""
        await self._forms.read(request)
        return _xml(self._documents.hold())

    async def hold_sound(self) -> Response:
        """Music, which is nobody's secret: the carrier fetches it without a signature."""
        return Response(
            self._desk.hold_sound(), media_type="audio/wav", headers={"Cache-Control": "max-age=86400"}
        )

    async def leg_media(self, websocket: WebSocket) -> None:
        """A human's media stream opens."""
        opened = await self._opened(websocket, LEG_MEDIA_PATH, {TRANSFER_PARAMETER, LEG_PARAMETER})
        if opened is not None:
            await self._desk.on_leg_stream(websocket, *opened)

    async def talk_media(self, websocket: WebSocket) -> None:
        """The one-way stream of a conversation opens."""
        opened = await self._opened(websocket, TALK_MEDIA_PATH, {TRANSFER_PARAMETER})
        if opened is not None:
            await self._desk.on_talk_stream(websocket, *opened)

    async def _opened(
        self, websocket: WebSocket, path: str, needs: set[str]
    ) -> tuple[Start, StreamProtocol] | None:
        return await open_stream(websocket, path, self._check, lambda start: self._admitted(start, needs))

    def _admitted(self, start: Start, needs: set[str]) -> bool:
        token = start.parameters.get(twiml.TOKEN_PARAMETER, "")
        return needs <= set(start.parameters) and self._tokens.redeem(token, start.call_sid)

    async def _goes_on(
        self, request: Request, transfer_id: str, leg: int, then: Callable[[str, int], Awaitable[LegNext]]
    ) -> Response:
        form = await self._forms.read(request)
        with _known():
            return self._leg(transfer_id, leg, required(form, "CallSid"), await then(transfer_id, leg))

    def _leg(self, transfer_id: str, leg: int, call_sid: str, then: LegNext) -> Response:
        match then:
            case LegNext.STREAM:
                return _xml(self._documents.leg_stream(transfer_id, leg, call_sid))
            case LegNext.WAIT:
                return _xml(self._documents.leg_waits(transfer_id, leg))
            case LegNext.JOIN:
                return _xml(self._documents.leg_joins(transfer_id, leg))
            case LegNext.HANG_UP:
                return _xml(twiml.hang_up())


class _known:  # noqa: N801 - read as a word of the sentence
    """Answers 404 where nobody knows the transfer."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, LookupError):
            raise HTTPException(status_code=404, detail="unknown_transfer") from None


def _sip_code(form: dict[str, str]) -> int | None:
    code = form.get("SipResponseCode", "")
    return int(code) if code.isdigit() else None


def _xml(document: str) -> Response:
    return Response(document, media_type="application/xml")
