"""The encoder of Whisper on a short window, its quiet end taken from another utterance.

Whisper wants silence behind what was said: with less than a window of 10 s it repeats itself. What the encoder makes
of that silence hardly depends on the words before it, so only the first seconds are encoded, and the rest of the 10 s
comes from one example that was encoded whole when the model was loaded. It must be the silence behind a voice: that
of a window in which nobody speaks, or a mean over utterances, makes more errors (`docs/benchmarks.md`).
"""

import numpy as np
from ctranslate2 import StorageView
from faster_whisper import WhisperModel
from numpy.typing import NDArray

RATE = 16000
STATES_S = 50
"""The encoder gives one state for 20 ms."""
SHORT_WINDOW_S = 10.0
LEAST_S = 3.0
"""At least so much is encoded."""
MARGIN_S = 1.0
"""So much silence behind the speech is encoded with it."""
LONGEST_S = 30.0

Speech = NDArray[np.float32]


class Encoder:
    """Turns speech (mono, 16 kHz, full scale 1.0) into the states that the decoder reads."""

    def __init__(self, model: WhisperModel, example: Speech | None = None) -> None:
        """`example` is an utterance of some seconds; without one every window is encoded whole."""
        self._model = model
        self._quiet = None if example is None else np.array(self.whole(example, SHORT_WINDOW_S))

    def encode(self, speech: Speech, window_s: float) -> StorageView:
        """States of shape (1, seconds * 50, width) for `speech` and silence up to `window_s`."""
        needed_s = max(LEAST_S, speech.size / RATE + MARGIN_S)
        if self._quiet is None or window_s != SHORT_WINDOW_S or needed_s >= SHORT_WINDOW_S:
            return self.whole(speech, window_s)
        states = np.array(self._padded(speech, needed_s))
        joined = np.concatenate((states, self._quiet[:, states.shape[1] :]), axis=1)
        return StorageView.from_array(np.ascontiguousarray(joined))

    def whole(self, speech: Speech, window_s: float) -> StorageView:
        """The same with all of the window encoded: for dictated digits and letters."""
        return self._padded(speech, min(LONGEST_S, max(window_s, speech.size / RATE + MARGIN_S)))

    def _padded(self, speech: Speech, seconds: float) -> StorageView:
        """The features must come from sound that is padded with silence, not from padded features."""
        whole = int(np.ceil(seconds * STATES_S)) * RATE // STATES_S
        features = self._model.feature_extractor(speech, padding=max(0, whole - speech.size))
        return self._model.encode(features)
