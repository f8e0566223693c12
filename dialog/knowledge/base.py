"""Search over a playbook's articles: meaning, BM25 and sound of titles, questions and passages, weighed together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dialog.encoder import Encoder, Vectors
from dialog.knowledge.gaps import Unanswered
from dialog.knowledge.lexical import LexicalIndex
from dialog.knowledge.passages import for_the_ear, passages, sentences
from dialog.knowledge.questions import FEW_WORDS, points_back
from dialog.knowledge.remembering import RememberingEncoder
from dialog.knowledge.sounds import SoundIndex
from dialog.knowledge.values import Answer, ArticleText, Hit
from dialog.knowledge.weights import BASE, BASE_BIAS
from dialog.knowledge.words import FILLERS, content_words, question_part

SURE = 0.3
"""From this score on an answer is given: of scores from 0.2 to 0.4 a good half are right, above 0.4 nine of ten."""
PASSAGE_AHEAD = 0.05
"""Cosine by which a passage must fit better than every title and question to be said instead of the short answer."""
QUESTION_FITS = 0.8
"""Cosine with a title or question from which the short answer is right whatever the passages say."""
CONTEXT_TURNS = 2
CONTEXT_SHARE, LEANING_SHARE = 0.4, 0.9
"""Weight of a question read after what was said before, against the question alone; the second with few words."""


class KnowledgeBase:
    """The articles of one playbook. Pure after it was built, and safe to use from many threads."""

    def __init__(self, articles: Sequence[ArticleText], encoder: Encoder) -> None:
        self._articles = tuple(articles)
        self._encoder = encoder
        self._spoken = [for_the_ear(article.spoken) for article in articles]
        asks = [list(dict.fromkeys([article.title, *article.questions])) for article in articles]
        tells = [
            list(dict.fromkeys([spoken, *_with_sentences(passages(article.body))]))
            for article, spoken in zip(articles, self._spoken, strict=True)
        ]
        self._asks, self._tells = _Group.of(asks, encoder, True), _Group.of(tells, encoder, False)

    @classmethod
    def build(cls, articles: Sequence[ArticleText], encoder: Encoder) -> "KnowledgeBase":
        """Index `articles`, expired ones too: whether one may be used depends on the day of the call."""
        return cls(articles, encoder)

    def search(
        self, question: str, context: Sequence[str] = (), *, today: date, most: int = 5
    ) -> tuple[Hit, ...]:
        """The articles nearest to `question`, best first, each once, none that has expired.

        `context` are the caller's earlier turns, newest last. They count where the question points back to them.
        """
        usable = [index for index in self._all() if self._articles[index].is_valid(today)]
        if not usable or not question.strip():
            return ()
        readings = _readings(question, context)
        vectors = self._encoder.embed([text for text, _ in readings])
        asks = self._asks.best(readings, vectors)
        tells = self._tells.best(readings, vectors)
        hits = [self._hit(index, asks[index], tells[index]) for index in usable]
        return tuple(sorted(hits, key=lambda hit: -hit.score)[:most])

    def answer(self, question: str, context: Sequence[str] = (), *, today: date) -> Answer | None:
        """What to say: the article's short answer, or its passage that fits better; None is "I don't know"."""
        hits = self.search(question, context, today=today, most=1)
        if not hits or hits[0].score < SURE:
            return None
        best = hits[0]
        if best.by_question:
            spoken = next(article.spoken for article in self._articles if article.id == best.article)
            return Answer(best.article, spoken, best.score, is_short=True)
        return Answer(best.article, best.passage, best.score, is_short=False)

    def gap(self, question: str, context: Sequence[str] = (), *, today: date) -> Unanswered:
        """A question that got no answer, with what came nearest."""
        hits = self.search(question, context, today=today, most=1)
        return Unanswered(question, hits[0].score, hits[0].article) if hits else Unanswered(question)

    def _all(self) -> range:
        return range(len(self._articles))

    def _hit(self, index: int, asks: "_Best", tells: "_Best") -> Hit:
        parts = {
            "question": asks.meaning,
            "passage": tells.meaning,
            "lexical": max(asks.lexical, tells.lexical),
            "sound": asks.sound,
        }
        odds = BASE_BIAS + sum(BASE[name] * value for name, value in parts.items())
        short = asks.meaning >= QUESTION_FITS or tells.meaning < asks.meaning + PASSAGE_AHEAD
        return Hit(
            self._articles[index].id,
            tells.text,
            round(1.0 / (1.0 + math.exp(-odds)), 4),
            by_question=short or tells.text in self._spoken[index],
        )


@dataclass(frozen=True)
class _Best:
    """The best scores among one article's texts, and the text that means most alike."""

    text: str
    meaning: float
    lexical: float
    sound: float


@dataclass(frozen=True)
class _Group:
    """The titles and questions of all articles, or the passages; each article has at least one text."""

    texts: tuple[str, ...]
    starts: NDArray[np.intp]
    vectors: Vectors
    lexical: LexicalIndex
    sounds: SoundIndex | None
    """For titles and questions only: a passage is too long to be recognised by how it sounds."""

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]], encoder: Encoder, sounding: bool) -> "_Group":
        flat = tuple(text for some in texts for text in some)
        starts = np.cumsum([0, *(len(some) for some in texts)])
        vectors = RememberingEncoder(encoder).embed(flat)
        return cls(flat, starts, vectors, LexicalIndex(flat), SoundIndex(flat) if sounding else None)

    def best(self, readings: Sequence[tuple[str, float]], vectors: Vectors) -> list[_Best]:
        """For each article. `readings` are the texts of the question with their weights, which add up to 1."""
        weights = np.array([weight for _, weight in readings])
        meanings = self.vectors @ (vectors.T @ weights)
        lexical = np.sum([weight * self.lexical.scores(text) for text, weight in readings], axis=0)
        sounds = self._sounds_of(readings)
        found = []
        for start, end in pairwise(self.starts.tolist()):
            nearest = start + int(meanings[start:end].argmax())
            found.append(
                _Best(
                    self.texts[nearest],
                    float(meanings[nearest]),
                    float(lexical[start:end].max()),
                    float(sounds[start:end].max()),
                )
            )
        return found

    def _sounds_of(self, readings: Sequence[tuple[str, float]]) -> NDArray[np.float64]:
        if self.sounds is None:
            return np.zeros(len(self.texts))
        return self.sounds.scores(
            np.sum([weight * self.sounds.heard(text) for text, weight in readings], axis=0)
        )


def _with_sentences(found: Sequence[str]) -> list[str]:
    """The passages and their sentences: a fact is found by itself, and said by itself."""
    return [text for passage in found for text in (passage, *sentences(passage))]


def _readings(question: str, context: Sequence[str]) -> list[tuple[str, float]]:
    """What is asked, and where it points back also what is asked after what was said before, with their weights."""
    asked = question_part(question)
    own = len(content_words(asked))
    before = [question_part(turn) for turn in context[-CONTEXT_TURNS:] if content_words(turn)]
    whole = " ".join([*before, FILLERS.sub(" ", question.lower()).strip()])
    if whole == asked or not points_back(asked) or not content_words(whole):
        return [(asked, 1.0)]
    share = CONTEXT_SHARE if own >= FEW_WORDS else LEANING_SHARE
    return [(asked, 1.0 - share), (whole, share)]
