"""Text to speech: Piper at its own rate, brought to the telephone's 8 kHz, one sentence at a time."""

from collections import OrderedDict
from threading import Lock

import numpy as np
import soxr
from numpy.typing import NDArray
from piper import PiperVoice, SynthesisConfig

TELEPHONE_RATE = 8000
VOLUME = 0.5
"""Piper scales each sentence to full volume; half of it (-6 dBFS peak) is what telephone networks expect."""
CACHE_S = 600.0
"""How much speech is kept for sentences that come again: ten minutes, 9.6 MB."""

Speech = NDArray[np.int16]


class Synthesiser:
    """Renders sentences with one loaded voice and keeps what it rendered last.

    `render` blocks for about a tenth of the speech's length: call it on a worker thread.
    """

    def __init__(self, voice: PiperVoice) -> None:
        self._voice = voice
        self._config = SynthesisConfig(volume=VOLUME)
        self._cache: OrderedDict[str, Speech] = OrderedDict()
        self._cached_samples = 0
        self._lock = Lock()

    def render(self, text: str) -> Speech:
        """`text` as int16 mono 8 kHz; empty when there is nothing to pronounce."""
        ready = self.ready(text)
        if ready is not None:
            return ready
        parts = [
            np.asarray(
                soxr.resample(chunk.audio_float_array, chunk.sample_rate, TELEPHONE_RATE, quality="HQ")
            )
            for chunk in self._voice.synthesize(text, self._config)
        ]
        sound = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        speech: Speech = np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)
        self._keep(text, speech)
        return speech

    def ready(self, text: str) -> Speech | None:
        """The speech of `text` if it was rendered before."""
        with self._lock:
            speech = self._cache.get(text)
            if speech is not None:
                self._cache.move_to_end(text)
            return speech

    def _keep(self, text: str, speech: Speech) -> None:
        with self._lock:
            if text in self._cache:
                return
            self._cache[text] = speech
            self._cached_samples += speech.size
            while self._cached_samples > CACHE_S * TELEPHONE_RATE and len(self._cache) > 1:
                _, oldest = self._cache.popitem(last=False)
                self._cached_samples -= oldest.size
