"""One round of learning: fit on what people corrected, compare on what was kept back, take over only what is better."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from calls.events import CallEvent
from dialog.encoder import Encoder
from dialog.intents import IntentClassifier
from dialog.playbook import Playbook
from handoff.escalation.train import TooFewExamplesError
from handoff.escalation.weights import Weights
from models.heads import HeadError
from qa.learning import escalation, intents
from qa.learning.compare import Comparison, compared
from qa.learning.correction import Correction, Kind
from qa.learning.from_call import heard_turns
from qa.learning.lessons import LeftOut, Lessons, Name, lessons_of, taught, with_kept
from qa.learning.rehearsal import CallTrial, Glance, Rehearsal, worth_running
from qa.learning.transcripts import with_transcripts
from qa.learning.versions import Changes, Tried, Version
from qa.learning.vocabulary import names_of, written_in

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
    kept: Lessons = field(default_factory=Lessons)
    """What the current version has learnt from corrections that are not kept any more."""


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
    """On calls that were run again, if a head is better on what was held out, or there are other names."""
    named: bool = False
    """Whether other names are taken over: the calls speak for them."""

    @property
    def better(self) -> bool:
        """Whether any head is, on what was held out, and calls that were run again do not speak against it; or these
        speak for other names."""
        return self.named or (any(one.better for one in self.comparisons) and self.tried.holds)

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
    notes: list[str] = []
    wanted, left_out = _wanted(material, encoder, notes)
    wanted = with_kept(wanted, material.kept, material.playbook)
    of_intents = _intents(material.playbook, current, wanted, encoder, notes)
    of_escalation, fitted = _escalation(material, current, notes)
    glance = _glance(material, current, wanted, rehearsal)
    sentences = wanted if of_intents is not None and of_intents.better else current.lessons
    better = fitted is not None and of_escalation is not None and of_escalation.better
    lessons = Lessons(lessons=sentences.lessons, names=current.lessons.names)
    new = Version(NEW, lessons, fitted if better and fitted is not None else current.weights)
    taken, tried, named = _taken(material, current, new, glance, trial, notes)
    items = _items(taken.lessons, material.accepted, better and tried.holds)
    return Outcome(
        lessons=taken.lessons,
        weights=taken.weights,
        comparisons=tuple(one for one in (of_intents, of_escalation) if one is not None),
        notes=tuple(notes),
        # Of a transcript that gives a name, nobody need be sure what it means.
        left_out=tuple(one for one in left_out if one.correction_id not in items),
        items=items,
        changes=glance.changes,
        tried=tried,
        named=named,
    )


def _taken(
    material: Material, current: Version, new: Version, glance: Glance, trial: CallTrial, notes: list[str]
) -> tuple[Version, Tried, bool]:
    """What recorded calls leave of the new version; and whether other names are in it.

    Of names nothing can be held out but sound, so calls that are run again must speak for them; it is enough that they
    do not speak against leaving some out. Otherwise the rest is tried without.
    """
    names = _names(material, current)
    named = replace(new, lessons=Lessons(lessons=new.lessons.lessons, names=names))
    after, before = ({*one.lessons.vocabulary()} for one in (named, current))
    if after != before:
        tried = _tried(material, current, named, glance, trial)
        if tried.better > tried.worse or (after < before and tried.holds):
            notes.append(f"names: {len(after)} instead of {len(before)}, as the calls have it")
            return named, tried, True
        notes.append(f"names: {len(before)} as before: the calls do not speak for {len(after)} ({tried.why})")
        if (new.lessons, new.weights) == (current.lessons, current.weights):
            return current, tried, False
    tried = _tried(material, current, new, glance, trial)
    return new if tried.holds else current, tried, False


def _names(material: Material, current: Version) -> tuple[Name, ...]:
    playbook = material.playbook
    written = written_in([turn.text for turn in heard_turns(events)] for events in material.recorded)
    known = [text for texts in playbook.examples().values() for text in texts]
    return names_of(
        material.accepted,
        written,
        (*known, *playbook.out_of_scope, *playbook.head.vocabulary),
        current.lessons.vocabulary(),
        material.kept.names,
    )


def _wanted(material: Material, encoder: Encoder, notes: list[str]) -> tuple[Lessons, tuple[LeftOut, ...]]:
    """What all accepted corrections teach."""
    playbook = material.playbook
    told, left_out = lessons_of(material.accepted, playbook)
    if not any(one.kind is Kind.TRANSCRIPT for one in material.accepted):
        return told, left_out
    try:
        judge = IntentClassifier(taught(playbook, told), encoder).probabilities
    except HeadError as error:
        notes.append(f"transcripts: {error}")
        return told, left_out
    wanted, left_too = with_transcripts(told, material.accepted, playbook, judge)
    return wanted, (*left_out, *left_too)


def _intents(
    playbook: Playbook, current: Version, wanted: Lessons, encoder: Encoder, notes: list[str]
) -> Comparison | None:
    if wanted.lessons == current.lessons.lessons:
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
    taken = {correction_id for correction_id, _ in lessons.sources()}
    if fitted:
        of_transfers = {Kind.NEEDLESS_TRANSFER, Kind.MISSED_TRANSFER}
        taken |= {one.correction_id for one in accepted if one.kind in of_transfers}
    return tuple(sorted(taken))


def _glance(material: Material, current: Version, wanted: Lessons, rehearsal: Rehearsal) -> Glance:
    if wanted.lessons == current.lessons.lessons:
        return Glance()
    before, after = (taught(material.playbook, one) for one in (current.lessons, wanted))
    return rehearsal.glance(material.recorded, before, after)


def _tried(material: Material, current: Version, new: Version, glance: Glance, trial: CallTrial) -> Tried:
    """Only what is better on what was held out, and other names, are worth running calls for."""
    if (new.lessons, new.weights) == (current.lessons, current.weights):
        return Tried()
    recorded = [events[0].call_id for events in material.recorded if heard_turns(events)]
    named = {one.call_id for one in {*new.lessons.names} ^ {*current.lessons.names}}
    touched = {*glance.touched, *named}
    seen = {call_id for _, call_id in new.lessons.sources()}
    return trial.tried(worth_running(recorded, touched, seen), current, new)
