"""The models of one process: each loaded when first asked for, and once."""

from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from threading import RLock

import numpy as np
from faster_whisper import WhisperModel

from models.catalogue import Catalogue, load_catalogue
from models.cores import utterance_threads
from models.embedder import Embedder
from models.kept import KeptArrays
from models.kept_vectors import KeptVectors
from models.prepare import ready_dir

WHISPER, PIPER, MINILM, SILERO, SMART_TURN = (
    "whisper-base",
    "piper-joe",
    "minilm-l6",
    "silero-vad",
    "smart-turn",
)


class ModelShelf:
    """Loads the catalogue's models from the cache. Made once, where the process puts its parts together.

    Every method raises ModelFileError (NOT_PREPARED) where the model is not in the cache.
    """

    def __init__(
        self, catalogue: Catalogue | None = None, threads: int | None = None, utterances_at_once: int = 1
    ) -> None:
        """`threads` for one utterance; without it, as many as this machine's cores are worth.

        Each of `utterances_at_once` needs memory of its own.
        """
        self._catalogue = catalogue or load_catalogue()
        self._threads = threads or utterance_threads()
        self._utterances_at_once = utterances_at_once
        self._lock = RLock()

    def whisper(self) -> WhisperModel:
        """Speech to text, int8."""
        with self._lock:
            return self._whisper

    def voice_path(self) -> Path:
        """Text to speech: the folder with the voice, whole and in its two halves."""
        return self._folder(PIPER)

    def embedder(self) -> Embedder:
        """Sentence vectors."""
        with self._lock:
            return self._embedder

    def kept_vectors(self, said: Collection[str] = ()) -> KeptVectors:
        """The embedder for one playbook: what is embedded while it is being built is there at the next start.

        Not so the vectors of what callers `said`, which a version has learnt.
        """
        return KeptVectors(self.embedder(), KeptArrays.named("vectors", np.float32), said)

    def kept_speech(self) -> KeptArrays[np.int16]:
        """Prompts of playbooks as telephone speech, int16 mono 8 kHz."""
        return KeptArrays.named("speech", np.int16)

    def silero_path(self) -> Path:
        """Voice activity, an ONNX file."""
        return self._folder(SILERO) / "silero_vad.onnx"

    def smart_turn_path(self) -> Path:
        """End of turn, an ONNX file."""
        return self._folder(SMART_TURN) / "smart-turn-v3.2-cpu.onnx"

    def versions(self) -> dict[str, str]:
        """Each model's name with the start of its largest file's sha256, for the event log."""
        return {
            model.name: max(model.file, key=lambda file: file.size).sha256[:12]
            for model in self._catalogue.model
        }

    @cached_property
    def _whisper(self) -> WhisperModel:
        folder = str(self._folder(WHISPER))
        return WhisperModel(
            folder,
            device="cpu",
            compute_type="int8",
            cpu_threads=self._threads,
            num_workers=self._utterances_at_once,
            local_files_only=True,
        )

    @cached_property
    def _embedder(self) -> Embedder:
        return Embedder(self._folder(MINILM), threads=self._threads)

    def _folder(self, name: str) -> Path:
        return ready_dir(self._catalogue.named(name))
