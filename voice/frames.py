"""The frames that hearing and speaking add to pipecat's."""

import asyncio
from dataclasses import dataclass, field

from pipecat.frames.frames import DataFrame, TranscriptionFrame

from dialog.types import Hearing, Word

NOTHING_HEARD = Hearing()


@dataclass
class HearingFrame(TranscriptionFrame):
    """The whole turn so far, as heard, while the caller pauses; a later one of the same turn replaces it.

    `text` is never empty.
    """

    hearing: Hearing = NOTHING_HEARD
    decode_s: float = 0.0
    """How long the decoding took, waiting included."""
    words: "asyncio.Future[tuple[Word, ...]] | None" = None
    """The words with their times, once the turn is over; None where the hearing has them.

    Cancelled if the turn goes on."""
    interruptible: bool = field(default=False, init=False)
    """What the caller said is never dropped because they say more."""


@dataclass
class HearingRetractedFrame(DataFrame):
    """The caller goes on: the last `HearingFrame` was not all of the turn."""

    interruptible: bool = field(default=False, init=False)


@dataclass
class SayFrame(DataFrame):
    """One sentence to speak."""

    utterance: int = 0
    text: str = ""
    speed: float = 1.0
    """Relative to the voice's own pace."""
    from_sample: int = 0
    """Where to begin, 8 kHz: not 0 when a sentence goes on that was interrupted by nothing. Whole frames of 20 ms."""
