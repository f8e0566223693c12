"""Models that remember their last texts: a turn is looked at more than once, and is run through a model once."""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from threading import Lock
from typing import Protocol

import numpy as np

from dialog.encoder import Encoder, Vectors

MOST = 512
"""Texts of all the calls of a process."""


class Remembered:
    """Embeds, and keeps the last vectors under digests of their texts: what callers say is not kept. Thread-safe."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1, shape (texts, dimensions); at least one text."""
        digests = [_digest(text) for text in texts]
        with self._lock:
            found = {digest: self._kept[digest] for digest in digests if digest in self._kept}
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in found}
        if missing:
            found.update(zip(missing, self._encoder.embed(list(missing.values())), strict=True))
        with self._lock:
            for digest in digests:
                self._kept[digest] = found[digest]
                self._kept.move_to_end(digest)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return np.stack([found[digest] for digest in digests])


class Polarity(Protocol):
    """Another model that judges words, such as `models.sequence_classifier.SentimentModel`."""

    def polarity(self, text: str) -> float:
        """From -1, surely negative, to 1, surely positive."""


class RememberedPolarity:
    """Judges words, and keeps the last figures under digests of their texts. Thread-safe."""

    def __init__(self, model: Polarity) -> None:
        self._model = model
        self._kept: OrderedDict[bytes, float] = OrderedDict()
        self._lock = Lock()

    def polarity(self, text: str) -> float:
        """As the model behind it."""
        digest = _digest(text)
        with self._lock:
            known = self._kept.get(digest)
        found = self._model.polarity(text) if known is None else known
        with self._lock:
            self._kept[digest] = found
            self._kept.move_to_end(digest)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()
