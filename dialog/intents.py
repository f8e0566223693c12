"""Which intent a sentence has: a linear head on sentence embeddings, trained on the playbook when it is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dialog.playbook import OUT_OF_SCOPE, Playbook

Vectors = NDArray[np.float32]

ROUNDS = 400
RATE = 8.0
DECAY = 2e-4
SCALE = 6.0
"""Cosines lie in -1 to 1; stretched, a linear head separates them within few rounds."""
LIKENESS_FLOOR = 0.32
LIKENESS_FULL = 0.52
"""Cosine with the nearest example: from FULL on the head is believed, below FLOOR it is not."""
BEST = 3


class Encoder(Protocol):
    """Turns sentences into vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1, shape (texts, dimensions)."""


@dataclass(frozen=True)
class Ranking:
    """The best intents of one sentence with their confidence, best first. Out of scope is one of them."""

    scores: tuple[tuple[str, float], ...]

    @property
    def best(self) -> tuple[str | None, float]:
        """The best intent; None when the sentence is out of scope."""
        name, score = self.scores[0]
        return (None, score) if name == OUT_OF_SCOPE else (name, score)


class IntentClassifier:
    """Knows one playbook's intents. Stateless after it was built, and safe to use from many threads."""

    def __init__(self, playbook: Playbook, encoder: Encoder) -> None:
        self._encoder = encoder
        examples = {**playbook.examples(), OUT_OF_SCOPE: playbook.out_of_scope}
        self._names = tuple(examples)
        texts = [_normal(text) for group in examples.values() for text in group]
        labels = np.concatenate([np.full(len(group), index) for index, group in enumerate(examples.values())])
        vectors = encoder.embed(texts)
        self._out = self._names.index(OUT_OF_SCOPE)
        self._in_scope = vectors[labels != self._out]
        self._weights = _train(vectors, labels, len(self._names))

    def rank(self, text: str) -> Ranking:
        """The likeliest intents of `text`."""
        vector = self._encoder.embed([_normal(text)])
        shares = _softmax(_with_bias(vector) @ self._weights)[0]
        likeness = float((self._in_scope @ vector[0]).max())
        trust = float(np.clip((likeness - LIKENESS_FLOOR) / (LIKENESS_FULL - LIKENESS_FLOOR), 0.0, 1.0))
        shares = shares * trust
        shares[self._out] += 1.0 - trust
        order = np.argsort(-shares)[:BEST]
        return Ranking(tuple((self._names[index], round(float(shares[index]), 4)) for index in order))


def _normal(text: str) -> str:
    """As the examples are written: the recogniser's case and full stops carry no meaning."""
    return text.lower().replace("’", "'").strip(" .!?,")


def _with_bias(vectors: Vectors) -> Vectors:
    return np.hstack([SCALE * vectors, np.ones((len(vectors), 1), np.float32)])


def _train(vectors: Vectors, labels: NDArray[np.int64], classes: int) -> Vectors:
    """Multinomial logistic regression, every class of equal weight; the same input gives the same weights."""
    inputs = _with_bias(vectors)
    targets = np.eye(classes, dtype=np.float32)[labels]
    balance = (1.0 / np.bincount(labels, minlength=classes))[labels][:, None].astype(np.float32)
    balance /= balance.sum()
    weights: Vectors = np.zeros((inputs.shape[1], classes), np.float32)
    for _ in range(ROUNDS):
        slope = inputs.T @ (balance * (_softmax(inputs @ weights) - targets)) + DECAY * weights
        weights -= (RATE / SCALE) * slope
    return weights


def _softmax(values: Vectors) -> Vectors:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)
