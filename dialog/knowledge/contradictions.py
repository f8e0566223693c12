"""What is wrong with a playbook's articles: out of date, saying the same twice, or contradicting each other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from dialog.encoder import Encoder
from dialog.knowledge.figures import Figure, figures, negated
from dialog.knowledge.passages import for_the_ear, passages, sentences
from dialog.knowledge.remembering import RememberingEncoder
from dialog.knowledge.values import ArticleText
from dialog.knowledge.words import stems

OLD_DAYS = 365
ALIKE = 0.6
"""Cosine from which two sentences may be about the same thing, where their words agree too."""
SHARED = 0.5
"""Share of the stems, figures aside, that such sentences must have in common, of the shorter one."""
VERY_ALIKE, SHARED_LITTLE = 0.75, 0.3
"""The same of sentences that mean much the same in other words."""
APART = 2
"""Stems that each of them may have for itself: more is another condition ("abroad", "on Sundays")."""
POINTS_BACK = re.compile(r"^(?:that|this|it|they|these|those)\b", re.IGNORECASE)
SAME = 0.9
"""Cosine from which two short answers say the same."""


class Trouble(StrEnum):
    """What was found."""

    EXPIRED = "expired"
    OLD = "old"
    CONTRADICTS = "contradicts"
    SAYS_THE_SAME = "says_the_same"
    SAME_QUESTION = "same_question"


@dataclass(frozen=True)
class Finding:
    """One trouble: the articles and, where two clash, the sentence of each."""

    trouble: Trouble
    articles: tuple[str, ...]
    sentences: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class _Said:
    article: ArticleText
    text: str
    figures: frozenset[Figure]
    negated: bool
    stems: frozenset[str]


def lint(
    articles: Sequence[ArticleText], encoder: Encoder, today: date, old_days: int = OLD_DAYS
) -> tuple[Finding, ...]:
    """The findings, stale articles first, then pairs in the articles' order. Expired articles clash with nothing."""
    remembering = RememberingEncoder(encoder)
    valid = [article for article in articles if article.is_valid(today)]
    return (
        *_stale(articles, today, old_days),
        *_same_questions(valid),
        *_repetitions(valid, remembering),
        *_contradictions(valid, remembering),
    )


def _stale(articles: Sequence[ArticleText], today: date, old_days: int) -> Iterator[Finding]:
    for article in articles:
        age = (today - article.updated).days
        if not article.is_valid(today):
            message = f"{article.id} expired on {article.expires}: it is never used"
            yield Finding(Trouble.EXPIRED, (article.id,), (), message)
        elif age > old_days:
            message = f"{article.id} was last updated {age} days ago, more than {old_days}: check that it still holds"
            yield Finding(Trouble.OLD, (article.id,), (), message)


def _same_questions(articles: Sequence[ArticleText]) -> Iterator[Finding]:
    for one, other in combinations(articles, 2):
        asked = {_plain(question): question for question in one.questions}
        for question in other.questions:
            if _plain(question) in asked:
                message = f"{one.id} and {other.id} both answer {question!r}: keep it in one of them"
                pair = (asked[_plain(question)], question)
                yield Finding(Trouble.SAME_QUESTION, (one.id, other.id), pair, message)


def _repetitions(articles: Sequence[ArticleText], encoder: Encoder) -> Iterator[Finding]:
    spoken = [for_the_ear(article.spoken) for article in articles]
    likeness = encoder.embed(spoken) @ encoder.embed(spoken).T if spoken else None
    for one, other in combinations(range(len(articles)), 2):
        if likeness is None or likeness[one, other] < SAME:
            continue
        if figures(spoken[one]) == figures(spoken[other]) and negated(spoken[one]) == negated(spoken[other]):
            ids = (articles[one].id, articles[other].id)
            message = f"{ids[0]} and {ids[1]} say the same: make one article of them"
            yield Finding(Trouble.SAYS_THE_SAME, ids, (spoken[one], spoken[other]), message)


def _contradictions(articles: Sequence[ArticleText], encoder: Encoder) -> Iterator[Finding]:
    said = [one for article in articles for one in _sentences(article)]
    if not said:
        return
    vectors = encoder.embed([one.text for one in said])
    likeness = vectors @ vectors.T
    seen = set()
    for first, second in combinations(range(len(said)), 2):
        one, other = said[first], said[second]
        pair = (one.article.id, other.article.id)
        alike = float(likeness[first, second])
        if one.article is other.article or alike < ALIKE or not _same_matter(one, other, alike):
            continue
        clash = _clash(one, other)
        if clash and (pair, clash) not in seen:
            seen.add((pair, clash))
            message = f"{pair[0]} and {pair[1]} contradict each other ({clash}): {one.text!r} against {other.text!r}"
            yield Finding(Trouble.CONTRADICTS, pair, (one.text, other.text), message)


def _sentences(article: ArticleText) -> list[_Said]:
    found: dict[str, _Said] = {}
    for text in (for_the_ear(article.spoken), *passages(article.body)):
        before: frozenset[str] = frozenset()
        for sentence in sentences(text):
            # "That takes five days" is about what the sentence before it is about.
            matter = _matter(sentence) | (before if POINTS_BACK.match(sentence) else frozenset())
            found.setdefault(sentence, _Said(article, sentence, figures(sentence), negated(sentence), matter))
            before = matter
    return list(found.values())


def _matter(text: str) -> frozenset[str]:
    """What a sentence is about: its stems without figures and their units."""
    counted = {figure.unit for figure in figures(text)}
    return frozenset(stem for stem in stems(text) if not figures(stem) and stem not in counted)


def _same_matter(one: _Said, other: _Said, likeness: float) -> bool:
    """Whether two sentences are about one thing, and neither about the special case that its article is about."""
    shared = len(one.stems & other.stems)
    shorter = min(len(one.stems), len(other.stems))
    ours, theirs = one.stems - other.stems, other.stems - one.stems
    titles = frozenset(stems(one.article.title)), frozenset(stems(other.article.title))
    if ours & titles[0] - titles[1] or theirs & titles[1] - titles[0]:
        return False
    least = SHARED_LITTLE if likeness >= VERY_ALIKE else SHARED
    return shorter > 0 and shared / shorter >= least and max(len(ours), len(theirs)) <= APART


def _clash(one: _Said, other: _Said) -> str | None:
    """What two sentences about the same matter state differently; None where they agree."""
    for unit in sorted({figure.unit for figure in one.figures} & {figure.unit for figure in other.figures}):
        ours = sorted(figure.value for figure in one.figures if figure.unit == unit)
        theirs = sorted(figure.value for figure in other.figures if figure.unit == unit)
        if ours != theirs and not set(ours) <= set(theirs) and not set(theirs) <= set(ours):
            return f"{_listed(ours)} or {_listed(theirs)} {unit}".strip()
    if one.negated != other.negated and one.figures == other.figures:
        return "one says yes, the other no"
    return None


def _listed(values: Sequence[float]) -> str:
    return " and ".join(f"{value:g}" for value in values)


def _plain(question: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", question.lower()))
