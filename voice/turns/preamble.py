"""A word that only opens a turn ("hi", "yes, …", "okay, so") is mostly followed by the matter itself."""

from dialog.types import ExpectationKind
from voice.turns.pause import Pause, words

FOLLOWS_S = 0.8
OPENERS = frozenset(
    (
        *(
            "hi",
            "hello",
            "hey",
            "yes",
            "yeah",
            "okay",
            "ok",
            "so",
            "well",
            "right",
            "alright",
            "please",
            "sorry",
        ),
        *("good", "morning", "afternoon", "evening", "there", "excuse", "me"),
    )
)
LONGEST = 3


def preamble(pause: Pause) -> float | None:
    """How long to wait behind an opening where anything may be said."""
    said = words(pause.text)
    if pause.expectation.kind is not ExpectationKind.OPEN or not 0 < len(said) <= LONGEST:
        return None
    return FOLLOWS_S if all(word in OPENERS for word in said) else None
