"""What corrections teach: sentences beside the playbook's own examples. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import Personal
from dialog.intents import normal
from dialog.playbook import OUT_OF_SCOPE, Playbook
from qa.learning.correction import Correction, Kind

TEACHES = frozenset({Kind.INTENT, Kind.ANSWER_RIGHT, Kind.ANSWER_WRONG})
"""Kinds that say what a sentence means."""


WORD = re.compile(r"\w+(?:['’-]\w+)*")
LEAST_CALLS = 2
"""One caller's word may be a slip of whoever wrote it down, or the caller's own name."""


class Source(StrEnum):
    """How it is known what a sentence means. Names never change meaning."""

    CORRECTION = "correction"
    """Somebody has said it."""
    TRANSCRIPT = "transcript"
    """Somebody has said what the words really were, and what those mean is known (`qa.learning.transcripts`)."""


class Lesson(BaseModel):
    """One sentence and what it means, with the correction that says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Personal
    name: str
    """An intent, an article, or `out_of_scope`."""
    correction_id: str
    call_id: str
    source: Source = Source.CORRECTION


class Name(BaseModel):
    """A word that the recogniser missed in one call, as a person has written it, with the correction that says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Personal
    correction_id: str
    call_id: str


class Lessons(BaseModel):
    """What one version has learnt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lessons: tuple[Lesson, ...] = ()
    names: tuple[Name, ...] = ()

    def sources(self) -> frozenset[tuple[str, str]]:
        """The corrections that it comes from, with their calls."""
        of_sentences = {(one.correction_id, one.call_id) for one in self.lessons}
        return frozenset(of_sentences | {(one.correction_id, one.call_id) for one in self.names})

    def sentences(self) -> frozenset[str]:
        """What callers said, each once."""
        return frozenset(one.text for one in self.lessons)

    def vocabulary(self) -> tuple[str, ...]:
        """The names that several calls agree on, those of most calls first."""
        spelled = {one.text.lower(): one.text for one in self.names}
        calls = Counter(word for word, _ in {(one.text.lower(), one.call_id) for one in self.names})
        often = [word for word, count in calls.items() if count >= LEAST_CALLS]
        return tuple(spelled[word] for word in sorted(often, key=lambda word: (-calls[word], word)))

    def without(self, call_ids: Collection[str]) -> "Lessons":
        """What is left when what these calls have taught is forgotten."""
        return Lessons(
            lessons=tuple(one for one in self.lessons if one.call_id not in call_ids),
            names=tuple(one for one in self.names if one.call_id not in call_ids),
        )

    def without_corrections(self, known: Collection[str]) -> "Lessons":
        """What comes from others than these."""
        return Lessons(
            lessons=tuple(one for one in self.lessons if one.correction_id not in known),
            names=tuple(one for one in self.names if one.correction_id not in known),
        )

    def by_name(self) -> dict[str, tuple[str, ...]]:
        """The sentences of each intent, article, or out of scope."""
        found: dict[str, list[str]] = {}
        for one in self.lessons:
            found.setdefault(one.name, []).append(one.text)
        return {name: tuple(texts) for name, texts in found.items()}


@dataclass(frozen=True)
class LeftOut:
    """A correction that teaches nothing, with a stable code."""

    correction_id: str
    code: str
    """`unknown_name`: the playbook has no such intent or article any more. `known`: the playbook has the sentence as an
    example already. `contradicts_playbook`: there it is an example of something else, which is to be mended there.
    `overruled`: a newer correction says otherwise of the same sentence. `too_short`: it holds no word. `unsure`:
    nobody knows what the words of a corrected transcript mean."""


def lessons_of(accepted: Sequence[Correction], playbook: Playbook) -> tuple[Lessons, tuple[LeftOut, ...]]:
    """The lessons in accepted corrections, and those that teach nothing. The same corrections give the same lessons."""
    own = examples_of(playbook)
    found: dict[str, Lesson] = {}
    left: list[LeftOut] = []
    for one in sorted(accepted, key=lambda one: (one.at, one.correction_id), reverse=True):
        if one.kind not in TEACHES or one.meant is None:
            continue
        text = normal(one.text)
        code = fault_of(text, one.meant, own, found, playbook)
        if code is not None:
            left.append(LeftOut(one.correction_id, code))
        else:
            found[text] = Lesson(
                text=text, name=one.meant, correction_id=one.correction_id, call_id=one.call_id
            )
    return in_order(found.values()), tuple(left)


def with_kept(lessons: Lessons, kept: Lessons, playbook: Playbook) -> Lessons:
    """`lessons` and what is `kept` of older ones, where nothing newer is about the same sentence."""
    own = examples_of(playbook)
    found = {one.text: one for one in lessons.lessons}
    older = [one for one in kept.lessons if fault_of(one.text, one.name, own, found, playbook) is None]
    return in_order([*lessons.lessons, *older])


def in_order(found: Iterable[Lesson]) -> Lessons:
    """The same lessons in the same order, however they were found."""
    return Lessons(lessons=tuple(sorted(found, key=lambda one: (one.name, one.text))))


def words_of(text: str) -> list[str]:
    """The words of a text as they are written, without what stands around them."""
    return WORD.findall(text)


def fault_of(
    text: str, meant: str, own: Mapping[str, str], found: Mapping[str, Lesson], playbook: Playbook
) -> str | None:
    """Why `text` (normal) teaches nothing as an example of `meant`; None where it does.

    `own`: the playbook's examples. `found`: what newer corrections teach, by text.
    """
    if not any(letter.isalpha() for letter in text):
        return "too_short"
    if not _knows(playbook, meant):
        return "unknown_name"
    if text in own:
        return "known" if own[text] == meant else "contradicts_playbook"
    return "overruled" if text in found else None


def taught(playbook: Playbook, lessons: Lessons) -> Playbook:
    """The playbook with the lessons among its examples, for all that learns from those; its version is its own.

    The names are part of its vocabulary, behind its own. What the playbook does not have any more is left out.
    """
    more = lessons.by_name()
    head = playbook.head
    vocabulary = tuple(dict.fromkeys((*head.vocabulary, *lessons.vocabulary())))
    return replace(
        playbook,
        head=head.model_copy(update={"vocabulary": vocabulary}),
        intents={
            name: intent.model_copy(update={"examples": (*intent.examples, *more.get(name, ()))})
            for name, intent in playbook.intents.items()
        },
        articles={
            name: article.model_copy(update={"questions": (*article.questions, *more.get(name, ()))})
            for name, article in playbook.articles.items()
        },
        out_of_scope=(*playbook.out_of_scope, *more.get(OUT_OF_SCOPE, ())),
    )


def names(playbook: Playbook) -> frozenset[str]:
    """What a sentence can mean."""
    return frozenset({*playbook.intents, *playbook.articles, OUT_OF_SCOPE})


def _knows(playbook: Playbook, name: str) -> bool:
    return name in names(playbook)


def examples_of(playbook: Playbook) -> dict[str, str]:
    """What each example of the playbook (normal) means."""
    examples = {**playbook.examples(), OUT_OF_SCOPE: playbook.out_of_scope}
    return {normal(text): name for name, texts in examples.items() for text in texts}
