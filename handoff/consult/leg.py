"""One human's own leg, from its media stream's start to its end: the briefing, their keys, and a word at the end.

What is heard follows from `show` alone, as the transfer's views follow from its state. The leg decides nothing: it
tells its listener which keys were pressed, and goes on when it is shown something else. By itself it acts upon two keys
only: 9 says the briefing again, 0 plays the caller's own voice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from fastapi import WebSocketDisconnect
from loguru import logger
from pipecat.frames.frames import InputDTMFFrame

from handoff.consult.programme import BETWEEN_S, FIXED, Programme
from handoff.consult.speech import Speaks, rendered
from handoff.consult.stream import Player
from handoff.transfer.keys import AGAIN, DECLINE, TAKE, VOICE
from handoff.transfer.views import LegHears
from telephony.media.frames import StreamStoppedFrame
from telephony.media.messages import StreamError
from telephony.media.playout import RATE, Played
from telephony.media.transport import MediaTransport, StreamEnd
from telephony.media.ulaw import Pcm

DEAF_S = 0.3
"""Keys are not taken so soon after the start: some telephones send one when they answer."""
OVER = frozenset({LegHears.CONFERENCE, LegHears.NOTHING})
"""The leg goes on elsewhere, or not at all: its stream is closed."""


class ConsultListener(Protocol):
    """Who is told what happens on a leg. Each method returns at once."""

    def on_key(self, digit: str) -> None:
        """The human has pressed a key while the briefing is due: any key, at once."""

    def on_briefed(self, seconds: float) -> None:
        """They have heard the briefing and the keys once through, which took this long. Told once."""

    def on_unanswered(self) -> None:
        """They have heard it as often as it is said, and have pressed nothing since. Told once for each round."""

    def on_told(self) -> None:
        """They have heard the last word that was for them."""

    def on_failed(self, code: str) -> None:
        """The leg has no voice; its stream closes."""

    def on_caller_audio(self, at_sample: int, pcm: Pcm) -> None:
        """What the human says, at its place on the stream's axis."""

    def on_played(self, played: Played) -> None:
        """What the human has heard of us."""


class ConsultLeg:
    """One leg over one media stream, whose `StreamListener` it is. Lives and dies with it."""

    def __init__(
        self,
        parts: Speaks,
        spoken: Sequence[str],
        keys_sentence: str,
        caller_voice: Callable[[], Pcm],
        listener: ConsultListener,
        clock: Callable[[], float],
        owner: str = "consult",
        told: Callable[[], Awaitable[tuple[Sequence[str], str]]] | None = None,
    ) -> None:
        """`spoken` is the briefing, `keys_sentence` follows it. `caller_voice` gives the last of the caller's own
        voice, int16 mono 8 kHz. `clock` gives seconds. `owner` is the call, which shares the voice with others.
        `told` gives `spoken` and `keys_sentence` where they are still being worked out: whoever answers before that
        hears a chime meanwhile."""
        self._parts = parts
        self._spoken = tuple(spoken)
        self._keys_sentence = keys_sentence
        self._told = told
        self._caller_voice = caller_voice
        self._listener = listener
        self._clock = clock
        self._owner = owner
        self._sounds: dict[str, Pcm] = {}
        self._player: Player | None = None
        self._view = LegHears.BRIEFING
        self._key: str | None = None
        """The last key that changes what is heard."""
        self._changed = asyncio.Event()
        self._hears_keys_from = 0.0
        self._briefed = False
        self._end = StreamEnd.CLOSED
        self._ended = asyncio.Event()

    async def prepare(self) -> None:
        """Make all sound that may be needed, in the order in which it is. Whatever breaks in the voice is raised.

        Takes a second or two of work: begin when the human is being rung. `run` need not wait for it, and takes what
        is there.
        """
        for text in (*self._spoken, self._keys_sentence, *FIXED):
            await self._sound(text)

    @property
    def seconds(self) -> float:
        """How long the briefing takes with its keys, of what is prepared."""
        texts = (*self._spoken, self._keys_sentence)
        samples = sum(self._sounds[one].size for one in texts if one in self._sounds)
        return round(samples / RATE + BETWEEN_S * (len(texts) - 1), 3)

    def show(self, view: LegHears) -> None:
        """What the human should hear from now on. The same again changes nothing."""
        if view is not self._view:
            self._view = view
            self._changed.set()

    async def run(self, transport: MediaTransport) -> StreamEnd:
        """Serve the leg until its stream ends. Returns how it ended."""
        self._hears_keys_from = self._clock() + DEAF_S
        self._player = player = Player(transport)
        tasks: tuple[asyncio.Task[Any], ...] = (
            asyncio.create_task(self._read(transport)),
            asyncio.create_task(self._speak(player)),
            asyncio.create_task(self._ended.wait()),
        )
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self._tell_what_broke(tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await transport.close()
        return self._end

    # What the media stream tells (StreamListener)

    def on_caller_audio(self, at_sample: int, pcm: Pcm) -> None:
        """The human's sound."""
        self._listener.on_caller_audio(at_sample, pcm)

    def on_played(self, played: Played) -> None:
        """The human has heard a piece."""
        self._listener.on_played(played)
        if self._player is not None:
            self._player.played(played)

    def on_cleared(self) -> None:
        """What was cut off is gone."""

    def on_stream_ended(self, end: StreamEnd) -> None:
        """The stream is over."""
        self._end = end
        self._ended.set()

    # What the programme tells (ProgrammeListener)

    def on_briefed(self, seconds: float) -> None:
        """Once through."""
        if not self._briefed:
            self._briefed = True
            self._listener.on_briefed(seconds)

    def on_unanswered(self) -> None:
        """As often as it is said."""
        self._listener.on_unanswered()

    def on_told(self) -> None:
        """The last word."""
        self._listener.on_told()

    # Keys

    async def _read(self, transport: MediaTransport) -> None:
        while True:
            try:
                frame = await transport.receive()
            except WebSocketDisconnect:
                transport.ended(StreamEnd.DISCONNECTED)
                return
            except StreamError as error:
                logger.bind(fault=error.fault.name).warning("the media stream of a leg closed: {}", error)
                await transport.refuse(error)
                return
            if isinstance(frame, StreamStoppedFrame):
                transport.ended(StreamEnd.STOPPED)
                return
            if isinstance(frame, InputDTMFFrame):
                self._pressed(frame.button.value)

    def _pressed(self, key: str) -> None:
        if self._view is not LegHears.BRIEFING or self._clock() < self._hears_keys_from:
            return
        self._listener.on_key(key)
        if key in {TAKE, DECLINE, AGAIN, VOICE}:
            self._key = key
            self._changed.set()

    # What is heard

    async def _speak(self, player: Player) -> None:
        """Let be heard what is due, from its beginning on whenever that changes, until the leg is over."""
        programme = Programme(player, self._sound, self, self._clock)
        while self._view not in OVER:
            self._changed.clear()
            due = asyncio.create_task(self._due(programme))
            changed = asyncio.create_task(self._changed.wait())
            try:
                await asyncio.wait({due, changed}, return_when=asyncio.FIRST_COMPLETED)
                if due.done():
                    due.result()  # it only ends by breaking
            finally:
                due.cancel()
                changed.cancel()
                await asyncio.gather(due, changed, return_exceptions=True)
            await player.stop()

    async def _due(self, programme: Programme) -> None:
        if self._view is LegHears.CONNECTING:
            await programme.connecting()
        elif self._view is not LegHears.BRIEFING:
            await programme.last_word(self._view)
        elif self._key in {TAKE, DECLINE}:
            await programme.wait()  # they have decided, and what follows will be shown
        elif self._key == VOICE:
            spoken, keys = await self._worked_out(programme)
            await programme.voice(self._caller_voice(), spoken, keys)
        else:
            await programme.brief(*await self._worked_out(programme))

    async def _worked_out(self, programme: Programme) -> tuple[Sequence[str], str]:
        if self._told is None:
            return self._spoken, self._keys_sentence
        return await programme.meanwhile(self._told())

    async def _sound(self, text: str) -> Pcm:
        """A sentence: prepared, or made now."""
        if text not in self._sounds:
            self._sounds[text] = await rendered(self._parts.synthesiser, text, self._owner)
        return self._sounds[text]

    def _tell_what_broke(self, tasks: Sequence[asyncio.Task[Any]]) -> None:
        for task in tasks:
            error = task.exception() if task.done() and not task.cancelled() else None
            if error is not None:
                logger.opt(exception=error).error("a leg's voice broke")
                self._listener.on_failed(type(error).__name__)
