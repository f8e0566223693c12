"""A metric now and before: what has changed, whether that may be chance, and whether it is for the worse. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import hypot, isclose

from qa.metrics.figure import NORMAL_95, Figure
from qa.metrics.metric import Better, Metric, Unit
from qa.metrics.sample import Sample

NOTABLE = 0.1
"""A change by this part of the value before is told where no error is known."""


class Course(StrEnum):
    """Which way a metric has gone. Names never change meaning."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    """Of a metric that has no better or worse."""
    STEADY = "steady"
    """As before, or so little different that it may be chance."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reckoned:
    """One metric of two periods."""

    metric: Metric
    now: Figure
    before: Figure | None

    @property
    def change(self) -> float | None:
        """The difference; of a metric that is a change itself, that."""
        if self.metric.unit is Unit.POINTS:
            return self.now.value
        if self.before is None or self.now.value is None or self.before.value is None:
            return None
        # Sums of the same numbers in another order are no change.
        same = isclose(self.now.value, self.before.value, rel_tol=1e-9, abs_tol=1e-12)
        return 0.0 if same else self.now.value - self.before.value

    @property
    def errors(self) -> float | None:
        """The change in standard errors; None where they are not known."""
        if self.change is None or self.now.error is None:
            return None
        if self.metric.unit is Unit.POINTS:
            both = self.now.error
        elif self.before is None or self.before.error is None:
            return None
        else:
            both = hypot(self.now.error, self.before.error)
        return self.change / both if both else None

    @property
    def weight(self) -> float:
        """How much the change is to be noticed: about 1 where it no longer passes for chance, larger is more."""
        if self.change is None:
            return 0.0
        if self.errors is not None:
            return abs(self.errors) / NORMAL_95
        if self.before is None or not self.before.value or self.now.error is not None:
            return 0.0
        return abs(self.change / self.before.value) / NOTABLE

    @property
    def course(self) -> Course:
        """Which way it has gone."""
        if self.change is None:
            return Course.UNKNOWN
        if self.weight < 1:
            return Course.STEADY
        if self.metric.better is Better.NEITHER:
            return Course.CHANGED
        return Course.BETTER if (self.change > 0) is (self.metric.better is Better.HIGHER) else Course.WORSE


def reckon(metric: Metric, sample: Sample) -> Reckoned:
    """A metric of a sample, and of what that is compared with."""
    before = sample.before
    return Reckoned(metric, metric.reckon(sample), metric.reckon(before) if before is not None else None)


def compared(sample: Sample, before: Sample) -> Sample:
    """The sample, compared with another."""
    return replace(sample, before=before)


def worst_first(found: Iterable[Reckoned]) -> list[Reckoned]:
    """Those that got worse, the surest first; then those that got better; then the rest in their order."""
    rank = {Course.WORSE: 0, Course.BETTER: 1}
    return sorted(
        found, key=lambda one: (rank.get(one.course, 2), -one.weight if one.course in rank else 0.0)
    )
