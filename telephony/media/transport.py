"""pipecat's two ends of one media stream: the caller's sound in, our speech out.

The output sends at most `LEAD_SAMPLES` ahead of the caller's ear and asks for a mark behind each piece, so
that a barge-in stops us at once and the recording holds what was really played.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import numpy as np
from fastapi import WebSocket, WebSocketDisconnect
from loguru import logger
from pipecat.frames.frames import CancelFrame, EndFrame, Frame, InterruptionFrame, StartFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.transports.base_transport import BaseTransport

from telephony.media.frames import CallerAudioFrame, MarkFrame, SpeechFrame, StreamStoppedFrame
from telephony.media.gathering import Gathering
from telephony.media.messages import StreamError
from telephony.media.playout import RATE, Played, Playout
from telephony.media.serializer import MediaSerializer
from telephony.media.ulaw import Pcm
from telephony.media.unhurried import Unhurried

PIECE_SAMPLES = RATE * 60 // 1000
"""We top the carrier's queue up in pieces of 60 ms: few messages, and a lead that hardly varies."""
FRAME_SAMPLES = RATE // 50
"""We send whole frames of 20 ms, as carriers play them."""
WRITE_TIMEOUT_S = 5.0
BETWEEN = 0
"""The utterance number of what is played between our sentences: it is none."""

Between = Callable[[int], Pcm]
"""Gives the next so many samples of something endless, such as hold music."""


class StreamEnd(StrEnum):
    """How the stream ended. Names never change meaning."""

    STOPPED = "stopped"
    """The carrier said `stop`: the caller hung up, or the call was redirected."""
    DISCONNECTED = "disconnected"
    PROTOCOL = "protocol"
    """The carrier broke the protocol and we closed the socket."""
    WRITE_STALLED = "write_stalled"
    CLOSED = "closed"
    """We closed the socket: the call goes on with the TwiML after `<Connect>`."""


class StreamListener(Protocol):
    """Who is told what passes over the stream. Each method returns at once."""

    def on_caller_audio(self, at_sample: int, pcm: Pcm) -> None:
        """The caller's sound, 8 kHz, at its place on the stream's axis."""

    def on_played(self, played: Played) -> None:
        """The caller has heard a piece of ours."""

    def on_cleared(self) -> None:
        """What was sent and not heard before an interruption will not be heard any more."""

    def on_stream_ended(self, end: StreamEnd) -> None:
        """Nothing passes any more. Told once."""


class StreamClock:
    """The stream's axis in samples, carried on between the carrier's messages by a local clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sample = 0
        self._at = clock()

    def advance(self, sample: int) -> None:
        """The stream has reached `sample`."""
        self._sample = sample
        self._at = self._clock()

    @property
    def received(self) -> int:
        """The end of the last sound received."""
        return self._sample

    def now(self) -> int:
        """Now, as a sample."""
        return self._sample + int((self._clock() - self._at) * RATE)


class MediaInput(FrameProcessor):
    """Reads the socket until the stream ends, and turns its messages into frames."""

    def __init__(self, stream: "MediaTransport") -> None:
        super().__init__(name="media-input")
        self._stream = stream
        self._reader: asyncio.Task[None] | None = None
        self._gathering = Gathering()
        self._reading = Unhurried(stream.receive, lambda: self._gathering.begins_anew)

    def gather_while(self, may: Callable[[], bool]) -> None:
        """Hand the caller's sound down in larger frames while this holds."""
        self._gathering.may = may

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Start reading with the pipeline and stop with it."""
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame) and self._reader is None:
            self._reader = self.create_task(self._read(), "read")
        elif isinstance(frame, EndFrame | CancelFrame):
            await self._stop()

    async def cleanup(self) -> None:
        """Stop reading."""
        await super().cleanup()
        await self._stop()

    async def _stop(self) -> None:
        if self._reader is not None:
            await self.cancel_task(self._reader)
            self._reader = None

    async def _read(self) -> None:
        while True:
            try:
                frame = await self._reading.next()
            except WebSocketDisconnect:
                self._stream.ended(StreamEnd.DISCONNECTED)
                return
            except StreamError as error:
                logger.bind(fault=error.fault.name).warning("media stream closed: {}", error)
                await self._stream.refuse(error)
                return
            if isinstance(frame, StreamStoppedFrame):
                self._stream.ended(StreamEnd.STOPPED)
                return
            if frame is None:
                continue
            for ready in self._gathering.take(frame):
                await self.push_frame(ready)


class MediaOutput(FrameProcessor):
    """Sends our speech in step with what the caller hears."""

    def __init__(self, stream: "MediaTransport") -> None:
        super().__init__(name="media-output")
        self._stream = stream
        self._pending: deque[SpeechFrame] = deque()
        self._between: Between | None = None
        self._more = asyncio.Event()
        self._sender: asyncio.Task[None] | None = None

    @property
    def plays_between(self) -> bool:
        """Whether the time between our sentences is filled."""
        return self._between is not None

    def play_between(self, between: Between | None) -> None:
        """From now on fill the time between our sentences with this, or with silence again."""
        self._between = between
        self._more.set()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Queue speech; on an interruption drop it, here and at the carrier."""
        await super().process_frame(frame, direction)
        if isinstance(frame, SpeechFrame):
            self._pending.append(frame)
            self._more.set()
            return
        if isinstance(frame, StartFrame) and self._sender is None:
            self._sender = self.create_task(self._send(), "send")
        elif isinstance(frame, InterruptionFrame):
            self._pending.clear()
            await self._stream.clear()
        elif isinstance(frame, EndFrame | CancelFrame):
            await self._stop()
        await self.push_frame(frame, direction)

    async def cleanup(self) -> None:
        """Stop sending."""
        await super().cleanup()
        await self._stop()

    async def _stop(self) -> None:
        if self._sender is not None:
            await self.cancel_task(self._sender)
            self._sender = None

    async def _send(self) -> None:
        while True:
            if not self._pending and self._between is None:
                self._more.clear()
                await self._more.wait()
                continue
            missing = PIECE_SAMPLES - self._stream.room()
            if missing > 0:
                await asyncio.sleep(missing / RATE)
                continue
            while (frame := self._next_piece()) is not None:
                await self._stream.speak(frame)

    def _next_piece(self) -> SpeechFrame | None:
        """The next piece of speech that there is room for, or of what is played between."""
        samples = self._stream.room() // FRAME_SAMPLES * FRAME_SAMPLES
        if samples < PIECE_SAMPLES:
            return None
        if self._pending:
            return self._take(samples)
        if self._between is None:
            return None
        audio = self._between(samples).tobytes()
        return SpeechFrame(audio=audio, sample_rate=RATE, num_channels=1, utterance=BETWEEN, last=False)

    def _take(self, samples: int) -> SpeechFrame:
        """At most `samples` of the next utterance."""
        frame = self._pending.popleft()
        cut = 2 * samples
        if len(frame.audio) <= cut:
            return frame
        self._pending.appendleft(_piece(frame, frame.audio[cut:], last=frame.last))
        return _piece(frame, frame.audio[:cut], last=False)


class MediaTransport(BaseTransport):
    """One open media stream, from `start` on."""

    def __init__(
        self,
        websocket: WebSocket,
        serializer: MediaSerializer,
        listener: StreamListener,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(name="media")
        self._websocket = websocket
        self._serializer = serializer
        self._listener = listener
        self._playout = Playout()
        self._ended = False
        self.clock = StreamClock(clock)
        self._input = MediaInput(self)
        self._output = MediaOutput(self)

    def input(self) -> MediaInput:
        """The processor that the pipeline begins with."""
        return self._input

    def output(self) -> MediaOutput:
        """The processor that the pipeline ends with."""
        return self._output

    async def receive(self) -> Frame | None:
        """The next frame from the carrier; tells the listener what it must know on the way.

        Raises:
            WebSocketDisconnect: the socket is gone.
            StreamError: the message breaks the protocol.
        """
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        text = message.get("text")
        frame = await self._serializer.deserialize(message.get("bytes") or b"" if text is None else text)
        if isinstance(frame, CallerAudioFrame) and frame.narrowband is not None:
            self.clock.advance(frame.at_sample + frame.narrowband.size)
            self._listener.on_caller_audio(frame.at_sample, frame.narrowband)
        elif isinstance(frame, MarkFrame):
            self._mark_returned(frame.mark)
        return frame

    def room(self) -> int:
        """How many samples may be sent now."""
        return self._playout.room(self.clock.now())

    async def speak(self, frame: SpeechFrame) -> None:
        """Send one piece of speech and the mark behind it."""
        pcm = np.frombuffer(frame.audio, dtype=np.int16)
        mark = self._playout.send(frame.utterance, pcm, last=frame.last, now=self.clock.now())
        await self._write(frame)
        await self._write(MarkFrame(mark=mark))

    async def clear(self) -> None:
        """Have the carrier drop what it has not played."""
        if self._playout.clear():
            await self._write(InterruptionFrame())
        else:
            self._listener.on_cleared()

    async def close(self) -> None:
        """Close the socket; the carrier goes on with the TwiML after `<Connect>`."""
        if not self._ended:
            self.ended(StreamEnd.CLOSED)
            await self._websocket.close()

    async def refuse(self, error: StreamError) -> None:
        """Close the socket because of what came over it."""
        if not self._ended:
            self.ended(StreamEnd.PROTOCOL)
            await self._websocket.close(code=error.fault, reason=str(error)[:120])

    def ended(self, end: StreamEnd) -> None:
        """Nothing passes any more: settle what was heard and tell the listener, once."""
        if self._ended:
            return
        self._ended = True
        for played in self._playout.end(self.clock.received):
            self._listener.on_played(played)
        self._listener.on_stream_ended(end)

    def _mark_returned(self, name: str) -> None:
        heard, cleared = self._playout.returned(name, self.clock.received)
        for played in heard:
            self._listener.on_played(played)
        if cleared:
            self._listener.on_cleared()

    async def _write(self, frame: Frame) -> None:
        payload = await self._serializer.serialize(frame)
        if payload is None or self._ended:
            return
        try:
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                await self._websocket.send_text(str(payload))
        except TimeoutError:
            self.ended(StreamEnd.WRITE_STALLED)
        except (WebSocketDisconnect, RuntimeError):
            # Starlette raises RuntimeError for a send after the peer's close has been seen.
            self.ended(StreamEnd.DISCONNECTED)


def _piece(frame: SpeechFrame, audio: bytes, *, last: bool) -> SpeechFrame:
    return SpeechFrame(audio=audio, sample_rate=RATE, num_channels=1, utterance=frame.utterance, last=last)
