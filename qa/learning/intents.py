"""The intents' head with other lessons, tried on sentences that it has not seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dialog.encoder import Encoder
from dialog.intents import IntentClassifier, normal
from dialog.playbook import OUT_OF_SCOPE, Playbook
from qa.learning.compare import Trial
from qa.learning.folds import FOLDS, fold
from qa.learning.lessons import Lessons, Source

FROM_PLAYBOOK, FROM_CORRECTIONS = "from the playbook", "from corrections"
FROM_TRANSCRIPTS = "from transcripts"
SOURCES = {Source.CORRECTION: FROM_CORRECTIONS, Source.TRANSCRIPT: FROM_TRANSCRIPTS}


@dataclass(frozen=True)
class _Sentence:
    text: str
    name: str
    fold: int
    source: str


def trials(playbook: Playbook, before: Lessons, after: Lessons, encoder: Encoder) -> list[Trial]:
    """Every example and every lesson once, judged by heads trained without the fifth in which it is.

    The lessons of one call are in one fifth: what a caller said twice is never trained on and tested.
    """
    own = _own(playbook)
    old, new = [*own, *_learnt(before)], [*own, *_learnt(after)]
    tested = {normal(one.text): one for one in (*old, *new)}
    found: list[Trial] = []
    for part in range(FOLDS):
        sentences = [one for one in tested.values() if one.fold == part]
        if not sentences:
            continue
        texts = {normal(one.text) for one in sentences}
        heads = [_trained(_without(some, part, texts), encoder) for some in (old, new)]
        given = [_named(head, sentences) for head in heads]
        found += [
            Trial(groups=(one.name, one.source), before=was == one.name, after=would == one.name)
            for one, was, would in zip(sentences, *given, strict=True)
        ]
    return found


def _without(some: Sequence[_Sentence], part: int, texts: Collection[str]) -> list[_Sentence]:
    """What is trained on. Two calls may have taught one sentence, and be in two fifths."""
    return [one for one in some if one.fold != part and normal(one.text) not in texts]


def _own(playbook: Playbook) -> list[_Sentence]:
    examples: Mapping[str, Sequence[str]] = {**playbook.examples(), OUT_OF_SCOPE: playbook.out_of_scope}
    return [
        _Sentence(text, name, fold(normal(text)), FROM_PLAYBOOK)
        for name, texts in examples.items()
        for text in texts
    ]


def _learnt(lessons: Lessons) -> list[_Sentence]:
    return [_Sentence(one.text, one.name, fold(one.call_id), SOURCES[one.source]) for one in lessons.lessons]


def _trained(sentences: Sequence[_Sentence], encoder: Encoder) -> IntentClassifier:
    """An intent all of whose sentences are in the fifth that is kept back is unknown to it."""
    examples: dict[str, list[str]] = {}
    for one in sentences:
        examples.setdefault(one.name, []).append(one.text)
    outside = examples.pop(OUT_OF_SCOPE, [])
    return IntentClassifier.of_examples(examples, outside, encoder)


def _named(head: IntentClassifier, sentences: Sequence[_Sentence]) -> list[str]:
    chances = head.probabilities([one.text for one in sentences])
    return [max(one, key=lambda name: one[name]) for one in chances]
