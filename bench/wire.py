"""One caller at the carrier's end of a media stream, in real time: sends sound, plays what comes, keeps the times.

Plays as a carrier does: a queue in frames of 20 ms, marks returned when what lies before them has been played, all at
once on `clear`. Times are seconds on the event loop's clock; sound is int16 mono 8 kHz.
"""

import asyncio
import base64
import json
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from telephony.media import ulaw

RATE = 8000
FRAME = 160
TICK_S = 0.02
AUDIBLE = 100.0
"""Root mean square of a frame with something to hear in it: -50 dBFS, 22 dB below the callers' mean level."""
LINE_NOISE = 4.0

Sound = NDArray[np.int16]


@dataclass
class _Queued:
    pcm: Sound | None
    mark: str | None = None


@dataclass
class WireCaller:
    """One call. `talk` runs it; the other methods make the caller do something and wait for what happens."""

    socket: ClientConnection
    stream_sid: str
    seed: int = 0
    heard: list[float] = field(default_factory=list)
    """When each audible frame of theirs was played."""
    cleared: list[float] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._saying: deque[Sound] = deque()
        self._queue: deque[_Queued] = deque()
        self._rest: Sound = np.zeros(0, dtype=np.int16)
        self._noise = np.random.default_rng(self.seed)
        self._first_spoken = 0.0
        self._last_spoken = 0.0
        self._ticks = 0
        self._said_all = asyncio.Event()

    async def talk(self) -> None:
        """Exchange sound until the other side hangs up."""
        reader = asyncio.ensure_future(self._read())
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            while not self.ended.is_set():
                self._ticks += 1
                await self._send(self._next_frame())
                await self._play()
                await asyncio.sleep(max(0.0, began + self._ticks * TICK_S - loop.time()))
        except ConnectionClosed:
            pass
        finally:
            self.ended.set()
            self._said_all.set()
            reader.cancel()

    async def say(self, sound: Sound) -> tuple[float, float]:
        """Say it. Returns when its first and its last sound went out."""
        self._said_all.clear()
        self._first_spoken = 0.0
        self._saying.extend(
            np.pad(sound[at : at + FRAME], (0, max(0, FRAME - sound[at:].size)))
            for at in range(0, sound.size, FRAME)
        )
        await self._said_all.wait()
        return self._first_spoken, self._last_spoken

    async def hears_something(self, since: float, within_s: float) -> float | None:
        """When the first sound of theirs after `since` was played; None if there is none in time."""
        loop = asyncio.get_running_loop()
        while loop.time() < since + within_s and not self.ended.is_set():
            first = next((at for at in self.heard if at > since), None)
            if first is not None:
                return first
            await asyncio.sleep(TICK_S)
        return None

    async def hears_silence(self, seconds: float, within_s: float = 30.0) -> bool:
        """Wait until they have been silent for so long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within_s
        while loop.time() < until and not self.ended.is_set():
            last = self.heard[-1] if self.heard else loop.time()
            if self.heard and loop.time() - last >= seconds:
                return True
            await asyncio.sleep(TICK_S)
        return False

    def cleared_since(self, since: float) -> float | None:
        """When they dropped what was still to be played, the first time since then."""
        return next((at for at in self.cleared if at >= since), None)

    def _next_frame(self) -> Sound:
        noise = self._noise.normal(0.0, LINE_NOISE, FRAME)
        if not self._saying:
            return np.rint(noise).astype(np.int16)
        frame = self._saying.popleft()
        now = asyncio.get_running_loop().time()
        if level(frame) >= AUDIBLE:
            self._first_spoken = self._first_spoken or now
            # The frame's last sample leaves the caller's mouth a tick after its first.
            self._last_spoken = now + TICK_S
        if not self._saying:
            self._said_all.set()
        return np.clip(frame + noise, -32768, 32767).astype(np.int16)

    async def _send(self, frame: Sound) -> None:
        payload = base64.b64encode(ulaw.encode(frame)).decode()
        at = str((self._ticks - 1) * 20)
        media = {"track": "inbound", "chunk": str(self._ticks), "timestamp": at, "payload": payload}
        await self._message("media", media=media)

    async def _play(self) -> None:
        while self._rest.size < FRAME and self._queue:
            item = self._queue.popleft()
            if item.pcm is not None:
                self._rest = np.concatenate((self._rest, item.pcm))
            elif item.mark is not None:
                await self._message("mark", mark={"name": item.mark})
        if self._rest.size and level(self._rest[:FRAME]) >= AUDIBLE:
            self.heard.append(asyncio.get_running_loop().time())
        self._rest = self._rest[FRAME:]

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                message = json.loads(text)
                match message.get("event"):
                    case "media":
                        pcm = ulaw.decode(base64.b64decode(message["media"]["payload"]))
                        self._queue.append(_Queued(pcm))
                    case "mark":
                        self._queue.append(_Queued(None, message["mark"]["name"]))
                    case "clear":
                        await self._clear()
        except ConnectionClosed:
            pass
        self.ended.set()

    async def _clear(self) -> None:
        self.cleared.append(asyncio.get_running_loop().time())
        marks = [item.mark for item in self._queue if item.mark is not None]
        self._queue.clear()
        self._rest = self._rest[:0]
        for mark in marks:
            await self._message("mark", mark={"name": mark})

    async def _message(self, event: str, **content: object) -> None:
        self._sequence = getattr(self, "_sequence", 1) + 1
        message = {
            "event": event,
            "sequenceNumber": str(self._sequence),
            "streamSid": self.stream_sid,
            **content,
        }
        await self.socket.send(json.dumps(message))


def level(frame: Sound) -> float:
    """Root mean square of a frame."""
    return float(np.sqrt((frame.astype(np.float64) ** 2).mean())) if frame.size else 0.0
