"""One round of learning: fit on what people corrected, compare on what was kept back, take over only what is better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from calls.events import CallEvent
from dialog.encoder import Encoder
from dialog.playbook import Playbook
from handoff.escalation.train import TooFewExamplesError
from handoff.escalation.weights import Weights
from models.heads import HeadError
from qa.learning import escalation, intents
from qa.learning.compare import Comparison, compared
from qa.learning.correction import Correction, Kind
from qa.learning.from_call import heard_turns
from qa.learning.lessons import LeftOut, Lessons, lessons_of, taught
from qa.learning.rehearsal import CallTrial, Glance, Rehearsal, worth_running
from qa.learning.versions import Changes, Tried, Version

NEW = "new"
"""What a version is called before it is written."""
NO_LESSONS = "intents: no accepted correction teaches anything that the current version does not know"


@dataclass(frozen=True)
class Material:
    """All that a round learns from."""

    playbook: Playbook
    accepted: Sequence[Correction]
    rated: Sequence[Sequence[CallEvent]]
    """Calls of which people have said whether a person was due: agents, callers, corrections."""
    recorded: Sequence[Sequence[CallEvent]] = ()
    """Calls that are understood again."""


@dataclass(frozen=True)
class Outcome:
    """What came of a round."""

    lessons: Lessons
    weights: Weights
    """Those of the current version, where the new ones are not better."""
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    items: tuple[str, ...]
    changes: Changes
    tried: Tried = field(default_factory=Tried)
    """On calls that were run again, if a head is better on what was held out."""

    @property
    def better(self) -> bool:
        """Whether any head is, on what was held out, and calls that were run again do not speak against it."""
        return any(one.better for one in self.comparisons) and self.tried.holds

    def told(self, parent: str, playbook: str, at: datetime) -> dict[str, object]:
        """As the manifest of a version has it."""
        return {
            "made_at": at,
            "parent": parent,
            "playbook": playbook,
            "better": self.better,
            "items": self.items,
            "left_out": {one.correction_id: one.code for one in self.left_out},
            "comparisons": self.comparisons,
            "notes": self.notes,
            "recorded": self.changes,
            "tried": self.tried,
        }


def learn(
    material: Material, current: Version, encoder: Encoder, rehearsal: Rehearsal, trial: CallTrial
) -> Outcome:
    """One round. Changes nothing: the same material gives the same outcome."""
    wanted, left_out = lessons_of(material.accepted, material.playbook)
    notes: list[str] = []
    of_intents = _intents(material.playbook, current, wanted, encoder, notes)
    of_escalation, fitted = _escalation(material, current, notes)
    glance = _glance(material, current, wanted, rehearsal)
    lessons = wanted if of_intents is not None and of_intents.better else current.lessons
    better = fitted is not None and of_escalation is not None and of_escalation.better
    new = Version(NEW, lessons, fitted if better and fitted is not None else current.weights)
    tried = _tried(material, current, new, glance, trial)
    taken = new if tried.holds else current
    return Outcome(
        lessons=taken.lessons,
        weights=taken.weights,
        comparisons=tuple(one for one in (of_intents, of_escalation) if one is not None),
        notes=tuple(notes),
        left_out=left_out,
        items=_items(taken.lessons, material.accepted, better and tried.holds),
        changes=glance.changes,
        tried=tried,
    )


def _intents(
    playbook: Playbook, current: Version, wanted: Lessons, encoder: Encoder, notes: list[str]
) -> Comparison | None:
    if wanted == current.lessons:
        notes.append(NO_LESSONS)
        return None
    try:
        return compared("intents", intents.trials(playbook, current.lessons, wanted, encoder))
    except HeadError as error:
        notes.append(f"intents: {error}")
        return None


def _escalation(
    material: Material, current: Version, notes: list[str]
) -> tuple[Comparison | None, Weights | None]:
    by_call = _by_call(material.accepted)
    turns = [
        turn
        for events in material.rated
        if events and (turn := escalation.labelled(events, by_call.get(events[0].call_id, ()))) is not None
    ]
    try:
        found = compared("escalation", escalation.trials(turns, current.weights))
        return found, escalation.fit(turns, current.weights)
    except TooFewExamplesError as error:
        notes.append(f"escalation: {error}")
        return None, None


def _by_call(accepted: Sequence[Correction]) -> Mapping[str, list[Correction]]:
    found: dict[str, list[Correction]] = {}
    for one in accepted:
        found.setdefault(one.call_id, []).append(one)
    return found


def _items(lessons: Lessons, accepted: Sequence[Correction], fitted: bool) -> tuple[str, ...]:
    """The corrections behind what is in the version, each once."""
    taken = {one.correction_id for one in lessons.lessons}
    if fitted:
        of_transfers = {Kind.NEEDLESS_TRANSFER, Kind.MISSED_TRANSFER}
        taken |= {one.correction_id for one in accepted if one.kind in of_transfers}
    return tuple(sorted(taken))


def _glance(material: Material, current: Version, wanted: Lessons, rehearsal: Rehearsal) -> Glance:
    if wanted == current.lessons:
        return Glance()
    before, after = (taught(material.playbook, one) for one in (current.lessons, wanted))
    return rehearsal.glance(material.recorded, before, after)


def _tried(material: Material, current: Version, new: Version, glance: Glance, trial: CallTrial) -> Tried:
    """Only what is better on what was held out is worth running calls for."""
    if (new.lessons, new.weights) == (current.lessons, current.weights):
        return Tried()
    recorded = [events[0].call_id for events in material.recorded if heard_turns(events)]
    seen = {one.call_id for one in new.lessons.lessons}
    return trial.tried(worth_running(recorded, glance.touched, seen), current, new)
