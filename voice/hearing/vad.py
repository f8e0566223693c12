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
GO_ON = 0.4
"""What a voice must keep to go on: its end must not be heard late."""
DECISIVE = 0.5
RESUME_WINDOWS = 2


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
        self,
        silero: onnxruntime.InferenceSession,
        on_window: Callable[[NDArray[np.int16], float], None] = lambda _window, _probability: None,
    ) -> None:
        """`on_window` is told of every window of 512 samples and how likely it holds a voice."""
        # Telephone callers are as quiet as -39 dBFS: loudness says nothing about speech here.
        params = VADParams(confidence=DECISIVE, start_secs=START_S, stop_secs=STOP_S, min_volume=0.0)
        super().__init__(sample_rate=RATE, params=params)
        self._gate = webrtcvad.Vad(AGGRESSIVENESS)
        self._silero = SileroStream(silero)
        self._on_window = on_window
        self._awake = 0
        self._quiet_windows = 0
        self._voiced_windows = 0
        self._state = VADState.QUIET

    @property
    def quiet_s(self) -> float:
        """How long the caller has been quiet since the last window with a voice in it."""
        return self._quiet_windows * WINDOW / RATE

    def num_frames_required(self) -> int:
        """Samples in a window."""
        return WINDOW

    def voice_confidence(self, buffer: bytes) -> float:
        """1.0 where a window of 512 int16 samples holds a voice, else 0.0."""
        window = np.frombuffer(buffer, dtype=np.int16)
        probability = self.probability(window)
        talking = self._state in {VADState.SPEAKING, VADState.STOPPING}
        voiced = probability >= (GO_ON if talking else BEGIN)
        self._count_quiet(voiced=voiced, talking=talking)
        self._on_window(window, probability)
        return float(voiced)

    def _count_quiet(self, *, voiced: bool, talking: bool) -> None:
        """In a pause, one window that may be a voice is no voice yet: breath and clicks are as short."""
        self._voiced_windows = self._voiced_windows + 1 if voiced else 0
        goes_on = self._voiced_windows >= (1 if talking else RESUME_WINDOWS)
        self._quiet_windows = 0 if goes_on else self._quiet_windows + 1

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
