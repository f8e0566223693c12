"""Telephone sound as a WAV file, for a carrier or a person to play."""

import io
import wave

import numpy as np

from telephony.media.playout import RATE
from telephony.media.ulaw import Pcm


def wav_file(sound: Pcm) -> bytes:
    """A WAV file of int16 samples at 8 kHz: shape (n,) for one channel, (n, channels) for more."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1 if sound.ndim == 1 else sound.shape[1])
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(np.ascontiguousarray(sound).tobytes())
    return file.getvalue()
