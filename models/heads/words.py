"""Sentences by their wording: TF-IDF over words and pairs of words, and over the letters inside words.

Sentence vectors blur names and rare words; these features keep them, and letters forgive misspellings.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Rows: TypeAlias = Any
"""A `scipy.sparse.csr_matrix` of float32; scipy has no types."""
Cut = Callable[[str], Iterable[str]]
WORD = re.compile(r"\w+")
SHORTEST, LONGEST = 3, 5


def words_and_pairs(text: str) -> list[str]:
    """Every word, and every word with the next."""
    words = WORD.findall(text)
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


def letters(text: str) -> list[str]:
    """Every run of 3 to 5 letters within a word, the word's ends counting as letters."""
    return [run for word in text.split() for run in _runs(word)]


@lru_cache(maxsize=50_000)
def _runs(word: str) -> tuple[str, ...]:
    whole = f" {word} "
    return tuple(
        whole[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(max(1, len(whole) - length + 1))
    )


CUTS: dict[str, tuple[Cut, int]] = {"words": (words_and_pairs, 1), "letters": (letters, 2)}
"""How each kind of term is cut, and in how many sentences a term must occur to count."""


@dataclass(frozen=True)
class Terms:
    """One kind of term with its weights."""

    kind: str
    index: dict[str, int]
    weights: NDArray[np.float32]
    """Smoothed inverse document frequency, one a term."""

    @classmethod
    def learn(cls, kind: str, texts: Sequence[str]) -> "Terms":
        """The terms of `texts`, in a fixed order."""
        cut, least = CUTS[kind]
        seen = Counter(term for text in texts for term in set(cut(text)))
        kept = sorted(term for term, count in seen.items() if count >= least)
        counts = np.array([seen[term] for term in kept], np.float32)
        weights = np.log((1.0 + len(texts)) / (1.0 + counts)) + 1.0
        return cls(kind, {term: place for place, term in enumerate(kept)}, weights.astype(np.float32))

    def rows(self, texts: Sequence[str]) -> Rows:
        """Shape (texts, terms), rows of length 1, or 0 where no term is known. Repeats count by logarithm."""
        cut, _ = CUTS[self.kind]
        values: list[float] = []
        places: list[int] = []
        ends = [0]
        for text in texts:
            counts = Counter(place for term in cut(text) if (place := self.index.get(term)) is not None)
            row = (1.0 + np.log(np.array(list(counts.values()), np.float32))) * self.weights[list(counts)]
            values.extend(row / max(float(np.linalg.norm(row)), 1e-9))
            places.extend(counts)
            ends.append(len(places))
        shape = (len(texts), len(self.index))
        return sparse.csr_matrix(
            (np.array(values, np.float32), np.array(places, np.int32), ends), shape=shape
        )


@dataclass(frozen=True)
class Wording:
    """Both kinds of terms side by side."""

    kinds: tuple[Terms, ...]

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "Wording":
        """From the training sentences."""
        return cls(tuple(Terms.learn(kind, texts) for kind in CUTS))

    def rows(self, texts: Sequence[str]) -> Rows:
        """Shape (texts, all terms); the dot product of two rows is the mean cosine of the kinds."""
        joined = sparse.hstack([kind.rows(texts) for kind in self.kinds]).tocsr()
        return sparse.csr_matrix(joined * np.float32(len(self.kinds) ** -0.5))
