"""What callers say, out of files, as a telephone brings it in: 8 kHz, through µ-law."""

import csv
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from telephony.media import ulaw

RATE = 8000
NOISE_DB = 10.0
Sound = NDArray[np.int16]


@dataclass(frozen=True)
class Segment:
    """One utterance of a call."""

    speaker: str
    sound: Sound
    said: str


def phone(sound: Sound) -> Sound:
    """The sound as a call brings it in: through µ-law."""
    heard: Sound = ulaw.decode(ulaw.encode(sound))
    return heard


def read_wave(path: Path) -> Sound:
    """A 16-bit mono file at 8 kHz."""
    with wave.open(str(path)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
        rate = file.getframerate()
    return pcm if rate == RATE else np.asarray(soxr.resample(pcm, rate, RATE), dtype=np.int16)


def read_segments(table: Path, audio: Path) -> list[Segment]:
    """The utterances that the table names.

    Raises:
        SystemExit: a column or a file is missing; says which.
    """
    needed = {"sid", "speaker", "start_ms_in_channel_wav", "duration_ms", "human_transcript"}
    sounds: dict[Path, Sound] = {}
    segments = []
    with table.open(newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        missing = needed - set(reader.fieldnames or ())
        if missing:
            raise SystemExit(f"{table}: the columns {', '.join(sorted(missing))} are missing")
        for number, row in enumerate(reader, start=2):
            path = audio / row["speaker"] / f"{row['sid']}.wav"
            if path not in sounds:
                if not path.is_file():
                    raise SystemExit(f"{table}, line {number}: there is no {path}")
                sounds[path] = read_wave(path)
            start = int(row["start_ms_in_channel_wav"]) * RATE // 1000
            length = int(row["duration_ms"]) * RATE // 1000
            segments.append(
                Segment(row["speaker"], sounds[path][start : start + length], row["human_transcript"])
            )
    return segments


def with_noise(sound: Sound, noise: Sound) -> Sound:
    """`sound` with noise at 10 dB below it."""
    part = np.resize(noise, sound.size).astype(np.float64)
    power = (sound.astype(np.float64) ** 2).mean() / max(1.0, (part**2).mean())
    mixed = sound + part * np.sqrt(power / 10 ** (NOISE_DB / 10))
    noisy: Sound = np.clip(mixed, -32768, 32767).astype(np.int16)
    return noisy
