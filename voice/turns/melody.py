"""How finished the turn sounds decides where its words do not."""

from voice.turns.pause import Pause

FINISHED = 0.5
FINISHED_S = 0.2
UNFINISHED_S = 1.5


def melody(pause: Pause) -> float | None:
    """How long to wait by the sound of it. Has always something to say."""
    return FINISHED_S if pause.finished >= FINISHED else UNFINISHED_S
