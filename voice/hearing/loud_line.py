"""Whether a line was loud although nobody was heard on it: noise over speech is no silence."""

import numpy as np
from numpy.typing import NDArray

RATE = 8000
LOUD_DB = 58.0
"""Power of a frame, dB over one step of a 16-bit sample: -32 dBFS, six below what telephone networks expect of speech.
A room at its own loudness stays below: of four minutes of office and kitchen noise the mean is -42 dBFS."""
ENOUGH_S = 0.5
"""A word is that long. A cough and a door are shorter."""


class LoudLine:
    """Adds up loud sound of one caller while we wait for them."""

    def __init__(self) -> None:
        self._loud_s = 0.0

    @property
    def is_loud(self) -> bool:
        """Whether somebody may have spoken: there was that much sound."""
        return self._loud_s >= ENOUGH_S

    def add(self, sound: NDArray[np.int16]) -> None:
        """The next piece, int16 mono 8 kHz; judged as a whole, so some hundredths of a second at most."""
        power = float((sound.astype(np.float32) ** 2).mean()) if sound.size else 0.0
        if 10.0 * np.log10(power + 1.0) >= LOUD_DB:
            self._loud_s += sound.size / RATE

    def forget(self) -> None:
        """What comes from now on is new."""
        self._loud_s = 0.0
