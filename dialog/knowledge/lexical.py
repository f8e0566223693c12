"""BM25 over stems, as a share of what the best imaginable text would score."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from dialog.knowledge.words import stems

Scores = NDArray[np.float64]


class LexicalIndex:
    """Scores texts by the stems they share with a question. Pure after it was built."""

    def __init__(self, texts: Sequence[str]) -> None:
        bags = [stems(text) for text in texts]
        self._count = len(bags)
        # rank-bm25 divides by the corpus' length in words.
        self._index = BM25Okapi(bags) if any(bags) else None

    def scores(self, question: str) -> Scores:
        """0 to 1 for each text; 1 is every word of the question, and often."""
        asked = stems(question)
        if self._index is None or not asked:
            return np.zeros(self._count)
        unknown = float(np.log(self._count + 1.0))
        known = self._index.idf
        most = sum(max(known.get(stem, unknown), 0.0) for stem in asked) * (self._index.k1 + 1.0)
        if most <= 0.0:
            return np.zeros(self._count)
        shares: Scores = np.clip(np.asarray(self._index.get_scores(asked), np.float64) / most, 0.0, 1.0)
        return shares
