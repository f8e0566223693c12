"""What a dialog understands with, built for one playbook from one encoder of sentences."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from dialog.encoder import Encoder, Vectors
from dialog.intents import IntentClassifier, LabelledIntents, LabelModel
from dialog.knowledge import Answer, ArticleText, Hit, KnowledgeBase, Unanswered, is_question, leans
from dialog.plan import Minds
from dialog.playbook import Playbook
from dialog.sentiment.remembered import Polarity, Remembered
from dialog.sentiment.sentiment import Sentiment
from dialog.understand import Classifier

DIMENSIONS = 512
SHORTEST = 1e-6
NEAR = 3
"""So many articles are near a question."""


@dataclass(frozen=True)
class StandIns:
    """Models that run in place of the built-in heads, where the operator names some."""

    intents: LabelModel | None = None
    polarity: Polarity | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    """What they are, for the event log."""


BUILT_IN = StandIns()


def build_minds(playbook: Playbook, encoder: Encoder, stand_ins: StandIns = BUILT_IN) -> Minds:
    """Intents, knowledge and sentiment of a playbook: some seconds of embedding, once for all calls.

    Raises:
        HeadError: the playbook has fewer than two intents, articles included.
        LabelsError: the model that stands in for the intents' head does not know the playbook's intents.
    """
    return Minds(
        _classifier(playbook, encoder, stand_ins.intents),
        knowledge=Articles(playbook, encoder),
        feelings=Sentiment(encoder, stand_ins.polarity),
    )


def _classifier(playbook: Playbook, encoder: Encoder, model: LabelModel | None) -> Classifier:
    if model is None:
        return IntentClassifier(playbook, encoder)
    return LabelledIntents(playbook.intents, playbook.articles, model)


def word_minds(playbook: Playbook) -> Minds:
    """Where the models are not there: intents by their words alone, and neither knowledge nor sentiment.

    Raises:
        HeadError: as `build_minds`.
    """
    return Minds(IntentClassifier(playbook, WordEncoder()))


def article_texts(playbook: Playbook) -> tuple[ArticleText, ...]:
    """A playbook's articles as the knowledge base takes them."""
    return tuple(
        ArticleText(
            id=name,
            title=article.title,
            spoken=article.spoken,
            body=playbook.bodies.get(name, ""),
            questions=article.questions,
            updated=article.updated,
            expires=article.expires,
        )
        for name, article in playbook.articles.items()
    )


class Articles:
    """A playbook's articles as the dialog asks them. Safe to use from many threads."""

    def __init__(self, playbook: Playbook, encoder: Encoder) -> None:
        articles = article_texts(playbook)
        # A question without an answer is searched for once more, for what came nearest.
        self._base = KnowledgeBase.build(articles, Remembered(encoder)) if articles else None

    def answer(self, question: str, context: Sequence[str] = (), *, today: date) -> Answer | None:
        """The answer, or None where nothing fits."""
        return self._base.answer(question, context, today=today) if self._base is not None else None

    def is_question(self, text: str) -> bool:
        """Whether it asks for information."""
        return is_question(text)

    def leans(self, text: str) -> bool:
        """Whether it is a question that takes up what was said before."""
        return leans(text)

    def gap(self, question: str, context: Sequence[str] = (), *, today: date) -> Unanswered:
        """A question without an answer, with the article that came nearest."""
        if self._base is None:
            return Unanswered(question)
        return self._base.gap(question, context, today=today)

    def search(
        self, question: str, context: Sequence[str] = (), *, today: date, most: int = 5
    ) -> tuple[Hit, ...]:
        """The articles nearest to it, best first, with what speaks for them."""
        return self._base.search(question, context, today=today, most=most) if self._base is not None else ()

    def near(self, question: str, context: Sequence[str] = (), *, today: date) -> tuple[str, ...]:
        """The articles that may have to do with it, nearest first."""
        if self._base is None:
            return ()
        return tuple(hit.article for hit in self._base.search(question, context, today=today, most=NEAR))


class WordEncoder:
    """Sentences as bags of words, hashed: knows an example again by its words, and nothing of meaning."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1, shape (texts, 512)."""
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                vectors[row, zlib.crc32(word.encode()) % DIMENSIONS] += 1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, SHORTEST), np.float32)
