"""Which intents a sentence has: a head on sentence embeddings and wording, trained when the playbook is loaded."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dialog.encoder import Encoder
from dialog.playbook import OUT_OF_SCOPE
from dialog.segments import parts
from models.heads import Head, train_head

BEST = 3
CLEAR = 0.6
"""From this probability on two clauses are wishes whatever a third one is: `I have two things`."""
APART = 0.35
"""From this probability on a clause counts as a wish of its own: lower than for a whole sentence, it says less."""


class Examples(Protocol):
    """What a playbook says of its intents."""

    @property
    def out_of_scope(self) -> tuple[str, ...]:
        """Sentences that are none of them."""

    def examples(self) -> Mapping[str, Sequence[str]]:
        """How callers say what they want, by intent."""


class LabelsError(ValueError):
    """A model's labels are not the playbook's intents; the text says which are missing or unknown."""


class LabelModel(Protocol):
    """Another model that may stand in for the head, such as `models.sequence_classifier.SequenceClassifier`."""

    @property
    def labels(self) -> Sequence[str]:
        """Its labels, each once."""

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

        A part is one wish where it holds one clause, where its clauses have one intent, or where a clause is none by
        itself and no two others are clear ones. Parts that are no wish are left out beside two that are. One
        ranking, of the whole text, where it holds fewer than two wishes.
        """
        found = parts(text)
        if sum(len(part.clauses) for part in found) == 1:
            return (self.rank(text),)
        texts = dict.fromkeys((text, *(one for part in found for one in (part.text, *part.clauses))))
        known = dict(zip(texts, map(_ranking, self.probabilities(list(texts))), strict=True))
        wishes: dict[str, Ranking] = {}
        for part in found:
            for one in _wishes(known[part.text], [known[clause] for clause in part.clauses]):
                name, score = one.best
                if name is not None and score >= APART:
                    wishes.setdefault(name, one)
        return tuple(wishes.values()) if len(wishes) > 1 else (known[text],)


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
    """Intents by a model whose labels are the intents' names, and perhaps articles' and `out_of_scope`.

    Raises:
        LabelsError: an intent is no label, or a label is neither an intent nor an article nor `out_of_scope`.
    """

    def __init__(self, intents: Collection[str], articles: Collection[str], model: LabelModel) -> None:
        missing = sorted({*intents} - {*model.labels})
        unknown = sorted({*model.labels} - {*intents} - {*articles} - {OUT_OF_SCOPE})
        if missing:
            raise LabelsError(
                f"every intent must be a label of the model; not among them: {', '.join(missing)}"
            )
        if unknown:
            raise LabelsError(
                "every label must be an intent, an article or out_of_scope of the playbook; "
                f"unknown there: {', '.join(unknown)}"
            )
        self._names = tuple(label for label in model.labels if label != OUT_OF_SCOPE)
        self._model = model

    def probabilities(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Each intent's probability, out of scope among them."""
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


def _wishes(whole: Ranking, of_clauses: Sequence[Ranking]) -> Sequence[Ranking]:
    """The wishes of one part: those of its clauses if each is one or two clearly are, otherwise the whole part's."""
    if all(one.best[0] is not None and one.best[1] >= APART for one in of_clauses):
        return of_clauses
    clear = [one for one in of_clauses if one.best[0] is not None and one.best[1] >= CLEAR]
    return clear if len({one.best[0] for one in clear}) > 1 else (whole,)


def _ranking(given: Mapping[str, float]) -> Ranking:
    order = sorted(given.items(), key=lambda one: -one[1])[:BEST]
    return Ranking(tuple((name, round(score, 4)) for name, score in order))
