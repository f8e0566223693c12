"""The frames that hearing and speaking add to pipecat's."""

from dataclasses import dataclass

from pipecat.frames.frames import DataFrame, TranscriptionFrame

from dialog.types import Hearing

NOTHING_HEARD = Hearing()


@dataclass
class HearingFrame(TranscriptionFrame):
    """The whole turn so far, as heard; a later one of the same turn replaces it. `text` is never empty."""

    hearing: Hearing = NOTHING_HEARD
    decode_s: float = 0.0
    """How long the decoding took, waiting included."""


@dataclass
class SayFrame(DataFrame):
    """One sentence to speak."""

    utterance: int = 0
    text: str = ""
