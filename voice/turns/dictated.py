"""A dictated number or spelling is said in groups, with pauses to look at a paper: it ends when it is complete."""

from dialog.grammar.digits import digits_in
from dialog.types import ExpectationKind
from voice.turns.pause import Pause, words

COMPLETE_S = 0.3
BETWEEN_GROUPS_S = 1.7
"""Survives pauses of 1.2 s and more between groups."""
LAST_GROUP_S = 1.4
"""Where nobody knows how many digits there are."""
HARDLY = 0.35
"""Below this confidence, 0 to 1, groups may have been written twice: "four seven" as 4747."""
MOST = 40
DIGIT_WORDS = frozenset("zero oh one two three four five six seven eight nine ten double triple".split())  # noqa: SIM905


def dictated(pause: Pause) -> float | None:
    """How long to wait while digits or letters are being dictated."""
    kind, expected = pause.expectation.kind, pause.expectation.digits
    if kind is ExpectationKind.SPELLED:
        return BETWEEN_GROUPS_S if any(len(word) == 1 for word in words(pause.text)) else None
    if kind is ExpectationKind.DIGITS:
        digits = digits_in(pause.text, 1, MOST, sound_alikes=True) or ""
        if not digits:
            return None
        if expected is None:
            return LAST_GROUP_S
        complete = len(digits) >= expected and pause.confidence >= HARDLY
        return COMPLETE_S if complete else BETWEEN_GROUPS_S
    return LAST_GROUP_S if _breaks_off_in_a_number(pause.text) else None


def _breaks_off_in_a_number(text: str) -> bool:
    """Whether it ends in one or two single digits: a longer number has only begun."""
    said = words(text)
    run = 0
    while run < len(said) and _is_digit(said[-1 - run]):
        run += 1
    return 0 < run <= 2 < len(said)


def _is_digit(word: str) -> bool:
    return word in DIGIT_WORDS or (word.isdigit() and len(word) <= 2)
