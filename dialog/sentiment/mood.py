"""The caller's mood: sentiment smoothed over the call."""

NEWEST = 0.4
"""The weight of the newest turn: one bad turn among good ones is no bad mood."""


def smooth(mood: float, score: float) -> float:
    """The mood after a turn that scored `score`; both -1 to 1."""
    return (1.0 - NEWEST) * mood + NEWEST * score
