"""Puts questions together that mean much the same, and says what each group needs. Pure."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from dialog.encoder import Encoder, Vectors
from dialog.knowledge.contradictions import Trouble, lint
from dialog.knowledge.values import ArticleText
from qa.gaps.gap import Asked, Gap, GapKind, Why, rank

ALIKE = 0.55
"""Mean cosine from which two groups of questions are one."""
NEAR = 0.1
"""Likelihood from which the nearest article is one to be edited."""
ANSWERS = 3
"""So many sentences of agents are shown."""
FITS = 0.25
"""Cosine with the question from which an agent's sentence may be about it."""
MOST = 3000
"""Distinct questions that are compared with each other; the newest count."""


@dataclass(frozen=True)
class Knowledge:
    """What the playbook knows today."""

    articles: Sequence[ArticleText]
    answers: Callable[[str], str | None]
    """The article that answers a question; None where none does."""


def grouped(asked: Iterable[Asked], knowledge: Knowledge, encoder: Encoder, today: date) -> list[Gap]:
    """The gaps, the weightiest first. The same questions give the same gaps."""
    newest = sorted(asked, key=lambda one: (one.at, one.key), reverse=True)
    texts = list(dict.fromkeys(_plain(one.question) for one in newest))[:MOST]
    if not texts:
        return []
    vectors = encoder.embed(texts)
    labels = dict(zip(texts, _labels(vectors), strict=True))
    rows = dict(zip(texts, vectors, strict=True))
    groups: dict[int, list[Asked]] = {}
    for one in newest:
        text = _plain(one.question)
        if text in labels:
            groups.setdefault(labels[text], []).append(one)
    gaps = [_gap(group, rows, knowledge, encoder, today) for group in groups.values()]
    return sorted(gaps, key=rank)


def _labels(vectors: Vectors) -> list[int]:
    if len(vectors) == 1:
        return [0]
    model = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=1.0 - ALIKE)
    return [int(one) for one in model.fit_predict(vectors)]


def _gap(
    group: Sequence[Asked],
    rows: dict[str, Vectors],
    knowledge: Knowledge,
    encoder: Encoder,
    today: date,
) -> Gap:
    vectors = np.stack([rows[_plain(one.question)] for one in group])
    middle = vectors.mean(axis=0)
    typical = group[int((vectors @ middle).argmax())].question
    answers = _best_answers(group, middle, encoder)
    kind, article = _kind(group, typical, answers, knowledge, encoder, today)
    oldest = min(group, key=lambda one: (one.at, one.key))
    return Gap(
        gap_id=hashlib.sha256(oldest.key.encode()).hexdigest()[:12],
        kind=kind,
        question=typical,
        asked=tuple(group),
        article=article,
        answers=answers,
    )


def _best_answers(group: Sequence[Asked], middle: Vectors, encoder: Encoder) -> tuple[str, ...]:
    """What agents said that is nearest to the question."""
    said = list(dict.fromkeys(text for one in group for text in one.answers))
    if not said:
        return ()
    likeness = encoder.embed(said) @ middle
    order = sorted(range(len(said)), key=lambda place: -float(likeness[place]))
    return tuple(said[place] for place in order if likeness[place] >= FITS)[:ANSWERS]


def _kind(
    group: Sequence[Asked],
    typical: str,
    answers: Sequence[str],
    knowledge: Knowledge,
    encoder: Encoder,
    today: date,
) -> tuple[GapKind, str | None]:
    known = {article.id: article for article in knowledge.articles}
    nearest = _nearest(group, known)
    answered = knowledge.answers(typical)
    near = [known[one] for one in dict.fromkeys((nearest, answered)) if one in known and one is not None]
    clash = _contradicted(answers, near, encoder, today)
    if clash is not None:
        return GapKind.CONTRADICTORY, clash
    if answered is not None and all(one.why is Why.UNANSWERED for one in group):
        return GapKind.DUPLICATE, answered
    return (GapKind.EDIT, nearest) if nearest is not None else (GapKind.ADD, None)


def _nearest(group: Sequence[Asked], known: dict[str, ArticleText]) -> str | None:
    """The article that came nearest most often, where it came near at all."""
    near = [
        one.nearest
        for one in group
        if one.nearest in known and (one.score is None or one.score >= NEAR) and one.nearest is not None
    ]
    return max(sorted(set(near)), key=near.count) if near else None


def _contradicted(
    answers: Sequence[str], articles: Sequence[ArticleText], encoder: Encoder, today: date
) -> str | None:
    """The article with which a sentence of an agent's clashes."""
    for text in answers:
        said = ArticleText(
            id="\0agent", title="", spoken=text, body="", questions=(), updated=today, expires=None
        )
        for finding in lint([*articles, said], encoder, today):
            if finding.trouble is Trouble.CONTRADICTS and said.id in finding.articles:
                return next(one for one in finding.articles if one != said.id)
    return None


def _plain(question: str) -> str:
    return " ".join(question.lower().split()).rstrip("?.! ")
