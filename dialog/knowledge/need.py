"""Whether a turn needs knowledge, or is the business that flows do: booking, ordering, giving details."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dialog.encoder import Encoder
from dialog.knowledge.weights import NEED, NEED_BIAS
from dialog.knowledge.words import question_part, stems

HYPOTHESES = 5


@dataclass(frozen=True)
class NeedEvidence:
    """What speaks for it: the best document's meaning and sound, whether a thing was named, and the turn itself."""

    meaning: float
    sound: float
    named: float
    asks: float
    """Cosine with the nearest sentence that asks for knowledge."""
    tasks: float
    """Cosine with the nearest sentence of other business."""
    whole_tasks: float
    """The same of the whole turn, not only its question."""
    wording: float
    """Share of the turn's stems that the sentences that ask use, less that of the others."""

    @property
    def probability(self) -> float:
        """0 to 1."""
        odds = NEED_BIAS + sum(weight * getattr(self, name) for name, weight in NEED.items())
        return 1.0 / (1.0 + math.exp(-odds))


class NeedHead:
    """Compares a turn with sentences of both sides. Pure after it was built."""

    def __init__(self, encoder: Encoder, asks: Sequence[str], tasks: Sequence[str]) -> None:
        self._encoder = encoder
        self._asks = encoder.embed(list(asks))
        self._tasks = encoder.embed(list(tasks))
        self._asking = {stem for text in asks for stem in stems(text)}
        self._doing = {stem for text in tasks for stem in stems(text)}

    def evidence(self, texts: Sequence[str], meaning: float, sound: float, named: float) -> NeedEvidence:
        """`texts` are what the turn may have been, likeliest first; the rest is the best document's."""
        meant = self._encoder.embed([question_part(text) for text in texts[:HYPOTHESES]]).mean(axis=0)
        return NeedEvidence(
            meaning=meaning,
            sound=sound,
            named=named,
            asks=float((self._asks @ meant).max(initial=0.0)),
            tasks=float((self._tasks @ meant).max(initial=0.0)),
            whole_tasks=float((self._tasks @ self._encoder.embed([texts[0].lower()])[0]).max(initial=0.0)),
            wording=self._wording(texts[0]),
        )

    def _wording(self, text: str) -> float:
        said = stems(text)
        asking = sum(stem in self._asking for stem in said)
        doing = sum(stem in self._doing for stem in said)
        return (asking - doing) / len(said) if said else 0.0
