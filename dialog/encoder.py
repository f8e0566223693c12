"""What the dialog asks of a model for sentences."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns sentences into vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1, shape (texts, dimensions)."""
