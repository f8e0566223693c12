"""The carrier's end of one two-way media stream (facts: messages, buffering, marks, `clear`)."""

import asyncio
import base64
import binascii
import json
from collections.abc import Callable
from enum import StrEnum

from loguru import logger
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from telephony.line.document import ConnectStream
from telephony.line.playqueue import PlayQueue

MOST_UNSENT = 250
"""Messages that may wait for a server that does not read: five seconds."""
OPEN_TIMEOUT_S = 5.0
MOST_QUEUED_BYTES = 8000 * 60 * 20
"""Twenty minutes of sound; nobody sends more by intention."""


class StreamOutcome(StrEnum):
    """How a stream ended. Names never change meaning."""

    STOPPED = "stopped"
    """The call ended, or went on elsewhere."""
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


class MediaStream:
    """One stream of one call. A `Source`: the call's beat drives its sound both ways."""

    def __init__(
        self,
        verb: ConnectStream,
        stream_sid: str,
        call_sid: str,
        account_sid: str,
        sign: Callable[[str], str],
    ) -> None:
        self.stream_sid = stream_sid
        self.verb = verb
        self._call_sid = call_sid
        self._account_sid = account_sid
        self._sign = sign
        self._queue = PlayQueue()
        self._unsent: asyncio.Queue[dict[str, object]] = asyncio.Queue(MOST_UNSENT)
        self._sequence = 0
        self._chunk = 0
        self._open = False
        self._stalled = asyncio.Event()
        self._stop = asyncio.Event()

    def exchange(self, heard: bytes) -> bytes | None:
        """One beat: the caller's 20 ms to the server, and 20 ms of what it has sent to the caller."""
        if not self._open:
            return None
        self._chunk += 1
        self._send(
            "media",
            {
                "track": "inbound",
                "chunk": str(self._chunk),
                "timestamp": str((self._chunk - 1) * 20),
                "payload": base64.b64encode(heard).decode("ascii"),
            },
        )
        frame = self._queue.next_frame()
        self._return(self._queue.due_marks())
        return frame

    def press(self, digit: str) -> None:
        """The caller has pressed a key."""
        if self._open:
            self._send("dtmf", {"track": "inbound_track", "digit": digit})

    def stop(self) -> None:
        """The call has ended or goes on elsewhere: say so and close."""
        self._stop.set()

    async def run(self, on_started: Callable[[], None]) -> StreamOutcome:
        """Connect and serve until either side ends it. Cancelling says `stop` to the server first."""
        url = self.verb.url
        try:
            async with asyncio.timeout(OPEN_TIMEOUT_S):
                socket = await connect(
                    url,
                    additional_headers={"x-twilio-signature": self._sign(url)},
                    open_timeout=OPEN_TIMEOUT_S,
                    proxy=None,
                    close_timeout=1,
                )
        except InvalidHandshake:
            return StreamOutcome.REFUSED
        except (OSError, TimeoutError):
            return StreamOutcome.UNREACHABLE
        async with socket:
            return await self._serve(socket, on_started)

    async def _serve(self, socket: ClientConnection, on_started: Callable[[], None]) -> StreamOutcome:
        self._begin()
        on_started()
        writer = asyncio.create_task(self._write(socket))
        reader = asyncio.create_task(self._read(socket))
        stalled = asyncio.create_task(self._stalled.wait())
        stopped = asyncio.create_task(self._stop.wait())
        tasks = {writer, reader, stalled, stopped}
        outcome = StreamOutcome.STOPPED
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            outcome = self._outcome(reader, stalled, stopped)
            return outcome
        finally:
            self._open = False
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            if outcome is StreamOutcome.STOPPED:
                await self._say_stop(socket)

    def _outcome(
        self, reader: asyncio.Task[StreamOutcome], stalled: asyncio.Task[bool], stopped: asyncio.Task[bool]
    ) -> StreamOutcome:
        if stopped.done():
            return StreamOutcome.STOPPED
        if stalled.done():
            return StreamOutcome.STALLED
        return reader.result() if reader.done() else StreamOutcome.CLOSED_BY_SERVER

    def _begin(self) -> None:
        self._unsent.put_nowait({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        start = {
            "streamSid": self.stream_sid,
            "accountSid": self._account_sid,
            "callSid": self._call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": self.verb.parameters,
        }
        self._send("start", start)
        self._open = True

    def _send(self, event: str, content: object) -> None:
        try:
            self._unsent.put_nowait(self._message(event, content))
        except asyncio.QueueFull:
            self._open = False
            self._stalled.set()

    def _message(self, event: str, content: object) -> dict[str, object]:
        self._sequence += 1
        return {
            "event": event,
            "sequenceNumber": str(self._sequence),
            "streamSid": self.stream_sid,
            event: content,
        }

    async def _write(self, socket: ClientConnection) -> None:
        try:
            while True:
                await socket.send(json.dumps(await self._unsent.get()))
        except ConnectionClosed:
            return

    async def _say_stop(self, socket: ClientConnection) -> None:
        """What was not sent yet, then `stop`. The server gets a second to take it."""
        stop = self._message("stop", {"accountSid": self._account_sid, "callSid": self._call_sid})
        try:
            async with asyncio.timeout(1):
                while not self._unsent.empty():
                    await socket.send(json.dumps(self._unsent.get_nowait()))
                await socket.send(json.dumps(stop))
        except (ConnectionClosed, TimeoutError):
            return

    async def _read(self, socket: ClientConnection) -> StreamOutcome:
        try:
            async for data in socket:
                if not self._take(data):
                    logger.bind(call=self._call_sid, code=31924).warning("a stream's server sent no message")
                    return StreamOutcome.MALFORMED
        except ConnectionClosed:
            pass
        return StreamOutcome.CLOSED_BY_SERVER

    def _take(self, data: str | bytes) -> bool:
        """One message of the server's; False when it is none."""
        try:
            message = json.loads(data)
            event = message["event"]
            if message.get("streamSid") != self.stream_sid:
                return False
            match event:
                case "media":
                    self._queue.add(base64.b64decode(message["media"]["payload"], validate=True))
                case "mark":
                    self._return(self._queue.mark(str(message["mark"]["name"])))
                case "clear":
                    self._return(self._queue.clear())
                case _:
                    return False
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            return False
        return len(self._queue) <= MOST_QUEUED_BYTES

    def _return(self, marks: list[str]) -> None:
        for name in marks:
            self._send("mark", {"name": name})
