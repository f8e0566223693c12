"""What is heard on a human's leg, from one key or change to the next: sentences, pauses, the caller's voice."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from typing import Protocol, TypeVar

from handoff.briefing.ear import KEYS, KEYS_OF_QUESTION
from handoff.consult.chime import chime
from handoff.consult.stream import Player
from handoff.transfer.views import LegHears
from telephony.media.playout import RATE
from telephony.media.ulaw import Pcm

T = TypeVar("T")
TIMES = 3
"""So often is the briefing said before whoever presses nothing counts as not answering. It goes on after that, as long
as the leg does: a queue that answered early may put a human through at any time."""
TIMES_AFTER_VOICE = 1
"""So often again after the caller's own voice."""
PAUSE_S = 4.0
"""Between two times, and after the last."""
CHIME_AFTER_S = 2.0
"""In a pause, and while a human waits for the caller: nobody is left in silence for longer."""
FIRST_CHIME_AFTER_S = 0.5
"""Before anything was said: an answered telephone that is silent sounds broken."""
BETWEEN_S = 0.15
"""The pause between two sentences."""
VOICE_S = 20
"""So much of the caller's own voice is played at most."""
CONNECTING = "Connecting you now."
NO_VOICE = "There is nothing of the caller's voice yet."
LAST_WORDS: Mapping[LegHears, str] = {
    LegHears.TAKEN: "A colleague has just taken this call. Thank you.",
    LegHears.CALLER_GONE: "The caller has just hung up. Thank you.",
    LegHears.CALLER_BUSY: "Their telephone is busy. We will try again later. Thank you.",
    LegHears.CALLER_NO_ANSWER: "They do not answer. We will try again later. Thank you.",
    LegHears.CALLER_UNREACHABLE: "Their telephone cannot be reached. We will see to it. Thank you.",
    LegHears.WITHDRAWN: "The caller does not need you any more. Thank you.",
}
FIXED = (CONNECTING, NO_VOICE, *LAST_WORDS.values())
"""Sentences that are the same on every leg."""
STANDING = (KEYS, KEYS_OF_QUESTION, *FIXED)
"""All that is said the same in every call: worth rendering when the process starts."""


class ProgrammeListener(Protocol):
    """Who is told what was heard to its end. Each method returns at once."""

    def on_briefed(self, seconds: float) -> None:
        """The briefing and the keys once through, which took this long."""

    def on_unanswered(self) -> None:
        """The briefing as often as it is said."""

    def on_told(self) -> None:
        """The last word."""


class Programme:
    """Lets a human hear things. Each method ends when it was heard, and may be cancelled."""

    def __init__(
        self,
        player: Player,
        sound: Callable[[str], Awaitable[Pcm]],
        listener: ProgrammeListener,
        clock: Callable[[], float],
    ) -> None:
        """`sound` gives a sentence as int16 mono 8 kHz."""
        self._player = player
        self._sound = sound
        self._listener = listener
        self._clock = clock
        self._chime = chime()

    async def brief(self, sentences: Sequence[str], keys: str, times: int = TIMES) -> None:
        """The briefing and the keys, again and again."""
        for time in count():
            began = self._clock()
            await self._say(*sentences, keys)
            if time == 0:
                self._listener.on_briefed(round(self._clock() - began, 3))
            await self._pause()
            if time + 1 == times:
                self._listener.on_unanswered()

    async def voice(self, pcm: Pcm, sentences: Sequence[str], keys: str) -> None:
        """The last of the caller's own voice and the keys, then the briefing once more."""
        if pcm.size:
            await self._player.play(pcm[-VOICE_S * RATE :])
        else:
            await self._say(NO_VOICE)
        await self._say(keys)
        await self._pause()
        await self.brief(sentences, keys, TIMES_AFTER_VOICE)

    async def connecting(self) -> None:
        """The caller is on their way."""
        await self._say(CONNECTING)
        await self.wait()

    async def last_word(self, view: LegHears) -> None:
        """Why they are not needed."""
        await self._say(LAST_WORDS[view])
        self._listener.on_told()
        await self.wait()

    async def meanwhile(self, work: Awaitable[T]) -> T:
        """A chime now and then while something is worked out, whose result is returned."""
        working = asyncio.ensure_future(work)
        try:
            pause_s = FIRST_CHIME_AFTER_S
            while not (await asyncio.wait({working}, timeout=pause_s))[0]:
                await self._player.play(self._chime)
                pause_s = CHIME_AFTER_S
            return await working
        finally:
            working.cancel()

    async def wait(self) -> None:
        """A chime now and then, without end."""
        while True:
            await asyncio.sleep(CHIME_AFTER_S)
            await self._player.play(self._chime)

    async def _pause(self) -> None:
        """A pause of `PAUSE_S` with a chime in it."""
        ends = self._clock() + PAUSE_S
        await asyncio.sleep(CHIME_AFTER_S)
        await self._player.play(self._chime)
        await asyncio.sleep(max(0.0, ends - self._clock()))

    async def _say(self, *sentences: str) -> None:
        for index, text in enumerate(sentences):
            if index:
                await asyncio.sleep(BETWEEN_S)
            await self._player.play(await self._made(text))

    async def _made(self, text: str) -> Pcm:
        """The sound of a sentence; a chime now and then while it is being made."""
        return await self.meanwhile(self._sound(text))
