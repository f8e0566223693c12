"""How alike two sentences are: in meaning (vectors) and in wording (TF-IDF), as one positive definite kernel."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.heads.words import Rows, Wording

Matrix = NDArray[np.float32]
NARROWNESS = 2.0
"""Of the Gaussian over the distance of two vectors of length 1."""
WORDING = 0.3
"""The share of the wording in the likeness."""


class Memory:
    """The training sentences, ready to be compared with others."""

    def __init__(self, vectors: Matrix, wording: Wording, rows: Rows) -> None:
        self.vectors = vectors
        self.wording = wording
        self.rows = rows
        self._by_term = rows.T.tocsr()

    @classmethod
    def of(cls, texts: Sequence[str], vectors: Matrix) -> "Memory":
        """`vectors`: (texts, dimensions), rows of length 1."""
        wording = Wording.learn(texts)
        return cls(np.ascontiguousarray(vectors, np.float32), wording, wording.rows(texts))

    def likeness(self, texts: Sequence[str], vectors: Matrix) -> Matrix:
        """Shape (texts, remembered), 0 to 1; 1 for the same sentence."""
        return self._joined(vectors, self.wording.rows(texts))

    def among_itself(self) -> Matrix:
        """Shape (remembered, remembered)."""
        return self._joined(self.vectors, self.rows)

    def _joined(self, vectors: Matrix, rows: Rows) -> Matrix:
        # In place: at 15,000 sentences each of these arrays is 900 MB.
        likeness: Matrix = np.asarray(vectors, np.float32) @ self.vectors.T
        likeness -= 1.0
        likeness *= 2.0 * NARROWNESS
        np.exp(likeness, out=likeness)
        likeness *= 1.0 - WORDING
        worded = (rows @ self._by_term).tocoo()
        likeness[worded.row, worded.col] += WORDING * worded.data
        return likeness
