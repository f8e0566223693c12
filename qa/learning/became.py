"""What corrections have become: the version that has learnt from each, or why none has. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.learning.correction import Correction, Kind, State
from qa.learning.lessons import Lesson, Lessons
from qa.learning.versions import Manifest


class Fate(StrEnum):
    """What came of a correction that was accepted. Names never change meaning."""

    IN_USE = "in_use"
    """The version that is used has learnt from it."""
    LEARNT = "learnt"
    """Another version has."""
    NOTHING = "nothing"
    """It teaches nothing, for a reason."""
    NOT_TAKEN = "not_taken"
    """A round has seen it and was no better for it."""
    WAITING = "waiting"
    """No round has seen it."""


@dataclass(frozen=True)
class Became:
    """What one correction has become."""

    fate: Fate
    version: str | None = None
    """The version that says so."""
    lesson: Lesson | None = None
    """The sentence in the version that is used; None where it is none."""
    code: str | None = None
    """Why it teaches nothing: a code of `qa.learning.lessons.LeftOut`."""


def became(
    corrections: Sequence[Correction], manifests: Sequence[Manifest], promoted: str, used: Lessons
) -> dict[str, Became]:
    """What has become of those that were accepted and are there to be learnt from, by their ids.

    `manifests`: of all versions, the newest first. `promoted`: the name of the version that is used; `used`: what it
    has learnt.
    """
    sentences = {one.correction_id: one for one in used.lessons}
    first = sorted(
        manifests, key=lambda one: one.version != promoted
    )  # what is used counts before what is newer
    return {
        one.correction_id: _one(one, first, promoted, sentences.get(one.correction_id))
        for one in corrections
        if one.state is State.ACCEPTED and not _is_gap(one)
    }


def _is_gap(one: Correction) -> bool:
    """Whether it goes to the gaps: no article would have been right."""
    return one.kind is Kind.ANSWER_WRONG and one.meant is None


def _one(
    correction: Correction, manifests: Sequence[Manifest], promoted: str, lesson: Lesson | None
) -> Became:
    known = correction.correction_id
    for one in manifests:
        if known in one.items:
            fate = Fate.IN_USE if one.version == promoted else Fate.LEARNT
            return Became(fate, one.version, lesson if fate is Fate.IN_USE else None)
    since = [one for one in manifests if correction.judged_at is None or one.made_at >= correction.judged_at]
    if not since:
        return Became(Fate.WAITING)
    newest = max(since, key=lambda one: one.made_at)
    code = newest.left_out.get(known)
    return Became(Fate.NOTHING if code is not None else Fate.NOT_TAKEN, newest.version, code=code)
