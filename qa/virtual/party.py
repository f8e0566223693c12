"""The caller of a call on the virtual clock, as the carrier sees them: asked at every step what they begin to do."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from calls.wav import Pcm
from telephony.media.playout import RATE

FRAME = RATE // 50
"""What goes each way at a step, in samples."""
KEY_S = 0.25
"""Between two keys."""


@dataclass(frozen=True)
class Assistant:
    """What the caller hears of the assistant now. Times on the clock of `due`."""

    sounding: bool = False
    acting: bool = False
    """An action is under way: what was said last is not all that they will be told."""
    silences: int = 0
    """How often in this call the assistant has waited in vain."""


@dataclass(frozen=True)
class Act:
    """What the caller begins to do: they say something, press keys, or hang up."""

    sound: Pcm = field(default_factory=lambda: np.zeros(0, np.int16), repr=False)
    """Int16 mono 8 kHz, whole frames of 20 ms."""
    keys: str = ""
    apart_s: float = KEY_S
    """From one key to the next."""
    hangs_up: bool = False


class Party(Protocol):
    """The caller. Times are seconds of the call."""

    def begins(self, now_s: float) -> None:
        """The call begins."""

    def due(self, now_s: float, assistant: Assistant) -> Act | None:
        """What they begin to do now. Asked at every step, at which the assistant is as told."""

    def done(self, now_s: float) -> None:
        """They have said or keyed what they began last."""

    def between(self) -> Pcm:
        """The next frame of their line while they say nothing."""


def in_frames(sound: Pcm) -> Pcm:
    """A sound with silence behind it until the frame is full."""
    return np.pad(sound, (0, -sound.size % FRAME))
