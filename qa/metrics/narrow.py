"""A part of a sample: one cell of a table on the dashboard, so that it can open the calls behind it. Pure."""

from dataclasses import dataclass, replace

import numpy as np

from qa.metrics.period import Period
from qa.metrics.sample import Sample, local_hours


@dataclass(frozen=True)
class Cell:
    """Which cell; None leaves a condition out."""

    reason: str | None = None
    """Of transfers."""
    outcome: str | None = None
    """Of transfers."""
    weekday: int | None = None
    """0 is Monday."""
    hour: int | None = None
    """By the company's clock."""

    def of(self, sample: Sample, period: Period) -> Sample:
        """The sample within this cell."""
        return self._transfers(self._times(sample, period))

    def _times(self, sample: Sample, period: Period) -> Sample:
        if self.weekday is None and self.hour is None:
            return sample
        days, hours = local_hours(sample, period.zone)
        wanted = np.ones(len(days), dtype=np.bool_)
        if self.weekday is not None:
            wanted &= days == self.weekday
        if self.hour is not None:
            wanted &= hours == self.hour
        return sample.where(wanted)

    def _transfers(self, sample: Sample) -> Sample:
        if self.reason is None and self.outcome is None:
            return sample
        transfers = sample.tables.transfers
        wanted = np.ones(len(transfers), dtype=np.bool_)
        if self.reason is not None:
            wanted &= np.equal(transfers.reason, self.reason).astype(np.bool_)
        if self.outcome is not None:
            wanted &= np.equal(transfers.outcome, self.outcome).astype(np.bool_)
        return replace(sample, tables=replace(sample.tables, transfers=transfers.where(wanted)))
