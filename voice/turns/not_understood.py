"""What makes no sense yet may be half of something that will: asking back can wait a moment."""

from voice.hearing.guard import DOUBTFUL
from voice.turns.melody import FINISHED
from voice.turns.pause import Pause, words

MORE_MAY_COME_S = 0.9
DOUBTFUL_S = 1.3
"""Half a phrase is often written as another."""
SENSIBLE_S = 0.6
"""Doubtful words that have an answer and whose melody has come down are mostly all there was."""


def not_understood(pause: Pause) -> float | None:
    """How long to wait behind words that the dialog has no answer to, or that were hardly heard."""
    if not words(pause.text):
        return None
    if pause.confidence < DOUBTFUL:
        return SENSIBLE_S if pause.makes_sense and pause.finished >= FINISHED else DOUBTFUL_S
    return None if pause.makes_sense else MORE_MAY_COME_S
