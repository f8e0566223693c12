"""Words that say by themselves that the caller has finished, however they sound."""

from voice.turns.pause import Pause, words

SOON_S = 0.4
CLOSING = frozenset(
    ("bye", "goodbye", "bye-bye", "thanks", "thank you", "that's all", "that's it", "no thanks")
)
LONGEST = 5


def farewell(pause: Pause) -> float | None:
    """How long to wait after a goodbye or thanks."""
    said = words(pause.text)
    if not said or len(said) > LONGEST:
        return None
    last = {" ".join(said[-count:]) for count in (1, 2)}
    return SOON_S if last & CLOSING else None
