"""Who called again about the same."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.metrics.rows import CallRow

Seconds = NDArray[np.float64]


def returns(rows: Sequence[CallRow]) -> tuple[Seconds, Seconds]:
    """For each call, the seconds to the next and from the last call by the same person about the same intent.

    Two calls are the same person's when they have the caller's number or the identified customer in common. Infinite
    where there is no such call; not a number where the caller or the intent is not known. From start to start. The
    rows are in the order of time.
    """
    started = np.array([row.started for row in rows], dtype=np.float64)
    following, preceding = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for people in ([row.caller for row in rows], [row.customer for row in rows]):
        groups = _groups(
            [(who, row.intent) if who else ("", "") for who, row in zip(people, rows, strict=True)]
        )
        known = np.flatnonzero(groups >= 0)
        # Stable: within a group, the order of time stays.
        order = known[np.argsort(groups[known], kind="stable")]
        same = groups[order[1:]] == groups[order[:-1]]
        gaps = np.where(same, started[order[1:]] - started[order[:-1]], np.inf)
        ends = np.full(min(1, len(order)), np.inf)
        following[order] = np.fmin(following[order], np.concatenate([gaps, ends]))
        preceding[order] = np.fmin(preceding[order], np.concatenate([ends, gaps]))
    return following, preceding


def _groups(keys: Sequence[tuple[str, str]]) -> NDArray[np.intp]:
    """The number of each group of equal keys; -1 where a part of the key is not known."""
    numbers: dict[tuple[str, str], int] = {}
    return np.array(
        [numbers.setdefault(key, len(numbers)) if all(key) else -1 for key in keys], dtype=np.intp
    )
