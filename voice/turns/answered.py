"""A clear yes or no to a question that asks for one ends the turn at once."""

from dialog.grammar.yes_no import yes_or_no
from dialog.types import ExpectationKind
from voice.turns.pause import Pause, words

AT_ONCE_S = 0.2
LONGEST = 4
"""Words: "yes" and "no, thank you" are answers, "no, I mean the other" goes on."""


def answered(pause: Pause) -> float | None:
    """How long to wait after a yes or no that was asked for."""
    if pause.expectation.kind is not ExpectationKind.YES_NO or len(words(pause.text)) > LONGEST:
        return None
    return AT_ONCE_S if yes_or_no(pause.text) is not None else None
