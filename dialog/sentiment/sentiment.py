"""Scores caller turns."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dialog.encoder import Encoder
from dialog.sentiment import examples
from dialog.sentiment.course import Evidence, Turn, dissatisfied
from dialog.sentiment.head import Head, plain
from dialog.sentiment.lexicon import Lexicon
from dialog.sentiment.phrases import ANNOYED, is_annoyed
from dialog.sentiment.remembered import Polarity, Remembered, RememberedPolarity
from dialog.sentiment.tone import with_voice
from dialog.types import Prosody

VALUES = {"angry": -1.0, "trouble": -0.4, "neutral": 0.0, "pleased": 1.0}
"""What a class of the head is worth. Who tells of a trouble is not angry."""
WORDS = 0.5
"""The share of the lexicon; the head has the rest."""
NEUTRAL = 0.2
"""A score so near to 0 is neutral."""
EARLIER = 8
"""So many earlier turns a request may be a repetition of."""


class Sentiment:
    """How a caller feels. Stateless but for what it remembers, and safe to use from many threads."""

    def __init__(self, encoder: Encoder, polarity: Polarity | None = None) -> None:
        """Trains the heads: some 680 short sentences are embedded. `polarity` judges words in their place."""
        self._polarity = RememberedPolarity(polarity) if polarity is not None else None
        self._encoder = Remembered(encoder)
        self._lexicon = Lexicon()
        self._feeling = Head(examples.sentences(), encoder)
        self._going = Head(examples.turns(), encoder)
        self._values = np.array([VALUES[name] for name in self._feeling.names])
        self._trouble, self._angry = map(self._feeling.names.index, ("trouble", "angry"))
        self._amiss = self._going.names.index("amiss")

    def score(self, text: str, prosody: Prosody | None = None) -> float:
        """How the caller feels in this turn: -1 bad, 1 good. 0 where nothing was said."""
        return round(with_voice(self._score(text), prosody), 4) if text.strip() else 0.0

    def dissatisfaction(self, turns: Sequence[Turn], prosody: Prosody | None = None) -> float:
        """How likely the caller is dissatisfied, 0 to 1; the last turn is the caller's, said as `prosody` tells.

        Raises:
            ValueError: there is no turn, or the last one is the assistant's.
        """
        if not turns or turns[-1][0] != "caller":
            raise ValueError("the last turn must be the caller's")
        said = [text for who, text in turns if who == "caller"]
        judged = range(max(0, len(said) - 2), len(said))
        evidence = [self._evidence(said[: last + 1]) for last in judged]
        evidence[-1] = replace(evidence[-1], mood=with_voice(evidence[-1].mood, prosody))
        return round(dissatisfied(turns, evidence), 4)

    def _score(self, text: str) -> float:
        score = self._polarity.polarity(text) if self._polarity is not None else self._of_words(text)
        return min(score, ANNOYED) if is_annoyed(text) else score

    def _of_words(self, text: str) -> float:
        shares = self._feeling.shares(self._encoder.embed([plain(text)]))[0]
        lexicon = self._lexicon.score(text)
        score = WORDS * lexicon + (1.0 - WORDS) * float(shares @ self._values)
        if shares[self._trouble] > shares[self._angry]:
            score = max(score, VALUES["trouble"])
        return score

    def _evidence(self, said: Sequence[str]) -> Evidence:
        vectors = self._encoder.embed([plain(text) for text in said[-EARLIER - 1 :]])
        likeness = vectors[:-1] @ vectors[-1]
        return Evidence(
            mood=self._score(said[-1]),
            amiss=float(self._going.shares(vectors[-1:])[0, self._amiss]),
            likeness=float(likeness.max(initial=0.0)),
            annoyed=is_annoyed(said[-1]),
        )


def label(score: float) -> int:
    """0 negative, 1 neutral, 2 positive."""
    return 0 if score <= -NEUTRAL else 2 if score >= NEUTRAL else 1
