"""The speech models of one process, loaded once and shared by all its calls."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import onnxruntime
from faster_whisper import WhisperModel
from loguru import logger
from numpy.typing import NDArray

from models.kept import KeptArrays
from voice.fair_queue import Lane
from voice.hearing.recogniser import Recogniser, Recognition
from voice.speaking.kept_speech import KeptSpeech
from voice.speaking.renderer import Renderer
from voice.speaking.synthesis import Synthesiser
from voice.turns.smart_turn import SmartTurn
from voice.workers import Worker

EXAMPLE = "I have lost my card, can you send me a new one?"
"""What the recogniser gets as an example of an utterance, in our own voice."""


class SpeechParts:
    """Recogniser, synthesiser, VAD and turn model with the threads they run on."""

    def __init__(
        self,
        whisper: WhisperModel,
        voice: Path,
        silero: Path,
        smart_turn: Path,
        pronunciation: Mapping[str, str] | None = None,
        kept: KeptArrays[np.int16] | None = None,
        utterances_at_once: int = 1,
    ) -> None:
        """`pronunciation`: written words and how our voice should say them. `kept`: speech of earlier processes.

        `whisper` must have been loaded with as many workers as `utterances_at_once`.
        """
        self.hearing_worker = Worker("hearing", utterances_at_once)
        self.turn_worker = Worker("turn")
        self.speaking_worker = Worker("speaking")
        renderer = self.renderer = Renderer.load(voice, pronunciation)
        self.recogniser = open_recogniser(whisper, renderer)
        self.synthesiser = Synthesiser(
            renderer, self.speaking_worker, None if kept is None else KeptSpeech(renderer, kept)
        )
        self.silero = open_session(silero)
        self._smart_turn = SmartTurn(open_session(smart_turn))

    async def finished(self, sound: NDArray[np.int16], owner: str) -> float:
        """How finished the turn sounds of the call `owner`, 0 to 1."""
        return await self.turn_worker.run(lambda: self._smart_turn.finished(sound), owner)

    async def first_word(self, sound: NDArray[np.int16], owner: str) -> str:
        """What the first sounds of the call `owner` may be, int16 mono 8 kHz; empty where that is not known."""
        try:
            return await self.hearing_worker.run(lambda: self.recogniser.first_word(sound), owner)
        except Exception as error:  # noqa: BLE001 - without the word we stop speaking, as for any other
            logger.bind(error=type(error).__name__).debug("no first word")
            return ""

    async def heard(self, sound: NDArray[np.int16], owner: str) -> Recognition:
        """What was said in int16 mono 8 kHz that nobody waits for: after everything else."""
        return await self.hearing_worker.run(lambda: self.recogniser.recognise(sound), owner, Lane.IDLE)

    def take_wait_s(self) -> float:
        """How long a final text or a first sound waited for its model since this was last asked."""
        return max(self.hearing_worker.take_wait_s(), self.speaking_worker.take_wait_s())

    def prepare(self, sentences: Iterable[str], speed: float = 1.0) -> None:
        """Make ready what every call needs, before the first one asks for it."""
        for sentence in sentences:
            self.synthesiser.prepare(sentence, speed)
        self.synthesiser.save()
        silence = np.zeros(16000, dtype=np.int16)
        self.recogniser.recognise(silence)
        self._smart_turn.finished(silence)

    async def warm(self, sentences: Iterable[str], speed: float, may: Callable[[], bool]) -> None:
        """Render more sentences for calls to come, one after the other, while nobody is being served."""
        for sentence in sentences:
            while not may():  # noqa: ASYNC110 - nothing tells when there is none
                await asyncio.sleep(1.0)
            await self.synthesiser.warm(sentence, speed)
        await asyncio.to_thread(self.synthesiser.save)

    def stop(self) -> None:
        """Stop the threads."""
        for worker in (self.hearing_worker, self.turn_worker, self.speaking_worker):
            worker.stop()


def open_recogniser(whisper: WhisperModel, renderer: Renderer) -> Recogniser:
    """The recogniser with its example: always the same sound, because how well it hears depends on it."""
    return Recogniser(whisper, example=renderer.render(EXAMPLE, still=True))


def open_session(model: Path) -> onnxruntime.InferenceSession:
    """One thread a session: the calls share the cores, not one call all of them."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])
