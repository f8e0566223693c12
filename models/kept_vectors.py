"""Sentence vectors of a playbook, embedded once in the life of a machine and not at every start."""

from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.embedder import DIMENSIONS, Embedder
from models.kept import KeptArrays, fingerprint, key

KNOWN_TEXT = "Where is my order?"

Vectors = NDArray[np.float32]


class KeptVectors:
    """An embedder that keeps what it embeds within `with`, and afterwards nothing: then callers speak.

    Belongs to one thread within `with`; afterwards it is as safe to use from many as the embedder behind it.
    """

    def __init__(self, embedder: Embedder, kept: KeptArrays[np.float32], said: Collection[str] = ()) -> None:
        """`said`: texts of callers among the playbook's. They are embedded each time: whoever wants their words deleted
        need not ask for vectors too."""
        self._embedder = embedder
        self._said = frozenset(said)
        self._kept: KeptArrays[np.float32] | None = kept
        self._model = fingerprint(embedder.embed([KNOWN_TEXT]))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._kept is not None:
            self._kept.save()
        self._kept = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the embedder behind it: a float32 array of shape (n, 384)."""
        if self._kept is None or not texts:
            return self._embedder.embed(texts)
        keys = [key(self._model, text) for text in texts]
        found = {one: self._kept.get(one) for one in keys}
        new = {one: text for one, text in zip(keys, texts, strict=True) if found[one] is None}
        for (one, text), vector in zip(new.items(), self._embedder.embed(list(new.values())), strict=True):
            if text not in self._said:
                self._kept.put(one, vector)
            found[one] = vector
        vectors: Vectors = np.array([found[one] for one in keys], dtype=np.float32)
        return vectors.reshape(len(texts), DIMENSIONS)
