"""An encoder that remembers its last texts: a turn is looked at more than once, and is embedded once."""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from threading import Lock

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
        digests = [blake2b(text.encode(), digest_size=16).digest() for text in texts]
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
