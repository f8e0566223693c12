"""A metric: what it is called, how it is reckoned, in words and in code."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from qa.metrics.figure import Figure
from qa.metrics.sample import Sample


class Unit(StrEnum):
    """What a figure counts. Names never change meaning."""

    SHARE = "share"
    """0 to 1, shown in per cent."""
    POINTS = "points"
    """A change of a share, shown in percentage points."""
    SECONDS = "seconds"
    COUNT = "count"
    NUMBER = "number"
    """A mean that is no time: turns a call."""
    SCORE = "score"
    """0 to 100."""
    MONEY = "money"
    """In the currency of the rules."""


class Better(StrEnum):
    """Which way a metric should go. Names never change meaning."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Group(StrEnum):
    """Where on the page a metric stands. Names never change meaning."""

    OUTCOMES = "What became of callers"
    SATISFACTION = "What callers said of it"
    TIME = "How long it took"
    QUEUE = "Waiting for people"
    COST = "What it cost"
    ANSWERS = "How fast the assistant answered"
    TURNS = "How the talk went"
    QUALITY = "What quality assurance found"
    CAPACITY = "Room for calls"


@dataclass(frozen=True)
class Metric:
    """One metric. `reckon` is pure."""

    id: str
    """Stable: in addresses, alerts and exports."""
    name: str
    formula: str
    """In words, complete: shown with the figure and in the documentation."""
    unit: Unit
    better: Better
    group: Group
    reckon: Callable[[Sample], Figure]
    adds_up: bool = False
    """Whether the values of days add up to the value of all of them."""
    amazon: str | None = None
    """The id of the same metric in Amazon Connect, for exports."""

    @property
    def export(self) -> str:
        """Its name in exports."""
        return self.amazon or self.id.upper()
