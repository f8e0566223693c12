"""Texts by what they are about: as many clusters as the texts themselves suggest. Pure, and the same every time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from sklearn.metrics import silhouette_score

from dialog.encoder import Encoder

SIZES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 36, 45, 60)
"""Numbers of clusters that are tried."""
LEAST = 4
"""Distinct texts that a cluster must have on average."""
TOP, MANY = 10, 500
"""An audit names the top ten categories, so that from so many distinct texts on fewer are not tried."""
ENOUGH = 0.97
"""The smallest number is taken whose silhouette comes so near to the best."""
DIRECTIONS = 30
"""Of the vectors, those in which the texts differ most: the rest is wording."""
SAMPLE = 4000
"""Texts whose silhouette is measured."""
DETAILS = -1
"""The cluster of texts that hold details and no wish: names, numbers, addresses."""
MOSTLY = 0.5
FEWEST = 20
"""Distinct texts that are put together once more without the details."""

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

_WORD = re.compile(r"[\w']+")
_NUMBER = re.compile(r"\[\w+\]")
_TALK = """
    hi hello hey thanks thank yes no yeah yep nope ok okay sure bye goodbye welcome please sorry good great fine right
    correct morning afternoon evening day nice want need help like know get got can check tell make change
"""
_OF_NAMES = "name mine my is of and in to the from its it co de"
_SENTENCE = (ENGLISH_STOP_WORDS | set(_TALK.split())) - set(_OF_NAMES.split())
"""Words of which a text that says or wants something has at least one."""


@dataclass(frozen=True)
class Clustering:
    """What texts were put together."""

    labels: Labels
    """One a text, from 0, the largest cluster first; `DETAILS` where a text only holds details."""
    tried: dict[int, float]
    """The silhouette by the number of clusters."""
    vectors: Floats
    """One a text, of length 1: near each other where texts are about the same."""


def plain(text: str) -> str:
    """A masked text as it is embedded."""
    return " ".join(_WORD.findall(_NUMBER.sub("number", text.lower()))) or "nothing"


def clustered(texts: Sequence[str], encoder: Encoder, seed: int = 0) -> Clustering:
    """Put texts together. At least two; a text that stands twice counts by the root of its number."""
    distinct, places, counts = np.unique(
        np.array([plain(text) for text in texts]), return_inverse=True, return_counts=True
    )
    weights = np.sqrt(counts.astype(np.float64))
    vectors = np.asarray(encoder.embed(distinct.tolist()), np.float64)
    labels, tried, placed = _grouped(vectors, weights, seed)
    details = _of_details(labels, distinct.tolist(), counts)
    wishes = np.flatnonzero(~details)
    labels = np.where(details, DETAILS, labels)
    if details.any() and len(wishes) >= FEWEST:
        # Without them, fewer differences hide those between wishes.
        labels[wishes], tried, placed[wishes] = _grouped(vectors[wishes], weights[wishes], seed)
    return Clustering(_by_size(labels[places]), tried, placed[places])


def _grouped(vectors: Floats, weights: Floats, seed: int) -> tuple[Labels, dict[int, float], Floats]:
    """Labels, the silhouette by the number of clusters, and the vectors that were grouped."""
    placed = _directions(vectors, weights)
    tried: dict[int, float] = {}
    found: dict[int, Labels] = {}
    sample = _sample(weights, seed)
    least = TOP if len(vectors) >= MANY else SIZES[0]
    for size in SIZES:
        if size < least:
            continue
        if size > least and size * LEAST > len(vectors):
            break
        found[size] = _kmeans(placed, weights, min(size, len(vectors)), seed)
        tried[size] = _silhouette(placed[sample], found[size][sample])
    best = max(tried.values())
    chosen = min(size for size, value in tried.items() if value >= best - (1.0 - ENOUGH) * abs(best))
    return found[chosen], tried, placed


def is_details(text: str) -> bool:
    """Whether a plain text has no word of a sentence."""
    return not any(word in _SENTENCE for word in text.split())


def _directions(vectors: Floats, weights: Floats) -> Floats:
    """The vectors in the directions in which they differ most, of length 1."""
    centred = vectors - np.average(vectors, axis=0, weights=weights)
    spread = (centred * weights[:, np.newaxis]).T @ centred
    _, axes = np.linalg.eigh(spread)
    reduced = centred @ axes[:, ::-1][:, :DIRECTIONS]
    lengths = np.linalg.norm(reduced, axis=1, keepdims=True)
    return np.asarray(reduced / np.maximum(lengths, 1e-9), np.float64)


def _kmeans(vectors: Floats, weights: Floats, size: int, seed: int) -> Labels:
    found = KMeans(size, n_init=3, random_state=seed).fit_predict(vectors, sample_weight=weights)
    return np.asarray(found, np.int64)


def _sample(weights: Floats, seed: int) -> Labels:
    if len(weights) <= SAMPLE:
        return np.arange(len(weights))
    chance = np.random.default_rng(seed)
    return np.unique(chance.choice(len(weights), SAMPLE, p=weights / weights.sum()))


def _silhouette(vectors: Floats, labels: Labels) -> float:
    """-1 to 1; -1 where it says nothing."""
    if not 1 < len(np.unique(labels)) < len(labels):
        return -1.0
    return float(silhouette_score(vectors, labels))


def _of_details(labels: Labels, distinct: Sequence[str], counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which texts are in clusters that mostly hold details."""
    details = np.array([is_details(text) for text in distinct])
    all_of = np.bincount(labels, weights=counts)
    shares = np.bincount(labels, weights=counts * details) / np.maximum(all_of, 1)
    return np.asarray(shares[labels] > MOSTLY)


def _by_size(labels: Labels) -> Labels:
    """Labels counted from the largest cluster on."""
    names, counts = np.unique(labels[labels != DETAILS], return_counts=True)
    order = names[np.argsort(-counts, kind="stable")]
    renamed = {int(name): place for place, name in enumerate(order)} | {DETAILS: DETAILS}
    return np.array([renamed[int(label)] for label in labels], np.int64)
