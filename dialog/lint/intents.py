"""Intents with too few examples, and intents that cannot be told apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialog.encoder import Encoder
from dialog.intents import normal
from dialog.lint.finding import Finding, found
from dialog.playbook import OUT_OF_SCOPE, Playbook
from dialog.source import Loc, Source
from models.heads.ridge import Ridge
from models.heads.similarity import Memory

FEWEST = 8
"""Examples of an intent."""
FEWEST_QUESTIONS = 5
"""Questions of an article."""
FEWEST_OUTSIDE = 10
ALIKE = 0.8
"""Cosine from which an example that is taken for another intent clashes with that intent's nearest example."""
SAME = 0.93
"""Cosine from which two examples say the same, whatever they are taken for."""


@dataclass(frozen=True)
class Example:
    """One example with its place."""

    intent: str
    text: str
    source: Source
    loc: Loc


@dataclass(frozen=True)
class _Clash:
    """Two examples of two intents, the first being the one that was mistaken."""

    one: int
    other: int
    cosine: float


def example_findings(playbook: Playbook) -> Iterator[Finding]:
    """`few-examples` and `few-intents`."""
    source = playbook.sources.intents
    if len(playbook.examples()) < 2:
        yield found("few-intents", source, (), "a playbook needs at least two intents, articles included")
    for name, intent in playbook.intents.items():
        yield from _few(source, (name, "examples"), len(intent.examples), FEWEST)
    yield from _few(source, (OUT_OF_SCOPE, "examples"), len(playbook.out_of_scope), FEWEST_OUTSIDE)
    for name, article in playbook.articles.items():
        yield from _few(
            playbook.sources.articles[name], ("questions",), len(article.questions), FEWEST_QUESTIONS
        )


def alike_findings(playbook: Playbook, encoder: Encoder) -> Iterator[Finding]:
    """`intents-too-alike`: for each pair of intents at most one finding, with the examples that clash the most.

    An example clashes if a head that was trained without it takes it for the other intent and it is near one of that
    intent's examples, or if both say the same. Intents that lead to the same place cannot clash.
    """
    examples = _examples(playbook)
    names = list(dict.fromkeys(one.intent for one in examples))
    if len(names) < 2:
        return
    texts = [normal(one.text) for one in examples]
    vectors = encoder.embed(texts)
    labels = np.array([names.index(one.intent) for one in examples])
    taken = _taken_for(texts, vectors, labels)
    leads = [_leads_to(playbook, name) for name in names]
    for clash in _worst(_clashes(vectors, labels, taken), labels):
        one, other = examples[clash.one], examples[clash.other]
        if leads[labels[clash.one]] != leads[labels[clash.other]]:
            yield found(
                "intents-too-alike",
                one.source,
                one.loc,
                f"{one.text!r} ({one.intent}) and {other.text!r} ({other.intent}) are too alike "
                f"(cosine {clash.cosine:.2f}): reword them, or move one of them",
            )


def _few(source: Source, loc: Loc, count: int, fewest: int) -> Iterator[Finding]:
    if count < fewest:
        text = (
            f"has {count} examples; with fewer than {fewest}, callers who put it otherwise are not understood"
        )
        yield found("few-examples", source, loc, text)


def _examples(playbook: Playbook) -> list[Example]:
    sources = playbook.sources
    groups: list[tuple[str, Source, Loc, Sequence[str]]] = [
        (name, sources.intents, (name, "examples"), intent.examples)
        for name, intent in playbook.intents.items()
    ]
    groups.append((OUT_OF_SCOPE, sources.intents, (OUT_OF_SCOPE, "examples"), playbook.out_of_scope))
    groups += [
        (name, sources.articles[name], ("questions",), article.questions)
        for name, article in playbook.articles.items()
    ]
    return [
        Example(name, text, source, (*loc, index))
        for name, source, loc, texts in groups
        for index, text in enumerate(texts)
    ]


def _leads_to(playbook: Playbook, name: str) -> str:
    intent = playbook.intents.get(name)
    if intent is None:
        return f"article or none: {name}"
    return f"{intent.flow or ''}:{intent.command or ''}:{intent.say or ''}"


def _taken_for(
    texts: Sequence[str], vectors: NDArray[np.float32], labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    """What each example is taken for by a head that has not seen it."""
    memory = Memory.of(texts, vectors)
    targets = np.eye(int(labels.max()) + 1, dtype=np.float32)[labels]
    ridge = Ridge.fit(memory.among_itself(), targets)
    places = np.arange(len(texts))
    alone = ridge.without_groups(places, ridge.inverse_at(places), [places[one : one + 1] for one in places])
    return np.asarray(np.concatenate(alone).argmax(axis=1), np.int64)


def _clashes(
    vectors: NDArray[np.float32], labels: NDArray[np.int64], taken: NDArray[np.int64]
) -> Iterator[_Clash]:
    cosines = vectors @ vectors.T
    for one, label in enumerate(labels):
        others = np.flatnonzero(labels != label)
        nearest = int(others[cosines[one, others].argmax()])
        if cosines[one, nearest] >= SAME:
            yield _Clash(one, nearest, float(cosines[one, nearest]))
        elif taken[one] != label:
            theirs = np.flatnonzero(labels == taken[one])
            other = int(theirs[cosines[one, theirs].argmax()])
            if cosines[one, other] >= ALIKE:
                yield _Clash(one, other, float(cosines[one, other]))


def _worst(clashes: Iterator[_Clash], labels: NDArray[np.int64]) -> list[_Clash]:
    """The nearest examples of each pair of intents."""
    worst: dict[frozenset[int], _Clash] = {}
    for clash in clashes:
        pair = frozenset({int(labels[clash.one]), int(labels[clash.other])})
        if pair not in worst or clash.cosine > worst[pair].cosine:
            worst[pair] = clash
    return list(worst.values())
