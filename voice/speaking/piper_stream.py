"""Piper as a stream: the encoder once a sentence, the generator piece by piece.

Exact to rendering in one go (to 2e-6, the order in which numbers are added): each piece is rendered with
`CONTEXT` frames on both sides, more than the generator looks at, and those are cut off again.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from piper import PiperVoice
from piper.config import PiperConfig

from models.cores import speech_threads
from models.piper_split import ENCODER, GENERATOR

CONTEXT = 10
"""Frames that the generator needs on each side."""
FIRST_FRAMES = 20
"""A short first piece (232 ms with Piper's medium voices), so that it is there soon."""
MORE_FRAMES = 80
"""Later pieces are longer: less of the work goes into their context."""

Sound = NDArray[np.float32]
Frames = NDArray[np.float32]
"""(1, channels, frames), as the encoder leaves them."""


@dataclass(frozen=True)
class Variation:
    """How much a sentence varies from one rendering to the next, and how fast it is spoken."""

    noise: float
    length: float
    noise_w: float

    @property
    def still(self) -> "Variation":
        """The same speed, and always the same sound."""
        return replace(self, noise=0.0, noise_w=0.0)

    def at(self, speed: float) -> "Variation":
        """The same at `speed` times the voice's own pace."""
        return replace(self, length=self.length / speed)


class PiperStream:
    """One loaded voice in two halves. All methods block; use them on a worker thread."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds the two halves and the voice's own `.onnx.json`."""
        config = PiperConfig.from_dict(json.loads(next(folder.glob("*.onnx.json")).read_text()))
        # The generator goes on while somebody is heard: a second thread only where it has a core of its own.
        self._encoder = _session(folder / ENCODER, threads=2)
        self._generator = _session(folder / GENERATOR, threads=speech_threads())
        self._phonemizer = PiperVoice(session=self._encoder, config=config)
        self._seam = self._generator.get_inputs()[0].name
        self.rate = config.sample_rate
        self.samples_per_frame = config.hop_length
        self.variation = Variation(config.noise_scale, config.length_scale, config.noise_w_scale)

    def sentences(self, text: str) -> list[list[int]]:
        """The phoneme ids of each sentence in `text`."""
        return [self._phonemizer.phonemes_to_ids(sentence) for sentence in self.phonemes(text) if sentence]

    def phonemes(self, text: str) -> list[list[str]]:
        """The phonemes of each sentence in `text`, one character each: IPA as espeak writes it."""
        return self._phonemizer.phonemize(text)  # type: ignore[no-any-return]

    def encode(self, ids: list[int], variation: Variation | None = None) -> Frames:
        """One sentence as the generator's frames."""
        vary = variation or self.variation
        frames: Frames = self._encoder.run(
            None,
            {
                "input": np.array([ids], dtype=np.int64),
                "input_lengths": np.array([len(ids)], dtype=np.int64),
                "scales": np.array([vary.noise, vary.length, vary.noise_w], dtype=np.float32),
            },
        )[0]
        return frames

    def generate(self, frames: Frames, start: int, end: int) -> Sound:
        """The sound of the frames from `start` to `end`, at the voice's rate."""
        count = frames.shape[2]
        first, last = max(0, start - CONTEXT), min(count, end + CONTEXT)
        sound = self._generator.run(None, {self._seam: frames[:, :, first:last]})[0].reshape(-1)
        skipped = (start - first) * self.samples_per_frame
        wanted = (min(count, end) - start) * self.samples_per_frame
        piece: Sound = sound[skipped : skipped + wanted]
        return piece


def pieces(frames: int) -> Iterator[tuple[int, int]]:
    """Where to cut a sentence of so many frames: a short piece first, then longer ones."""
    start, size = 0, FIRST_FRAMES
    while start < frames:
        yield start, min(frames, start + size)
        start, size = start + size, MORE_FRAMES


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A thread that spins while it waits takes the core from the recogniser.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
