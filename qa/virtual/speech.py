"""The speech models for calls that are run again: loaded once, and for each call as if it were the first."""

import copy
from collections.abc import Collection, Iterator
from functools import lru_cache

from faster_whisper import WhisperModel

from qa.virtual.costs import HEARING_S, SPEAKING_S, TURN_S, Spent
from qa.virtual.recognising import SteppingRecogniser
from qa.virtual.worker import VirtualWorker
from voice.hearing.recogniser import USUAL, Decoding
from voice.speaking.renderer import Renderer
from voice.speaking.rendering import Rendering, Speech
from voice.speaking.synthesis import Synthesiser
from voice.speech_parts import EXAMPLE, SpeechParts
from voice.workers import Worker

MOST_KEPT = 2000
"""Sentences whose sound is kept, about 40 MB."""


class StillRenderer(Renderer):
    """The voice without its variation: a sentence has the same length in every run. What it has said is kept."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._kept = lru_cache(MOST_KEPT)(self._made)

    def steps(self, text: str, speed: float = 1.0, *, still: bool = True) -> Iterator[Speech]:
        """`text` piece by piece, always the same."""
        return (piece for piece in self._kept(text, speed))

    def spoken(self, text: str) -> str:
        """As it is said."""
        return self._renderer.spoken(text)

    def _made(self, text: str, speed: float) -> tuple[Speech, ...]:
        return tuple(self._renderer.steps(text, speed, still=True))


class StandingSynthesiser(Synthesiser):
    """Has the playbook's fixed sentences ready, as a server has that has been running for a while."""

    def __init__(self, renderer: Renderer, worker: Worker, standing: Collection[str]) -> None:
        super().__init__(renderer, worker)
        self._standing = standing

    def start(self, text: str, speed: float = 1.0) -> Rendering:
        """As `Synthesiser.start`."""
        if text in self._standing:
            self.prepare(text, speed)
        return super().start(text, speed)


class RerunSpeech:
    """Gives each call speech parts of its own on shared models. Belongs to one process."""

    def __init__(self, parts: SpeechParts, whisper: WhisperModel, decoding: Decoding = USUAL) -> None:
        self._parts = parts
        self.voice = StillRenderer(parts.renderer)
        example = parts.renderer.render(EXAMPLE, still=True)
        self._recogniser = SteppingRecogniser(whisper, example, decoding=decoding)

    def for_call(self, standing: Collection[str], spent: Spent) -> SpeechParts:
        """The parts of one call, whose work takes modelled time; make them on the loop that they are used on."""
        parts = copy.copy(self._parts)
        parts.hearing_worker = VirtualWorker("hearing", HEARING_S, spent)
        parts.turn_worker = VirtualWorker("turn", TURN_S, spent)
        parts.speaking_worker = VirtualWorker("speaking", SPEAKING_S, spent)
        parts.recogniser = self._recogniser.for_call()
        parts.synthesiser = StandingSynthesiser(self.voice, parts.speaking_worker, standing)
        return parts
