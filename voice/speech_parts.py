"""The speech models of one process, loaded once and shared by all its calls."""

from collections.abc import Iterable
from pathlib import Path

import onnxruntime
from faster_whisper import WhisperModel
from piper import PiperVoice

from voice.hearing.recogniser import Recogniser
from voice.speaking.synthesis import Synthesiser
from voice.workers import Worker


class SpeechParts:
    """Recogniser, synthesiser, VAD and turn model with the threads they run on."""

    def __init__(self, whisper: WhisperModel, piper: PiperVoice, silero: Path, smart_turn: Path) -> None:
        self.recogniser = Recogniser(whisper)
        self.synthesiser = Synthesiser(piper)
        self.silero = open_session(silero)
        self.smart_turn = open_session(smart_turn)
        self.hearing_worker = Worker("hearing")
        self.turn_worker = Worker("turn")
        self.speaking_worker = Worker("speaking")

    def prepare(self, sentences: Iterable[str]) -> None:
        """Render sentences that every call says, before the first call asks for them."""
        for sentence in sentences:
            self.synthesiser.render(sentence)

    def stop(self) -> None:
        """Stop the threads."""
        for worker in (self.hearing_worker, self.turn_worker, self.speaking_worker):
            worker.stop()


def open_session(model: Path) -> onnxruntime.InferenceSession:
    """One thread a session: the calls share the cores, not one call all of them."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])
