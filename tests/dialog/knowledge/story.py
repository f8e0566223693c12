"""Articles and an encoder without weights: texts are alike by the words that they share."""

import zlib
from datetime import date

import numpy as np

from dialog.knowledge import ArticleText
from dialog.knowledge.words import stems

TODAY = date(2026, 11, 1)
DIMENSIONS = 512


class WordEncoder:
    """Counts stems into a vector."""

    def embed(self, texts):
        """Rows of length 1."""
        rows = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for stem in stems(text) or ["nothing"]:
                row[zlib.crc32(stem.encode()) % DIMENSIONS] += 1.0
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def article(name, spoken, body="", questions=(), title=None, updated=date(2026, 9, 1), expires=None):
    """An article with less to write."""
    return ArticleText(name, title or name, spoken, body, tuple(questions), updated, expires)


SHOP = (
    article(
        "hours",
        "We are open from nine to six.",
        "# Hours\n\n| Day | Hours |\n|---|---|\n| Saturday | 10:00 to 16:00 |\n\nOn Christmas Eve we close at noon.",
        ["when are you open", "what are your opening hours", "do you open on sundays"],
        title="Opening hours",
    ),
    article(
        "abroad",
        "Yes, we ship to all of the European Union for nine euros ninety.",
        "Parcels to islands need three days more. Customs papers are in the parcel.",
        ["do you ship abroad", "do you deliver to france", "shipping to another country"],
        title="Shipping abroad",
    ),
    article(
        "shipping",
        "Shipping costs four euros ninety.",
        "Two to four working days.",
        ["how much is shipping", "what does delivery cost", "how long does shipping take"],
        title="Shipping",
    ),
)
