"""An encoder that embeds each text once."""

from collections.abc import Sequence
from threading import Lock

import numpy as np

from dialog.encoder import Encoder, Vectors

BATCH = 64


class RememberingEncoder:
    """Keeps every vector that it made, for data in which texts repeat. Safe to use from many threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the encoder behind it."""
        with self._lock:
            # Texts of like length share a batch: padding costs as much as text.
            new = sorted(
                {text for text in texts if text not in self._known}, key=lambda text: (len(text), text)
            )
            for start in range(0, len(new), BATCH):
                batch = new[start : start + BATCH]
                self._known.update(zip(batch, self._encoder.embed(batch), strict=True))
            if not texts:
                return self._encoder.embed([])
            return np.stack([self._known[text] for text in texts])
