"""Smart Turn: whether the caller sounds as if they had finished, with one shared model."""

from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from pipecat.audio.turn.base_turn_analyzer import EndOfTurnState
from pipecat.audio.turn.smart_turn._whisper_features import compute_whisper_log_mel_features
from pipecat.audio.turn.smart_turn.base_smart_turn import BaseSmartTurn, SmartTurnParams
from pipecat.metrics.metrics import MetricsData

from voice.workers import Worker

RATE = 16000
MODEL_SAMPLES = 8 * RATE
PATIENCE_S = 1.5
"""Silence that ends a turn however unfinished it sounds."""
FINISHED = 0.5


class SharedSmartTurn(BaseSmartTurn):
    """End-of-turn detection of one call. pipecat's own class loads a model of its own for each call."""

    def __init__(self, session: onnxruntime.InferenceSession, worker: Worker) -> None:
        super().__init__(sample_rate=RATE, params=SmartTurnParams(stop_secs=PATIENCE_S))
        self._session = session
        self._worker = worker

    async def analyze_end_of_turn(self) -> tuple[EndOfTurnState, MetricsData | None]:
        """Judge the sound since the turn began, on the shared thread."""
        state, metrics = await self._worker.run(self._process_speech_segment, list(self._audio_buffer))
        if state is EndOfTurnState.COMPLETE:
            self.clear()
        return state, metrics

    def _predict_endpoint(self, audio_array: NDArray[np.float32]) -> dict[str, Any]:
        """The model wants the last 8 s, with silence in front of what is shorter."""
        sound = audio_array[-MODEL_SAMPLES:]
        sound = np.pad(sound, (MODEL_SAMPLES - sound.size, 0))
        features = compute_whisper_log_mel_features(sound)
        outputs = self._session.run(None, {"input_features": features[np.newaxis]})
        probability = float(outputs[0][0].item())
        return {"prediction": int(probability > FINISHED), "probability": probability}
