"""From text to telephone speech with one voice, at one level, step by step."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from telephony.media.transport import FRAME_SAMPLES
from voice.speaking.clauses import clauses
from voice.speaking.piper_stream import PiperStream, Sound, Variation, pieces
from voice.speaking.pronunciation import Pronunciation
from voice.speaking.rendering import Speech
from voice.speaking.spoken_form import spoken_form

TELEPHONE_RATE = 8000
LEVEL_DBFS = -22.0
"""Mean level while speaking: what telephone networks expect (ITU-T P.56 asks for -26 to -16)."""
CALIBRATION = "This line is recorded. What can I do for you today?"
LEAD_LEVEL = 0.01
LEAD_S = 0.01
"""So much is left of the silence before the first sound above `LEAD_LEVEL`."""
CEILING = 0.9
"""Sound beyond this is bent, not cut."""


class Renderer:
    """Renders any text. Blocks, but holds no state between texts: use it from any thread."""

    def __init__(self, voice: PiperStream, pronunciation: Mapping[str, str] | None = None) -> None:
        """`pronunciation`: written words and how they should be said."""
        self._voice = voice
        self._gain = level_gain(voice)
        self._pronounce = Pronunciation(pronunciation or {})

    @classmethod
    def load(cls, folder: Path, pronunciation: Mapping[str, str] | None = None) -> "Renderer":
        """The voice in `folder`."""
        return cls(PiperStream(folder), pronunciation)

    def render(self, text: str, *, still: bool = False) -> Speech:
        """`text` in one go, int16 mono 8 kHz; empty when there is nothing to pronounce.

        `still` renders it the same each time, as no person would say it twice.
        """
        made = list(self.steps(text, still=still))
        return np.concatenate(made) if made else np.zeros(0, dtype=np.int16)

    def steps(self, text: str, speed: float = 1.0, *, still: bool = False) -> Iterator[Speech]:
        """`text` piece by piece, in whole frames of 20 ms. Each step blocks for some hundredths of a second.

        `speed` is relative to the voice's own pace.

        The level is the same whatever the sentence: Piper scales each to its own peak, which cannot be known before
        its end and makes short sentences louder than long ones.
        """
        # The clauses of a text are one stream: no seam is heard between them.
        resampler = soxr.ResampleStream(self._voice.rate, TELEPHONE_RATE, 1, dtype="float32", quality="HQ")
        rest: Sound = np.zeros(0, dtype=np.float32)
        for sound in _without_lead(
            self._sounds(self.spoken(text), self._variation(speed, still=still)), self._voice.rate
        ):
            rest = np.concatenate((rest, resampler.resample_chunk(sound * self._gain)))
            whole = rest.size - rest.size % FRAME_SAMPLES
            if whole:
                yield _telephone(rest[:whole])
                rest = rest[whole:]
        rest = np.concatenate((rest, resampler.resample_chunk(np.zeros(0, dtype=np.float32), last=True)))
        if rest.size:
            yield _telephone(np.pad(rest, (0, -rest.size % FRAME_SAMPLES)))

    def seconds(self, text: str, speed: float = 1.0) -> float:
        """How long `text` takes, without making its sound, which is most of the work.

        As it would be spoken now: the voice says nothing twice in quite the same time.
        """
        variation = self._variation(speed, still=False)
        frames = sum(
            self._voice.encode(ids, variation).shape[2]
            for clause in clauses(self.spoken(text))
            for ids in self._voice.sentences(clause)
        )
        seconds: float = frames * self._voice.samples_per_frame / self._voice.rate
        return seconds

    def spoken(self, text: str) -> str:
        """`text` with its numbers, names and signs as they are said."""
        return spoken_form(self._pronounce(text))

    def _variation(self, speed: float, *, still: bool) -> Variation:
        usual = self._voice.variation.still if still else self._voice.variation
        return usual.at(speed)

    def _sounds(self, text: str, variation: Variation) -> Iterator[Sound]:
        for clause in clauses(text):
            for ids in self._voice.sentences(clause):
                frames = self._voice.encode(ids, variation)
                for start, end in pieces(frames.shape[2]):
                    yield self._voice.generate(frames, start, end)


def level_gain(voice: PiperStream) -> float:
    """What brings `voice` to `LEVEL_DBFS`, measured on one text spoken without variation."""
    sounds = []
    for ids in voice.sentences(CALIBRATION):
        frames = voice.encode(ids, voice.variation.still)
        sounds.append(voice.generate(frames, 0, frames.shape[2]))
    return float(10 ** ((LEVEL_DBFS - speech_level_dbfs(np.concatenate(sounds), voice.rate)) / 20))


def speech_level_dbfs(sound: NDArray[np.float32], rate: int) -> float:
    """The mean level of those 20 ms that are within 20 dB of the loudest: speech without its pauses."""
    frame = rate // 50
    whole = sound[: sound.size // frame * frame].reshape(-1, frame).astype(np.float64)
    power = (whole**2).mean(axis=1)
    return float(10 * np.log10(power[power > power.max() / 100].mean()))


def _without_lead(sounds: Iterator[Sound], rate: int) -> Iterator[Sound]:
    """`sounds` without the silence that Piper begins with, some 50 ms in which the caller would wait for nothing."""
    for first in sounds:
        audible = np.abs(first) > LEAD_LEVEL
        if audible.any():
            yield first[max(0, int(audible.argmax()) - int(LEAD_S * rate)) :]
            break
    yield from sounds


def _telephone(sound: Sound) -> Speech:
    over = np.abs(sound) > CEILING
    if over.any():
        headroom = 1.0 - CEILING
        bent = CEILING + headroom * np.tanh((np.abs(sound[over]) - CEILING) / headroom)
        sound = sound.copy()
        sound[over] = np.copysign(bent, sound[over])
    speech: Speech = np.rint(sound * 32767).astype(np.int16)
    return speech
