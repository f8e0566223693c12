"""The quiet sound in a pause: whoever waits knows that the line is there."""

import numpy as np

from telephony.media.playout import RATE
from telephony.media.ulaw import Pcm

LENGTH_S = 0.36
PITCHES = (587.3, 880.0)
"""D5 and A5, Hz."""
LEVEL = 0.035
"""Of full scale: some 12 dB below our voice."""


def chime() -> Pcm:
    """Two soft notes."""
    seconds = np.arange(round(LENGTH_S * RATE)) / RATE
    envelope = np.minimum(seconds / 0.01, 1.0) * np.exp(-seconds / 0.09)
    notes = [np.sin(2 * np.pi * pitch * seconds) for pitch in PITCHES]
    late = np.roll(notes[1] * envelope, round(0.06 * RATE))
    late[: round(0.06 * RATE)] = 0.0
    fade = np.minimum((LENGTH_S - seconds) / 0.03, 1.0)
    sound: Pcm = np.rint((notes[0] * envelope + late) * fade * LEVEL * 32767).astype(np.int16)
    return sound
