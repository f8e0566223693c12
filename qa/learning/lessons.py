"""What corrections teach: sentences beside the playbook's own examples. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict

from calls.events import Personal
from dialog.intents import normal
from dialog.playbook import OUT_OF_SCOPE, Playbook
from qa.learning.correction import Correction, Kind

TEACHES = frozenset({Kind.INTENT, Kind.ANSWER_RIGHT, Kind.ANSWER_WRONG})
"""Kinds that say what a sentence means."""


class Lesson(BaseModel):
    """One sentence and what it means, with the correction that says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Personal
    name: str
    """An intent, an article, or `out_of_scope`."""
    correction_id: str
    call_id: str


class Lessons(BaseModel):
    """What one version has learnt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lessons: tuple[Lesson, ...] = ()

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
    `overruled`: a newer correction says otherwise of the same sentence. `too_short`: it holds no word."""


def lessons_of(accepted: Sequence[Correction], playbook: Playbook) -> tuple[Lessons, tuple[LeftOut, ...]]:
    """The lessons in accepted corrections, and those that teach nothing. The same corrections give the same lessons."""
    own = _own(playbook)
    found: dict[str, Lesson] = {}
    left: list[LeftOut] = []
    for one in sorted(accepted, key=lambda one: (one.at, one.correction_id), reverse=True):
        if one.kind not in TEACHES or one.meant is None:
            continue
        text = normal(one.text)
        code = _fault(text, one.meant, own, found, playbook)
        if code is not None:
            left.append(LeftOut(one.correction_id, code))
        else:
            found[text] = Lesson(
                text=text, name=one.meant, correction_id=one.correction_id, call_id=one.call_id
            )
    lessons = sorted(found.values(), key=lambda one: (one.name, one.text))
    return Lessons(lessons=tuple(lessons)), tuple(left)


def _fault(
    text: str, meant: str, own: Mapping[str, str], found: Mapping[str, Lesson], playbook: Playbook
) -> str | None:
    if not any(letter.isalpha() for letter in text):
        return "too_short"
    if not _knows(playbook, meant):
        return "unknown_name"
    if text in own:
        return "known" if own[text] == meant else "contradicts_playbook"
    return "overruled" if text in found else None


def taught(playbook: Playbook, lessons: Lessons) -> Playbook:
    """The playbook with the lessons among its examples, for all that learns from those; its version is its own.

    What the playbook does not have any more is left out.
    """
    more = lessons.by_name()
    return replace(
        playbook,
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


def _own(playbook: Playbook) -> dict[str, str]:
    examples = {**playbook.examples(), OUT_OF_SCOPE: playbook.out_of_scope}
    return {normal(text): name for name, texts in examples.items() for text in texts}
