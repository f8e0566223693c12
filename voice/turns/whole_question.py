"""A question that is whole and has an answer is one, even where its melody stays up as if more would come."""

from voice.turns.melody import FINISHED
from voice.turns.pause import Pause

ASKED_S = 0.5


def whole_question(pause: Pause) -> float | None:
    """How long to wait behind a question that the dialog can answer. Half ones are told by their words before."""
    sounds_open = pause.finished < FINISHED
    return ASKED_S if sounds_open and pause.makes_sense and pause.text.rstrip().endswith("?") else None
