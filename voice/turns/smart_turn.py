"""Smart Turn: whether the caller sounds as if they had finished, judged by their melody alone."""

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from pipecat.audio.turn.smart_turn._whisper_features import compute_whisper_log_mel_features

RATE = 16000
MODEL_S = 8
"""The model looks at so many seconds, with silence in front of what is shorter."""
AS_IF_QUIET_S = 0.2
"""Silence put behind the sound: with less than 0.2 s of it the model takes finished turns for unfinished. Measured on
58 utterances: judged so 0.06 s after the voice, 93 % as with 0.24 s of the line's own quiet (correlation 0.97)."""


class SmartTurn:
    """One shared model. pipecat's own class loads a model for each call."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def finished(self, sound: NDArray[np.int16]) -> float:
        """How likely the turn in int16 mono 16 kHz is finished, 0 to 1, if nothing follows. Blocks for some 30 ms."""
        quiet = int(AS_IF_QUIET_S * RATE)
        last = sound[-(MODEL_S * RATE - quiet) :].astype(np.float32) / 32768.0
        padded = np.pad(last, (MODEL_S * RATE - quiet - last.size, quiet))
        features = compute_whisper_log_mel_features(padded)
        outputs = self._session.run(None, {"input_features": features[np.newaxis]})
        return float(outputs[0][0].item())
