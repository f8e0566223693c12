"""What corrections have become, in words for the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.console.learning.learning import Learning
from qa.console.learning.words import TEACHES_NOTHING
from qa.learning.became import Became, Fate
from qa.learning.correction import Correction
from qa.learning.lessons import Lesson, Source
from qa.learning.versions import VersionError


@dataclass(frozen=True)
class Fates:
    """For the pages: whoever judges corrections can go on where a version is broken."""

    words: Mapping[str, str] = field(default_factory=dict)
    """By the ids of corrections that were accepted."""
    fault: str = ""
    """Which version cannot be read, and why."""


def fates_of(learning: Learning, corrections: Sequence[Correction]) -> Fates:
    """What has become of them. Reads the versions."""
    try:
        found = learning.became(corrections)
    except VersionError as error:
        return Fates(fault=str(error))
    return Fates({known: in_words(one) for known, one in found.items()})


def in_words(one: Became) -> str:
    """Where it went, or why it did not."""
    match one.fate:
        case Fate.IN_USE:
            return f"{_taught(one.lesson)} in {one.version}, in use"
        case Fate.LEARNT:
            return f"learnt in {one.version}, not in use"
        case Fate.NOTHING:
            return f"teaches nothing: {TEACHES_NOTHING.get(one.code or '', one.code)}"
        case Fate.NOT_TAKEN:
            return f"not taken over: see the figures of {one.version}"
        case Fate.WAITING:
            return "waits for the next warmline train"


def _taught(lesson: Lesson | None) -> str:
    if lesson is None:
        return "learnt"
    # Which of a transcript's two wordings it is, nobody else tells.
    sentence = f"“{lesson.text}” is " if lesson.source is Source.TRANSCRIPT else ""
    return f"{sentence}an example of {lesson.name}"
