"""The caller's mood as a line: its points, where it goes, and its picture. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from calls.events import CallEvent, TurnPlanned
from handoff.transfer.types import Value

CHANGE = 0.15
"""So much in `SPAN` turns is no longer steady."""
SPAN = 3
UPSET, TENSE, PLEASED = -0.35, -0.12, 0.2
WIDTH, HEIGHT, EDGE = 300, 56, 6
"""Of the picture, in its own units."""


class Trend(StrEnum):
    """Where the mood goes. Names never change meaning."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


class Mood(Value):
    """The mood after each turn of the caller, -1 to 1, oldest first."""

    points: tuple[float, ...] = ()

    @property
    def trend(self) -> Trend:
        """Over the last turns."""
        if len(self.points) < 2:
            return Trend.STEADY
        change = self.points[-1] - self.points[-min(SPAN + 1, len(self.points))]
        if abs(change) < CHANGE:
            return Trend.STEADY
        return Trend.RISING if change > 0 else Trend.FALLING

    @property
    def words(self) -> str:
        """The mood now; empty where nobody has spoken."""
        if not self.points:
            return ""
        last = self.points[-1]
        if last <= UPSET:
            return "upset"
        if last <= TENSE:
            return "tense"
        return "pleased" if last >= PLEASED else "calm"

    @property
    def polyline(self) -> str:
        """The points of an SVG polyline in `WIDTH` times `HEIGHT`."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self._places())

    @property
    def last(self) -> tuple[float, float]:
        """Where the line ends; its middle where there is none."""
        return next(reversed(list(self._places())), (WIDTH / 2, HEIGHT / 2))

    def _places(self) -> Iterable[tuple[float, float]]:
        steps = max(1, len(self.points) - 1)
        for number, value in enumerate(self.points):
            x = EDGE + number * (WIDTH - 2 * EDGE) / steps
            yield x, EDGE + (1 - max(-1.0, min(1.0, value))) / 2 * (HEIGHT - 2 * EDGE)


def mood(events: Iterable[CallEvent]) -> Mood:
    """The mood of a call."""
    found = (event.body for event in events)
    points = tuple(one.mood for one in found if isinstance(one, TurnPlanned) and one.moment == "hearing")
    return Mood(points=points)
