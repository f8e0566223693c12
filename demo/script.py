"""What a trial caller says, and when: one thing after the other, each after the assistant has finished."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from demo.sip.telephone import RATE, Sound, Telephone
from telephony.line import sources

QUIET_S = 0.9
"""The assistant has finished when it was this long quiet."""
ANSWER_TIMEOUT_S = 20.0
LOUD = 300
"""Peak of a 20 ms frame, int16, from which on it counts as somebody speaking."""
CALLER_PITCH = 1.12
"""The demo's caller is the house voice, spoken higher, so that one can tell the two apart."""


class AudioFileError(Exception):
    """A recording that cannot be played; the text names the file and the rule."""


@dataclass(frozen=True)
class Line:
    """One thing the caller does: sound to play or keys to press."""

    label: str
    sound: Sound | None = None
    keys: str = ""


def read_wav(path: Path) -> Sound:
    """A WAV file as int16 mono 8 kHz: the left channel, resampled.

    Raises:
        AudioFileError: it is missing or not a 16-bit PCM WAV.
    """
    try:
        return sources.read_wav(path.read_bytes())
    except FileNotFoundError:
        raise AudioFileError(f"{path}: there is no such file") from None
    except sources.SoundFileError as error:
        raise AudioFileError(f"{path}: {error}") from None


def as_caller(speech: Sound) -> Sound:
    """The house voice as another person."""
    return np.asarray(soxr.resample(speech, CALLER_PITCH, 1.0, quality="HQ"), dtype=np.int16)


async def follow_script(
    telephone: Telephone, lines: Sequence[Line], next_line: Callable[[], Line | None] = lambda: None
) -> None:
    """Do each line once the assistant has finished; returns when the last answer has been heard.

    `next_line` may give a line to be done before the next one: an answer to what the assistant has asked.
    """
    heard = await until_quiet(telephone, after=0)
    for line in lines:
        while (between := next_line()) is not None and not telephone.ended.is_set():
            heard = await do_line(telephone, between, heard)
        if telephone.ended.is_set():
            return
        heard = await do_line(telephone, line, heard)


async def do_line(telephone: Telephone, line: Line, heard: int) -> int:
    """One line, and the answer to it. Returns up to where the assistant was heard.

    What the assistant was still saying when the line began is no answer: it counts up to the end of the line.
    """
    if line.sound is not None:
        telephone.play(line.sound)
        await _either(telephone.played(), telephone.ended.wait())
        heard = telephone.heard().size
    for key in line.keys:
        await telephone.press(key)
        heard = telephone.heard().size
        await asyncio.sleep(0.3)
    return await until_quiet(telephone, after=heard)


async def until_quiet(telephone: Telephone, after: int) -> int:
    """Wait until the assistant spoke behind sample `after` and was then quiet. Returns where that was."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            while not telephone.ended.is_set():
                heard = telephone.heard()
                spoken_until = last_loud(heard[after:])
                if spoken_until and heard.size - after - spoken_until > QUIET_S * RATE:
                    return after + spoken_until
                await asyncio.sleep(0.05)
    except TimeoutError:
        pass
    return telephone.heard().size


def last_loud(sound: Sound) -> int:
    """The end of the last 20 ms frame in which somebody speaks, in samples; 0 if nobody does."""
    frames = sound[: sound.size // 160 * 160].reshape(-1, 160).astype(np.int32)
    loud = np.flatnonzero(np.abs(frames).max(axis=1, initial=0) > LOUD)
    return int(loud[-1] + 1) * 160 if loud.size else 0


async def _either(*waits: Coroutine[object, object, object]) -> None:
    tasks = [asyncio.create_task(wait) for wait in waits]
    _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
