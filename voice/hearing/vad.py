"""Voice activity: webrtcvad in front of Silero.

webrtcvad costs a few microseconds a frame and rejects silence; Silero runs only on sound that may be a voice,
and for a moment after it, so that an open call in which nobody speaks costs next to nothing.
"""

from collections.abc import Callable

import numpy as np
import onnxruntime
import webrtcvad
from numpy.typing import NDArray
from pipecat.audio.vad.vad_analyzer import VADAnalyzer, VADParams, VADState

RATE = 16000
WINDOW = 512
CONTEXT = 64
FRAME = 160
"""webrtcvad takes 10 ms at a time: three of them in a window, the rest is left to Silero."""
AGGRESSIVENESS = 1
HANGOVER_WINDOWS = 10
"""Silero stays awake for 320 ms after webrtcvad heard something, to see the end of a word."""
START_S = 0.12
STOP_S = 0.2
BEGIN = 0.2
"""Silero's probability from which on a voice begins. So low, mumbled words are heard. Measured behind the gate:
of four minutes of office and kitchen noise, at its own loudness and four times it, nothing is taken for a voice."""
CUT_IN = 0.37
"""What it takes to cut in on us: breath and voices in the background must not. Measured on four real callers, each at
six offsets to the windows: what lies outside their words reaches 0.36, the faintest of their words 0.28 to 0.69."""
GO_ON = 0.4
"""What a voice must keep to go on: its end must not be heard late."""
DECISIVE = 0.5


class SileroStream:
    """Silero on one stream: the shared model and the stream's own memory."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._rate = np.array(RATE, dtype=np.int64)
        self._state = np.zeros((2, 1, 128), dtype=np.float32)
        self._context = np.zeros(CONTEXT, dtype=np.float32)

    def probability(self, window: NDArray[np.float32]) -> float:
        """How likely 512 samples at 16 kHz hold a voice, 0 to 1."""
        sound = np.concatenate((self._context, window))[np.newaxis, :]
        self._context = window[-CONTEXT:]
        out, self._state = self._session.run(None, {"input": sound, "state": self._state, "sr": self._rate})
        return float(out[0, 0])


class CascadeVad(VADAnalyzer):
    """The voice activity of one call, 16 kHz mono."""

    def __init__(
        self, silero: onnxruntime.InferenceSession, we_speak: Callable[[], bool] = lambda: False
    ) -> None:
        """`we_speak` tells whether the caller hears us now."""
        # Telephone callers are as quiet as -39 dBFS: loudness says nothing about speech here.
        params = VADParams(confidence=DECISIVE, start_secs=START_S, stop_secs=STOP_S, min_volume=0.0)
        super().__init__(sample_rate=RATE, params=params)
        self._gate = webrtcvad.Vad(AGGRESSIVENESS)
        self._silero = SileroStream(silero)
        self._we_speak = we_speak
        self._awake = 0
        self._state = VADState.QUIET

    def num_frames_required(self) -> int:
        """Samples in a window."""
        return WINDOW

    def voice_confidence(self, buffer: bytes) -> float:
        """1.0 where a window of 512 int16 samples holds a voice, else 0.0."""
        return float(self.probability(np.frombuffer(buffer, dtype=np.int16)) >= self._enough())

    def _enough(self) -> float:
        if self._state in {VADState.SPEAKING, VADState.STOPPING}:
            return GO_ON
        return CUT_IN if self._we_speak() else BEGIN

    def probability(self, samples: NDArray[np.int16]) -> float:
        """How likely a window holds a voice; 0.0 where the gate is shut.

        Silero keeps its memory while it sleeps: waking with an empty one, it misses the first short word.
        """
        if self._may_be_voice(samples):
            self._awake = HANGOVER_WINDOWS
        elif self._awake == 0:
            return 0.0
        else:
            self._awake -= 1
        return self._silero.probability(samples.astype(np.float32) / 32768.0)

    async def analyze_audio(self, buffer: bytes) -> VADState:
        """Judge the next sound. In place: 0.2 ms at most, less than the way to a thread and back."""
        self._state = self._run_analyzer(buffer)
        return self._state

    def _may_be_voice(self, samples: NDArray[np.int16]) -> bool:
        return any(
            self._gate.is_speech(samples[start : start + FRAME].tobytes(), RATE)
            for start in range(0, WINDOW - FRAME + 1, FRAME)
        )

    def _get_smoothed_volume(self, audio: bytes) -> float:
        """No loudness is measured, see the parameters."""
        return 1.0
