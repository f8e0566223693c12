"""When a voice under our own is the caller cutting in: a sum of evidence, without a clock.

A real interruption must stop us within 0.3 s; breath, a cough, line noise, an "okay", a hummed "mm-hmm" and our own
echo must not. What the sum lets through by mistake is mended later, when its words are known (`voice.bridge`).
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

RATE = 16000
WINDOW_S = 0.032
SURE = 0.37
"""Silero's probability of a voice that cuts in. Measured on four real callers, each at six offsets to the windows: what
lies outside their words reaches 0.36, the faintest of their words 0.28 to 0.69."""
ENOUGH_S = 0.16
"""So much voice is a caller who cuts in, unless it is a word that only tells that they listen."""
GOES_ON_S = 0.5
"""So much voice is more than such a word: "okay" and "right" last up to 0.45 s."""
HUM = 0.02
"""Share of a hum's energy above `HUM_HZ`, at most: closed lips let nothing else through."""
HUM_HZ = 700
HUM_WEIGHT = 0.25
"""A hum counts, but four times as long: "my" and "no" begin with one."""

Window = NDArray[np.int16]


class Evidence(Enum):
    """What one window more has brought."""

    LIKELY = "likely"
    """Enough for a caller who cuts in, if it is not a word of somebody who listens."""
    CERTAIN = "certain"
    """Enough in any case."""


@dataclass
class CutIn:
    """The evidence since we began to speak, in seconds of voice."""

    evidence_s: float = 0.0

    def window(self, sound: Window, probability: float, *, echo: bool) -> Evidence | None:
        """Take the next 32 ms, int16 mono 16 kHz. Returns what has become of the evidence, each once."""
        if probability < SURE or echo:
            self.evidence_s = max(0.0, self.evidence_s - WINDOW_S)
            return None
        before = self.evidence_s
        self.evidence_s += WINDOW_S * (HUM_WEIGHT if is_hum(sound) else 1.0)
        if before < GOES_ON_S <= self.evidence_s:
            return Evidence.CERTAIN
        return Evidence.LIKELY if before < ENOUGH_S <= self.evidence_s else None

    def reset(self) -> None:
        """We have begun to speak, or have stopped."""
        self.evidence_s = 0.0


def is_hum(sound: Window) -> bool:
    """Whether the sound is a voice behind closed lips: next to nothing above its first resonance."""
    power = np.abs(np.fft.rfft(sound * np.hanning(sound.size))) ** 2
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    total = float(power[(hertz >= 80) & (hertz < 3800)].sum())
    return total > 0 and float(power[(hertz >= HUM_HZ) & (hertz < 3800)].sum()) < HUM * total
