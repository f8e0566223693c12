"""The carrier's end of one media stream's socket: messages out in order, `stop` last (facts: messages)."""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from loguru import logger
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from telephony.tasks import Tasks

MOST_UNSENT = 250
"""Messages of each track that may wait for a server that does not read: five seconds."""
OPEN_TIMEOUT_S = 5.0
CLOSE_TIMEOUT_S = 1.0
"""A server gets so long to take what was not sent yet, and then so long to close."""
Sign = Callable[[str], str]
"""The signature of a socket's address."""


class StreamOutcome(StrEnum):
    """How a stream ended. Names never change meaning."""

    STOPPED = "stopped"
    """The call ended, went on elsewhere, or stopped the stream."""
    CLOSED_BY_SERVER = "closed_by_server"
    REFUSED = "refused"
    """The server did not accept the stream (31920)."""
    UNREACHABLE = "unreachable"
    """(31901)"""
    MALFORMED = "malformed"
    """The server sent something that is no message (31924)."""
    STALLED = "stalled"
    """The server does not read what we send."""


ERROR_CODES = {
    StreamOutcome.REFUSED: 31920,
    StreamOutcome.UNREACHABLE: 31901,
    StreamOutcome.MALFORMED: 31924,
    StreamOutcome.STALLED: 31924,
}


@dataclass(frozen=True)
class StreamOpening:
    """What a stream says of itself in `start`."""

    url: str
    stream_sid: str
    call_sid: str
    account_sid: str
    tracks: tuple[str, ...]
    parameters: dict[str, str]


class StreamWire:
    """One socket to the customer's server."""

    def __init__(self, opening: StreamOpening, sign: Sign, take: Callable[[str | bytes], bool]) -> None:
        """`take` is given each message of the server's, and says whether it was one."""
        self.opening = opening
        self._sign = sign
        self._take = take
        self._unsent: asyncio.Queue[dict[str, object]] = asyncio.Queue(MOST_UNSENT * len(opening.tracks))
        self._sequence = 0
        self._chunks: dict[str, int] = {}
        self._stalled = asyncio.Event()
        self._stop = asyncio.Event()
        self._drop = asyncio.Event()
        self._closing = Tasks()
        self.open = False

    def stop(self) -> None:
        """Say `stop` and close."""
        self._stop.set()

    def drop(self) -> None:
        """Lose the connection without a word, as a network does."""
        self._drop.set()

    def send(self, event: str, content: object) -> None:
        """Queue one message."""
        try:
            self._unsent.put_nowait(self._message(event, content))
        except asyncio.QueueFull:
            self.open = False
            self._stalled.set()

    def send_media(self, track: str, frame: bytes) -> None:
        """Queue 20 ms of one track."""
        chunk = self._chunks[track] = self._chunks.get(track, 0) + 1
        payload = base64.b64encode(frame).decode("ascii")
        timestamp = str((chunk - 1) * 20)
        self.send("media", {"track": track, "chunk": str(chunk), "timestamp": timestamp, "payload": payload})

    async def run(self, on_started: Callable[[], None]) -> StreamOutcome:
        """Connect and serve until either side ends it; `stop` ends the connecting too."""
        connecting = asyncio.create_task(self._connect())
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({connecting, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not connecting.done():
                return StreamOutcome.STOPPED
            socket = connecting.result()
        finally:
            stopped.cancel()
            connecting.cancel()
            await asyncio.wait({connecting})
        if isinstance(socket, StreamOutcome):
            return socket
        try:
            return await self._serve(socket, on_started)
        finally:
            # The call does not wait for a server that is slow to say goodbye.
            self._closing.start(socket.close())

    async def _connect(self) -> ClientConnection | StreamOutcome:
        url = self.opening.url
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                return await connect(
                    url,
                    additional_headers={"x-twilio-signature": self._sign(url)},
                    open_timeout=OPEN_TIMEOUT_S,
                    proxy=None,
                    close_timeout=CLOSE_TIMEOUT_S,
                )
        except InvalidHandshake:
            return StreamOutcome.REFUSED
        except (OSError, TimeoutError):
            return StreamOutcome.UNREACHABLE

    async def _serve(self, socket: ClientConnection, on_started: Callable[[], None]) -> StreamOutcome:
        self._begin()
        on_started()
        writer = asyncio.create_task(self._write(socket))
        reader = asyncio.create_task(self._read(socket))
        ends = [asyncio.create_task(one.wait()) for one in (self._stalled, self._stop, self._drop)]
        outcome = StreamOutcome.STOPPED
        try:
            await asyncio.wait({writer, reader, *ends}, return_when=asyncio.FIRST_COMPLETED)
            outcome = self._outcome(reader)
            return outcome
        finally:
            self.open = False
            for task in (writer, reader, *ends):
                task.cancel()
            await asyncio.wait({writer, reader, *ends})
            if outcome is StreamOutcome.STOPPED:
                await self._say_stop(socket)
            elif self._drop.is_set():
                socket.transport.abort()

    def _outcome(self, reader: asyncio.Task[StreamOutcome]) -> StreamOutcome:
        if self._stop.is_set():
            return StreamOutcome.STOPPED
        if self._stalled.is_set():
            return StreamOutcome.STALLED
        return reader.result() if reader.done() else StreamOutcome.CLOSED_BY_SERVER

    def _begin(self) -> None:
        opening = self.opening
        self._unsent.put_nowait({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        start = {
            "streamSid": opening.stream_sid,
            "accountSid": opening.account_sid,
            "callSid": opening.call_sid,
            "tracks": list(opening.tracks),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": opening.parameters,
        }
        self.send("start", start)
        self.open = True

    def _message(self, event: str, content: object) -> dict[str, object]:
        self._sequence += 1
        return {
            "event": event,
            "sequenceNumber": str(self._sequence),
            "streamSid": self.opening.stream_sid,
            event: content,
        }

    async def _write(self, socket: ClientConnection) -> None:
        try:
            while True:
                await socket.send(json.dumps(await self._unsent.get()))
        except ConnectionClosed:
            return

    async def _say_stop(self, socket: ClientConnection) -> None:
        """What was not sent yet, then `stop`."""
        opening = self.opening
        stop = self._message("stop", {"accountSid": opening.account_sid, "callSid": opening.call_sid})
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                while not self._unsent.empty():
                    await socket.send(json.dumps(self._unsent.get_nowait()))
                await socket.send(json.dumps(stop))
        except (ConnectionClosed, TimeoutError):
            return

    async def _read(self, socket: ClientConnection) -> StreamOutcome:
        try:
            async for data in socket:
                if not self._take(data):
                    logger.bind(call=self.opening.call_sid, code=31924).warning(
                        "a stream's server sent no message"
                    )
                    return StreamOutcome.MALFORMED
        except ConnectionClosed:
            pass
        return StreamOutcome.CLOSED_BY_SERVER
