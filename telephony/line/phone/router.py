"""The browser phone's page, its socket and its transcript."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from loguru import logger

from telephony.line.leg import LegEnd, Switchboard
from telephony.line.phone.leg import PhoneLeg
from telephony.line.phone.messages import Audio, Dial, HangUp, PhoneMessageError, Press, read
from telephony.line.phone.transcripts import TranscriptSource
from telephony.line.text_messages import TextMessage, TextMessages
from telephony.tasks import Tasks
from web.server_sent import server_sent

STATIC = Path(__file__).with_name("static")
FILES = {
    "phone.css": "text/css",
    "phone.js": "text/javascript",
    "view.js": "text/javascript",
    "audio.js": "text/javascript",
    "mulaw.js": "text/javascript",
    "transcript.js": "text/javascript",
    "capture-worklet.js": "text/javascript",
    "playback-worklet.js": "text/javascript",
}
WRONG_ORIGIN = 4403
MALFORMED = 4400
MOST_TRANSCRIPTS = 100
CALLER = "+15550142000"
"""The number that the page proposes as its own: a customer of the demo shop."""


def create_phone_router(
    switchboard: Switchboard, number: str, transcripts: TranscriptSource | None, messages: TextMessages
) -> APIRouter:
    """The phone's routes; calls go to `switchboard`, text messages to the phone's own number come from `messages`."""
    phone = _Phone(switchboard, number, transcripts, messages)
    router = APIRouter(prefix="/line/phone")
    router.add_api_route("", phone.page, methods=["GET"])
    router.add_api_route("/static/{name}", phone.static, methods=["GET"])
    router.add_api_route("/transcript/{token}", phone.transcript, methods=["GET"])
    router.add_api_websocket_route("/socket", phone.socket)
    return router


class _Phone:
    """What each route does. Knows the calls of its pages only by their tokens."""

    def __init__(
        self,
        switchboard: Switchboard,
        number: str,
        transcripts: TranscriptSource | None,
        messages: TextMessages,
    ) -> None:
        self._switchboard = switchboard
        self._messages = messages
        self._number = number
        self._transcripts = transcripts
        self._tokens: dict[str, str] = {}
        self._template = (STATIC / "phone.html").read_text("utf-8")

    async def page(self, request: Request) -> Response:
        """The page."""
        document = self._template.replace("{{ number }}", escape(self._number, quote=True))
        document = document.replace("{{ caller }}", CALLER)
        return HTMLResponse(document, headers=_security(request.headers.get("host", "")))

    async def static(self, name: str, request: Request) -> Response:
        """One of the page's files."""
        if name not in FILES:
            raise HTTPException(status_code=404)
        headers = {**_security(request.headers.get("host", "")), "Cache-Control": "no-cache"}
        return FileResponse(STATIC / name, media_type=FILES[name], headers=headers)

    async def transcript(self, token: str, request: Request, after: int = 0) -> Response:
        """What is said in the page's call, as server-sent events."""
        call_sid = self._tokens.get(token)
        if call_sid is None or self._transcripts is None:
            raise HTTPException(status_code=404)
        last = request.headers.get("last-event-id", "")
        lines = self._stream(self._transcripts, call_sid, int(last) if last.isdigit() else after)
        return StreamingResponse(lines, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def socket(self, websocket: WebSocket) -> None:
        """One page: one call at a time."""
        if not _same_origin(websocket):
            logger.bind(code="wrong_origin").warning("a phone's socket was refused")
            await websocket.close(code=WRONG_ORIGIN)
            return
        await websocket.accept()
        await _PageSocket(websocket, self._switchboard, self._messages, self._token).serve()

    def _token(self, call_sid: str) -> str:
        token = secrets.token_urlsafe(24)
        self._tokens[token] = call_sid
        while len(self._tokens) > MOST_TRANSCRIPTS:
            del self._tokens[next(iter(self._tokens))]
        return token

    async def _stream(self, source: TranscriptSource, call_sid: str, after: int) -> AsyncIterator[str]:
        async for line in source.follow(call_sid, after):
            yield server_sent("line", line.model_dump(exclude={"seq"}), line.seq)
        yield server_sent("end", {})


class _PageSocket:
    """Carries one page's call between its socket and its leg."""

    def __init__(
        self,
        websocket: WebSocket,
        switchboard: Switchboard,
        messages: TextMessages,
        token: Callable[[str], str],
    ) -> None:
        self._websocket = websocket
        self._switchboard = switchboard
        self._messages = messages
        self._deaf: Callable[[], None] = lambda: None
        """Ends that the page is told of its text messages."""
        self._token = token
        self._leg: PhoneLeg | None = None
        self._outgoing: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        self._tasks = Tasks()

    async def serve(self) -> None:
        """Until the page is gone."""
        writer = asyncio.create_task(self._write())
        try:
            while True:
                message = await self._websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                self._take(message.get("text") or message.get("bytes") or b"")
        except PhoneMessageError as error:
            with suppress(RuntimeError):
                await self._websocket.close(code=MALFORMED, reason=str(error))
        finally:
            if self._leg is not None:
                self._leg.ended(LegEnd.HUNG_UP)
            self._deaf()
            writer.cancel()
            self._tasks.cancel()

    def _take(self, data: str | bytes) -> None:
        message = read(data)
        if isinstance(message, Dial):
            self._dial(message)
        elif self._leg is not None:
            match message:
                case Audio(frame):
                    self._leg.heard(frame)
                case Press(digit):
                    self._leg.pressed(digit)
                case HangUp():
                    self._leg.ended(LegEnd.HUNG_UP)

    def _dial(self, dial: Dial) -> None:
        if self._leg is not None:
            raise PhoneMessageError("there is a call already")
        leg = PhoneLeg(dial.caller, self._outgoing.put_nowait)
        self._leg = leg
        self._deaf()
        self._deaf = self._messages.listen(dial.caller, self._text)
        self._outgoing.put_nowait({"type": "ringing"})
        self._tasks.start(self._ring(leg, dial.number))
        self._tasks.start(self._play(leg))

    async def _ring(self, leg: PhoneLeg, number: str) -> None:
        await self._switchboard.on_incoming(leg, number)
        if leg.call_sid is not None:
            self._outgoing.put_nowait(
                {"type": "call", "call_sid": leg.call_sid, "transcript": self._token(leg.call_sid)}
            )

    def _text(self, message: TextMessage) -> None:
        self._outgoing.put_nowait({"type": "message", "from": message.sender, "text": message.body})

    async def _play(self, leg: PhoneLeg) -> None:
        try:
            while True:
                await self._websocket.send_bytes(await leg.to_page.get())
        except (WebSocketDisconnect, RuntimeError):
            return

    async def _write(self) -> None:
        try:
            while True:
                told = await self._outgoing.get()
                if told["type"] == "ended":
                    self._leg = None
                await self._websocket.send_text(json.dumps(told))
        except (WebSocketDisconnect, RuntimeError):
            return


def _same_origin(websocket: WebSocket) -> bool:
    """Browsers let any page open a socket here, but always say which page it was."""
    origin = urlsplit(websocket.headers.get("origin", ""))
    return origin.scheme in {"http", "https"} and origin.netloc == websocket.headers.get("host", "")


def _security(host: str) -> dict[str, str]:
    safe_host = host if all(one.isalnum() or one in ".:-[]" for one in host) else ""
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self' ws://{safe_host} wss://{safe_host}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        ),
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
