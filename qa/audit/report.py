"""The audit: categories with volumes, what of them information alone answers, and where to begin. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from dialog.encoder import Encoder
from qa.audit.clusters import DETAILS, Clustering, clustered
from qa.audit.information import Answers, Need, need_of, no_article
from qa.audit.tickets import Ticket

FEWEST = 20
"""Tickets that say anything at all of where to begin."""
EXAMPLES = 8
MOST_WORDS = 3
OF_NEED = 3
"""Examples that are shown of each need."""
CANDIDATES = 5
COURTEOUS = 0.6
"""From this share of texts that want nothing on, a category is talk and no wish."""

_WORD = re.compile(r"[a-z][a-z']+")
_OFTEN = """
    want need help like know please number email link hi hello would thanks thank i'm i'd can't
"""
_EMPTY = ENGLISH_STOP_WORDS | set(_OFTEN.split())


class Category(BaseModel):
    """What some tickets have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """A suggestion for the intent's name, from the words that set it apart."""
    volume: int
    share: float
    """Of all tickets."""
    information_only: float
    """Share of its tickets that an answer alone would serve."""
    by_article: float
    """Share that an article of the playbook answers already."""
    is_wish: bool
    """Whether it can be an intent: not one of greetings and thanks, or of bare details."""
    words: tuple[str, ...]
    examples: tuple[str, ...]
    """As different from each other as they are typical."""
    informative: tuple[str, ...]
    """Examples of tickets that an answer would serve."""
    active: tuple[str, ...]
    """Examples of tickets that need an action."""

    @property
    def gain(self) -> float:
        """Tickets that an answer alone would serve: volume × information-only share."""
        return self.volume * self.information_only


class Audit(BaseModel):
    """All categories, the largest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tickets: int
    column: str
    categories: tuple[Category, ...]
    tried: dict[int, float]
    """The silhouette by the number of clusters, of which the number was chosen."""
    with_articles: bool
    """Whether a playbook's articles were asked."""

    @property
    def wishes(self) -> tuple[Category, ...]:
        """The categories that can be intents."""
        return tuple(one for one in self.categories if one.is_wish)

    @property
    def candidates(self) -> tuple[Category, ...]:
        """Where to begin: the most tickets that an answer alone would serve first."""
        return tuple(
            sorted((one for one in self.wishes if one.gain >= 1), key=lambda one: -one.gain)[:CANDIDATES]
        )

    @property
    def information_only(self) -> float:
        """Share of all tickets that want something which an answer alone would serve."""
        wanted = sum(one.volume for one in self.wishes)
        return sum(one.gain for one in self.wishes) / wanted if wanted else 0.0


class TooFewTicketsError(ValueError):
    """There is too little to audit; the text says how much is needed."""


def audited(
    tickets: Sequence[Ticket],
    encoder: Encoder,
    column: str,
    answers: Answers | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Audit:
    """The audit of tickets. The same tickets give the same audit. `told` gets what is being done, in words.

    Raises:
        TooFewTicketsError: fewer than 20 tickets.
    """
    if len(tickets) < FEWEST:
        raise TooFewTicketsError(f"an audit needs at least {FEWEST} tickets; there are {len(tickets)}")
    texts = [one.text for one in tickets]
    told(f"putting {len(texts)} texts together")
    clustering = clustered(texts, encoder)
    told("looking at what each needs")
    asked = answers or no_article
    needs = {text: need_of(text, asked) for text in dict.fromkeys(texts)}
    labels = sorted(set(clustering.labels.tolist()), key=lambda label: (label == DETAILS, label))
    words = _words(texts, clustering, labels)
    names = _names(words)
    found = [_category(label, names[label], words[label], texts, needs, clustering) for label in labels]
    return Audit(
        tickets=len(texts),
        column=column,
        categories=tuple(sorted(found, key=lambda one: -one.volume)),
        tried={size: round(value, 4) for size, value in clustering.tried.items()},
        with_articles=answers is not None,
    )


def _category(
    label: int,
    name: str,
    words: tuple[str, ...],
    texts: Sequence[str],
    needs: Mapping[str, Need],
    clustering: Clustering,
) -> Category:
    places = np.flatnonzero(clustering.labels == label)
    own = [texts[int(place)] for place in places]
    counts = Counter(needs[text] for text in own)
    wanting = max(1, len(own) - counts[Need.NONE])
    is_wish = label != DETAILS and counts[Need.NONE] / len(own) < COURTEOUS
    answered = counts[Need.ARTICLE] + counts[Need.QUESTION]
    typical = _typical(own, clustering.vectors[places])
    return Category(
        name=name,
        volume=len(own),
        share=round(len(own) / len(texts), 4),
        information_only=round(answered / wanting, 4) if is_wish else 0.0,
        by_article=round(counts[Need.ARTICLE] / wanting, 4) if is_wish else 0.0,
        is_wish=is_wish,
        words=words,
        examples=tuple(_apart(typical, EXAMPLES)),
        informative=tuple([one for one in typical if needs[one] in {Need.ARTICLE, Need.QUESTION}][:OF_NEED]),
        active=tuple([one for one in typical if needs[one] is Need.ACTION][:OF_NEED]),
    )


def _typical(texts: Sequence[str], vectors: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[str]:
    """Distinct texts, the one nearest to the middle first."""
    nearness = vectors @ vectors.mean(axis=0)
    order = np.argsort(-nearness, kind="stable")
    return list(dict.fromkeys(texts[int(place)] for place in order))


def _apart(typical: Sequence[str], most: int) -> list[str]:
    """Of the most typical, those whose words are not those of another one."""
    chosen: list[str] = []
    seen: list[set[str]] = []
    for text in typical:
        words = set(_WORD.findall(text.lower()))
        if all(len(words & other) < 0.75 * max(len(words), len(other), 1) for other in seen):
            chosen.append(text)
            seen.append(words)
    # Where all are much alike, alike ones are better than too few.
    return (
        [*chosen, *(text for text in typical if text not in chosen)][:most]
        if len(chosen) < most
        else chosen[:most]
    )


def _words(texts: Sequence[str], clustering: Clustering, labels: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The words that set each category apart: frequent in it and rare in the others."""
    counts = {label: Counter[str]() for label in labels}
    sizes = Counter(clustering.labels.tolist())
    for text, label in zip(texts, clustering.labels.tolist(), strict=True):
        counts[label].update({word for word in _WORD.findall(text.lower()) if word not in _EMPTY})
    everywhere = sum(counts.values(), Counter())
    found = {}
    for label, own in counts.items():
        weight = {
            word: (count / sizes[label]) * np.log(1 + len(texts) * count / (sizes[label] * everywhere[word]))
            for word, count in own.items()
        }
        found[label] = tuple(sorted(weight, key=lambda word: (-weight[word], word))[:MOST_WORDS])
    return found


def _names(words: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """A name each, as intents are named, and no name twice."""
    names: dict[int, str] = {}
    for label, some in words.items():
        if label == DETAILS:
            names[label] = "details_only"
            continue
        parts = [re.sub(r"[^a-z]", "", word) for word in some] or ["other"]
        name = next(
            (
                joined
                for many in range(min(2, len(parts)), len(parts) + 1)
                if (joined := "_".join(parts[:many])) not in names.values()
            ),
            f"{'_'.join(parts)}_{label}",
        )
        names[label] = name
    return names
