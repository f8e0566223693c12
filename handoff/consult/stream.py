"""Playing sound over a media stream, in step with what its far end hears, and waiting until it was heard."""

import asyncio
from typing import Protocol

import numpy as np

from telephony.media.frames import SpeechFrame
from telephony.media.playout import RATE, Played
from telephony.media.transport import FRAME_SAMPLES, PIECE_SAMPLES
from telephony.media.ulaw import Pcm

UNHEARD_S = 3.0
"""If the carrier does not tell within so long after the end that a sound was heard, we go on as if it had."""


class Stream(Protocol):
    """What of a `telephony.media.transport.MediaTransport` a player needs."""

    def room(self) -> int:
        """How many samples may be sent now."""

    async def speak(self, frame: SpeechFrame) -> None:
        """Send one piece."""

    async def clear(self) -> None:
        """Drop what was sent and not played."""


class Player:
    """Plays one sound after the other. `play` comes back when it was heard, and may be cancelled."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._number = 0
        self._heard = asyncio.Event()
        self._sending = asyncio.Lock()

    async def play(self, pcm: Pcm) -> None:
        """Play int16 mono 8 kHz to its end."""
        if not pcm.size:
            return
        whole = np.pad(pcm, (0, -pcm.size % FRAME_SAMPLES))
        self._number += 1
        self._heard.clear()
        start = 0
        while start < whole.size:
            room = self._stream.room() // FRAME_SAMPLES * FRAME_SAMPLES
            if room < PIECE_SAMPLES:
                await asyncio.sleep((PIECE_SAMPLES - room) / RATE)
                continue
            piece = whole[start : start + room]
            start += piece.size
            # A piece goes out whole, with its mark, even when nobody wants to hear the rest any more.
            await asyncio.shield(self._send(piece, last=start >= whole.size))
        await self._until_heard()

    async def stop(self) -> None:
        """Nothing of what was sent is to be heard any more."""
        async with self._sending:
            self._number += 1
            await self._stream.clear()

    def played(self, played: Played) -> None:
        """The stream reports a piece as heard."""
        if played.last and played.utterance == self._number:
            self._heard.set()

    async def _send(self, piece: Pcm, *, last: bool) -> None:
        async with self._sending:
            frame = SpeechFrame(
                audio=piece.tobytes(), sample_rate=RATE, num_channels=1, utterance=self._number, last=last
            )
            await self._stream.speak(frame)

    async def _until_heard(self) -> None:
        try:
            async with asyncio.timeout(UNHEARD_S):
                await self._heard.wait()
        except TimeoutError:
            return
