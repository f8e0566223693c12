"""Keeps one conversation between caller and human: both sides into the recording, their words into the record."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import WebSocket, WebSocketDisconnect
from loguru import logger

from calls.events import TalkHeard
from calls.recording import Recording
from handoff.talk.segments import RATE, Segmenter, Utterance
from telephony.media import ulaw
from telephony.media.messages import INBOUND, Media, Stop, StreamError, parse
from telephony.media.protocol import StreamProtocol
from telephony.tasks import Tasks
from voice.hearing.recogniser import Recognition

CALLER, AGENT = "caller", "agent"
LEAST_S = 0.3
"""Shorter sounds are clicks."""
MOST_WAITING = 20
"""More utterances than this wait only where the machine is busy with callers: those come first, these are left out."""


class Listener(Protocol):
    """Recognises one utterance, after everything that somebody waits for."""

    async def __call__(self, utterance: Utterance) -> Recognition:
        """What was said."""


class TalkRecord:
    """One conversation, over the one-way stream of the caller's leg: inbound is the caller, outbound the human."""

    def __init__(
        self,
        recording: Recording | None,
        listen: Listener,
        log: Callable[[TalkHeard], Awaitable[object]],
    ) -> None:
        """`recording` is None where the caller has not agreed to it: then nothing is kept at all."""
        self._recording = recording
        self._listen = listen
        self._log = log
        self._origin = recording.next_sample if recording is not None else 0
        self._sides = {CALLER: Segmenter(), AGENT: Segmenter()}
        self._waiting = 0
        self._background = Tasks()
        self._left = asyncio.Event()

    def leave(self) -> None:
        """The conversation is over, or goes on over another stream."""
        self._left.set()

    async def run(self, websocket: WebSocket, protocol: StreamProtocol) -> None:
        """Follow the stream to its end, or until it is left."""
        following = asyncio.create_task(self._follow(websocket, protocol))
        leaving = asyncio.create_task(self._left.wait())
        try:
            await asyncio.wait({following, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            following.cancel()
            leaving.cancel()
            await asyncio.wait({following, leaving})
        for who, side in self._sides.items():
            self._hear(who, side.end())

    async def written(self) -> None:
        """Wait until what was said has been written down. Whoever goes on with the caller does not wait for that."""
        await self._background.finished()

    async def _follow(self, websocket: WebSocket, protocol: StreamProtocol) -> None:
        try:
            while True:
                message = await websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                text = message.get("text")
                told = parse(message.get("bytes") or b"" if text is None else text)
                protocol.take(told)
                if isinstance(told, Stop):
                    return
                if isinstance(told, Media) and self._recording is not None:
                    self._take(told)
        except WebSocketDisconnect:
            return
        except StreamError as error:
            logger.bind(fault=error.fault.name).warning("a conversation's stream was closed: {}", error)
            await websocket.close(code=error.fault, reason=str(error)[:120])

    def _take(self, media: Media) -> None:
        at_sample = self._origin + media.timestamp_ms * RATE // 1000
        pcm = ulaw.decode(media.payload)
        who = CALLER if media.track == INBOUND else AGENT
        if self._recording is not None:
            write = self._recording.write_caller if who == CALLER else self._recording.write_assistant
            write(at_sample, pcm)
        self._hear(who, self._sides[who].add(at_sample, pcm))

    def _hear(self, who: str, utterances: list[Utterance]) -> None:
        for utterance in utterances:
            if utterance.sound.size >= LEAST_S * RATE and self._waiting < MOST_WAITING:
                self._waiting += 1
                self._background.start(self._write_down(who, utterance))

    async def _write_down(self, who: str, utterance: Utterance) -> None:
        try:
            heard = await self._listen(utterance)
        finally:
            self._waiting -= 1
        if heard.empty:
            return
        start_s = utterance.at_sample / RATE
        await self._log(
            TalkHeard(
                who=who,
                text=heard.text,
                confidence=round(heard.confidence, 4),
                start_s=round(start_s, 3),
                end_s=round(start_s + utterance.sound.size / RATE, 3),
            )
        )
