"""What a rule finds in a call."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import Personal


class Grade(StrEnum):
    """A rule's answer, which is the id of an option. Names never change meaning."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


WORST_FIRST = (Grade.NO, Grade.PARTLY, Grade.YES)


class Evidence(BaseModel):
    """An event that an answer rests on, and what it says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int
    words: Personal


@dataclass(frozen=True)
class Finding:
    """An answer, or why there is none."""

    grade: Grade | None
    """None: the rule does not apply to this call."""
    why: str
    """In words, for reviewers. Nothing of what was said stands here, only in the evidence."""
    evidence: tuple[Evidence, ...] = ()


def not_applicable(why: str) -> Finding:
    """The rule says nothing about this call."""
    return Finding(None, why)


def worst(findings: Iterable[Finding]) -> Finding:
    """One answer out of several: the worst of those that apply, with all reasons for it."""
    known = list(findings)
    applying = [one for one in known if one.grade is not None]
    grade = next((grade for grade in WORST_FIRST if any(one.grade is grade for one in applying)), None)
    telling = [one for one in known if one.grade is grade]
    evidence = tuple(one for finding in telling for one in finding.evidence)
    return Finding(grade, " ".join(dict.fromkeys(one.why for one in telling)), evidence)
