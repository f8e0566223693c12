"""Cuts one side of a conversation into utterances. Pure but for webrtcvad's own memory.

Nobody waits for these texts, so this takes the cheapest gate that there is: an utterance begins with a fifth of a
second of voice, and ends with a pause or when it becomes long.
"""

from dataclasses import dataclass

import numpy as np
import webrtcvad
from numpy.typing import NDArray

RATE = 8000
FRAME = RATE // 50
STRICTNESS = 2
BEGINS_FRAMES = 5
PAUSE_FRAMES = 35
"""0.7 s without a voice end an utterance."""
BEFORE_FRAMES = 15
"""So much sound from before its voice is kept: first sounds are soft."""
MOST_FRAMES = 12 * 50
"""An utterance is cut after 12 s."""

Sound = NDArray[np.int16]


@dataclass(frozen=True)
class Utterance:
    """One stretch of voice, int16 mono 8 kHz, and where it begins, in samples."""

    at_sample: int
    sound: Sound


class Segmenter:
    """Follows one track, in order and without gaps that matter."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(STRICTNESS)
        self._rest: Sound = np.zeros(0, np.int16)
        self._frames: list[Sound] = []
        self._begins = 0
        """Where the first kept frame lies, in samples."""
        self._voiced = 0
        self._quiet = 0
        self._open = False

    def add(self, at_sample: int, pcm: Sound) -> list[Utterance]:
        """The next sound, at its place. Returns the utterances that it completes."""
        if not self._frames and not self._rest.size:
            self._begins = at_sample
        self._rest = np.concatenate((self._rest, pcm))
        done = []
        while self._rest.size >= FRAME:
            frame, self._rest = self._rest[:FRAME], self._rest[FRAME:]
            utterance = self._frame(frame)
            if utterance is not None:
                done.append(utterance)
        return done

    def end(self) -> list[Utterance]:
        """There is no more."""
        return [self._close()] if self._open else []

    def _frame(self, frame: Sound) -> Utterance | None:
        voice = self._vad.is_speech(frame.tobytes(), RATE)
        self._frames.append(frame)
        self._voiced = self._voiced + 1 if voice else 0
        self._quiet = 0 if voice else self._quiet + 1
        if self._open:
            over = self._quiet >= PAUSE_FRAMES or len(self._frames) >= MOST_FRAMES
            return self._close() if over else None
        self._open = self._voiced >= BEGINS_FRAMES
        spare = len(self._frames) - BEFORE_FRAMES - BEGINS_FRAMES
        if not self._open and spare > 0:
            del self._frames[:spare]
            self._begins += spare * FRAME
        return None

    def _close(self) -> Utterance:
        utterance = Utterance(self._begins, np.concatenate(self._frames))
        self._begins += utterance.sound.size
        self._frames, self._open, self._voiced, self._quiet = [], False, 0, 0
        return utterance
