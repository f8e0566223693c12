"""Figures of many values."""

from collections.abc import Sequence

import numpy as np


def percentile(values: Sequence[float], percent: float) -> float | None:
    """A percentile to a millisecond; None of nothing, because no measurement is not a fast one."""
    return round(float(np.percentile(values, percent)), 3) if values else None
