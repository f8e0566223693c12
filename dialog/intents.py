"""Which intents a sentence has: a head on sentence embeddings and wording, trained when the playbook is loaded."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dialog.encoder import Encoder
from dialog.playbook import OUT_OF_SCOPE
from dialog.segments import clauses
from models.heads import Head, train_head

BEST = 3
APART = 0.35
"""From this probability on a clause counts as a wish of its own: lower than for a whole sentence, it says less."""


class Examples(Protocol):
    """What a playbook says of its intents."""

    @property
    def out_of_scope(self) -> tuple[str, ...]:
        """Sentences that are none of them."""

    def examples(self) -> Mapping[str, Sequence[str]]:
        """How callers say what they want, by intent."""


class LabelModel(Protocol):
    """Another model that may stand in for the head, such as `models.sequence_classifier.SequenceClassifier`."""

    def classify(self, texts: Sequence[str]) -> Sequence[Mapping[str, float]]:
        """The probability of each label, for each text."""


@dataclass(frozen=True)
class Ranking:
    """The best intents of one sentence with their confidence, best first. Out of scope is one of them."""

    scores: tuple[tuple[str, float], ...]

    @property
    def best(self) -> tuple[str | None, float]:
        """The best intent; None when the sentence is out of scope."""
        name, score = self.scores[0]
        return (None, score) if name == OUT_OF_SCOPE else (name, score)


class IntentRanker(ABC):
    """Ranks sentences, and the clauses of sentences. What the probabilities come from is for others to say."""

    @abstractmethod
    def probabilities(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Each intent's probability, out of scope among them, for each text."""

    def rank(self, text: str) -> Ranking:
        """The likeliest intents of `text`."""
        return _ranking(self.probabilities([text])[0])

    def rank_all(self, text: str) -> tuple[Ranking, ...]:
        """One ranking for each distinct wish in `text`, in the order spoken.

        One ranking, of the whole text, where it holds one clause, where its clauses have one intent, or where a
        clause is none by itself.
        """
        parts = clauses(text)
        if len(parts) == 1:
            return (self.rank(text),)
        whole, *rankings = (_ranking(one) for one in self.probabilities([text, *parts]))
        distinct = {one.best[0]: one for one in reversed(rankings)}
        if None in distinct or len(distinct) == 1 or any(one.best[1] < APART for one in rankings):
            return (whole,)
        return tuple(one for one in rankings if distinct[one.best[0]] is one)


class IntentClassifier(IntentRanker):
    """Knows one playbook's intents. Stateless after it was built, and safe to use from many threads."""

    def __init__(self, playbook: Examples, encoder: Encoder) -> None:
        self._encoder = encoder
        self.head = _trained(playbook.examples(), playbook.out_of_scope, encoder)

    @classmethod
    def of_examples(
        cls, examples: Mapping[str, Sequence[str]], out_of_scope: Sequence[str], encoder: Encoder
    ) -> "IntentClassifier":
        """Without a playbook."""
        return cls(_Plain(examples, tuple(out_of_scope)), encoder)

    @property
    def version(self) -> str:
        """Of the trained head, for the event log."""
        return self.head.version

    @property
    def scope_threshold(self) -> float:
        """The probability of being in scope from which the head itself would accept a sentence."""
        return self.head.scope.threshold

    def probabilities(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Each intent's probability, out of scope among them, for each text; each sums to 1."""
        plain = [normal(text) for text in texts]
        judged = self.head.judge(plain, self._encoder.embed(plain))
        return [
            dict(zip(self.head.names, (one.in_scope * one.shares).tolist(), strict=True))
            | {OUT_OF_SCOPE: 1.0 - one.in_scope}
            for one in judged
        ]


class LabelledIntents(IntentRanker):
    """Intents by a model whose labels are the intents' names; a label `out_of_scope` is out of scope.

    Raises:
        ValueError: an intent of the playbook is not among the labels; says which.
    """

    def __init__(self, names: Sequence[str], labels: Sequence[str], model: LabelModel) -> None:
        missing = sorted({*names} - {*labels})
        if missing:
            raise ValueError(
                f"every intent must be a label of the model; not among them: {', '.join(missing)}"
            )
        self._names = tuple(names)
        self._model = model

    def probabilities(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Each intent's probability; labels that are no intent count as out of scope."""
        return [self._known(given) for given in self._model.classify([normal(text) for text in texts])]

    def _known(self, given: Mapping[str, float]) -> dict[str, float]:
        known = {name: given[name] for name in self._names}
        return known | {OUT_OF_SCOPE: max(0.0, 1.0 - sum(known.values()))}


@dataclass(frozen=True)
class _Plain:
    given: Mapping[str, Sequence[str]]
    out_of_scope: tuple[str, ...]

    def examples(self) -> Mapping[str, Sequence[str]]:
        return self.given


def normal(text: str) -> str:
    """As the examples are written: the recogniser's case and full stops carry no meaning."""
    return text.lower().replace("’", "'").strip(" .!?,")


def _trained(examples: Mapping[str, Sequence[str]], outside: Sequence[str], encoder: Encoder) -> Head:
    texts = [normal(text) for group in (*examples.values(), outside) for text in group]
    places: dict[str, range] = {}
    start = 0
    for name, group in examples.items():
        places[name] = range(start, start + len(group))
        start += len(group)
    return train_head(places, range(start, len(texts)), texts, encoder.embed(texts))


def _ranking(given: Mapping[str, float]) -> Ranking:
    order = sorted(given.items(), key=lambda one: -one[1])[:BEST]
    return Ranking(tuple((name, round(score, 4)) for name, score in order))
