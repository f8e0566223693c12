"""How unlike two spelled or spoken strings are, when they were heard over a telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
PAD = len(SYMBOLS)
"""Index of what is no letter or digit; also fills short strings up."""

LIKE_SOUNDS = (
    ("BCDEGPTVZ3", 0.45), ("AJKH8", 0.5), ("MN", 0.3), ("FSX6", 0.45), ("IY5", 0.55), ("Y1", 0.8),
    ("I1", 0.7), ("59", 0.5), ("QU2W", 0.55), ("UQ", 0.4), ("O0", 0.05), ("BD", 0.35), ("BV", 0.35),
    ("BP", 0.35), ("PT", 0.35), ("DT", 0.35), ("CT", 0.45), ("GJ", 0.4), ("FS", 0.3), ("AR", 0.7),
    ("OR", 0.6), ("L4", 0.8), ("L0", 0.7), ("LO", 0.7), ("LR", 0.7), ("L1", 0.7), ("AE", 0.55),
    ("EI", 0.55), ("IJ", 0.7), ("D4", 0.9), ("N1", 0.8), ("NL", 0.8), ("ML", 0.8), ("N9", 0.7),
    ("A8", 0.35), ("H8", 0.4), ("V5", 0.4), ("S5", 0.7), ("S6", 0.4), ("X6", 0.3), ("F5", 0.6), ("F4", 0.7),
    ("T2", 0.5), ("U2", 0.4), ("Q2", 0.5), ("W2", 0.5), ("E3", 0.6), ("G3", 0.7), ("J8", 0.5), ("K8", 0.5),
    ("KJ", 0.4), ("AJ", 0.4), ("AH", 0.5), ("HE", 0.8), ("Y5", 0.7), ("S7", 0.7), ("X7", 0.8), ("Z7", 0.8),
    ("Z0", 0.8), ("ZS", 0.6), ("M0", 0.9), ("YW", 0.7), ("RI", 0.8),
)  # fmt: skip
"""Names of letters and digits that are taken for each other, and what that costs; anything else costs 1."""
LIKE_SPELLINGS = (
    ("AEIOUY", 0.45), ("EI", 0.3), ("IY", 0.15), ("CK", 0.15), ("SZ", 0.2), ("SC", 0.3), ("GJ", 0.3),
    ("FV", 0.4), ("BP", 0.45), ("DT", 0.4), ("MN", 0.45), ("PF", 0.6), ("UW", 0.4), ("KQ", 0.2),
    ("RL", 0.7), ("VW", 0.5), ("TH", 0.7), ("BV", 0.6), ("KG", 0.5), ("AE", 0.4), ("KX", 0.5), ("SX", 0.5),
)  # fmt: skip
"""Letters within words that sound alike."""
OTHER = 1.0
MOST_LENGTH = 24
"""Longer strings are cut."""


@cache
def _table(groups: tuple[tuple[str, float], ...]) -> NDArray[np.float32]:
    """Cost of hearing one symbol (row) for another (column); the last pair that lists them counts."""
    costs = np.full((PAD + 1, PAD + 1), OTHER, dtype=np.float32)
    for letters, cost in sorted(groups, key=lambda group: -len(group[0])):
        for one in letters:
            for two in letters:
                costs[SYMBOLS.index(one), SYMBOLS.index(two)] = cost
    np.fill_diagonal(costs, 0.0)
    return costs


def encoded(strings: Sequence[str]) -> NDArray[np.int8]:
    """Letters and digits as numbers, one row a string, filled up with `PAD`."""
    width = max((min(len(one), MOST_LENGTH) for one in strings), default=0)
    rows = np.full((len(strings), max(width, 1)), PAD, dtype=np.int8)
    for row, string in zip(rows, strings, strict=True):
        for at, letter in enumerate(string[:MOST_LENGTH]):
            row[at] = SYMBOLS.find(letter) if letter in SYMBOLS else PAD
    return rows


class Targets:
    """Strings that others are compared with, arranged once."""

    def __init__(self, strings: Sequence[str]) -> None:
        letters = encoded(strings)
        self.many, self.width = letters.shape
        self.lengths = (letters != PAD).sum(axis=1)
        self.places = np.ascontiguousarray(letters.T)
        before = np.concatenate([np.full((self.many, 1), PAD, dtype=np.int8), letters[:, :-1]], axis=1)
        self.doubled = (letters == before).T

    @cached_property
    def by_name(self) -> "Costs":
        """Costs of letters that are dictated by their names."""
        return Costs.between(self, _table(LIKE_SOUNDS), missing=0.7, extra=0.45, doubled=0.4)

    @cached_property
    def by_sound(self) -> "Costs":
        """Costs of letters within spoken words."""
        return Costs.between(self, _table(LIKE_SPELLINGS), missing=0.6, extra=0.6, doubled=0.1)


@dataclass(frozen=True)
class Costs:
    """What edits towards some targets cost."""

    changed: NDArray[np.float32]
    """Place in the target x heard symbol x target."""
    missing: NDArray[np.float32]
    """Place x target: a symbol of the target was not heard."""
    extra: float
    """A symbol was heard that is not there."""
    doubled: float
    """As `extra`, where it repeats the symbol heard before."""

    @classmethod
    def between(
        cls, targets: Targets, table: NDArray[np.float32], *, missing: float, extra: float, doubled: float
    ) -> "Costs":
        """The costs of a table for all places of all targets."""
        changed = np.ascontiguousarray(table[:, targets.places].swapaxes(0, 1))
        gaps = np.where(targets.doubled, np.float32(doubled), np.float32(missing))
        return cls(changed, gaps.astype(np.float32), extra, doubled)


def distances(heard: Sequence[str], targets: Targets, costs: Costs) -> NDArray[np.float32]:
    """How unlike strings are to each target: weighted edit distances, 0 is equal.

    Shape: heard strings x their beginnings, from nothing to the longest string x targets. What is behind the end of a
    shorter string says nothing. One step a letter, over all pairs of strings at once.
    """
    letters = encoded(heard)
    row = np.zeros((targets.width + 1, len(heard), targets.many), dtype=np.float32)
    row[1:] = np.cumsum(costs.missing, axis=0)[:, None, :]
    every = np.arange(targets.many)
    found = np.empty((len(heard), letters.shape[1] + 1, targets.many), dtype=np.float32)
    found[:, 0] = row[targets.lengths, :, every].T
    last = np.full(len(heard), -1, dtype=np.int8)
    for at, letter in enumerate(letters.T, start=1):
        dropped = np.where(letter == last, costs.doubled, costs.extra).astype(np.float32)
        changed = costs.changed.take(letter, axis=1)
        changed += row[:-1]
        row += dropped[:, None]
        np.minimum(row[1:], changed, out=row[1:])
        for place in range(targets.width):
            np.minimum(row[place + 1], row[place] + costs.missing[place], out=row[place + 1])
        last = letter
        found[:, at] = row[targets.lengths, :, every].T
    return found
