"""What happened in a call, as marks on its time axis. Pure."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import groupby

from calls.events import (
    ActionDone,
    ActionFailed,
    CallBackPromised,
    CallEvent,
    CallRedacted,
    EscalationJudged,
    EventBody,
    PartFailed,
    RecordingPaused,
    RecordingResumed,
    SurveyAnswered,
    TransferBriefed,
    TransferEnded,
    TransferMoved,
    TransferRequested,
    TurnPlanned,
    TurnSaid,
    VoicemailLeft,
)
from calls.words import NORMAL, readable, told
from qa.replay.axis import Axis
from qa.replay.values import Shown

LEAST_GAP = 1.7
"""Between marks of one lane, in percent of the axis: what a mark is wide on a laptop."""
MASKED = re.compile(r"\[[a-z][a-z _-]*\]|█{2,}|\*{4,}")
"""What stands in a transcript in the place of what was removed."""


class Lane(StrEnum):
    """The line that a mark stands on. Names never change meaning."""

    TALK = "talk"
    WORK = "work"
    PEOPLE = "people"


LANES = {Lane.TALK: "Talk", Lane.WORK: "Work", Lane.PEOPLE: "People"}


class Kind(StrEnum):
    """What a mark tells. Names never change meaning."""

    BARGE_IN = "barge_in"
    NO_MATCH = "no_match"
    NO_INPUT = "no_input"
    CORRECTION = "correction"
    REPAIR = "repair"
    REDACTION = "redaction"
    ACTION = "action"
    ACTION_FAILED = "action_failed"
    KNOWLEDGE = "knowledge"
    UNANSWERED = "unanswered"
    FAULT = "fault"
    ESCALATION = "escalation"
    HOLD = "hold"
    BRIEFING = "briefing"
    BRIDGE = "bridge"
    TRANSFER_END = "transfer_end"
    CALL_BACK = "call_back"
    VOICEMAIL = "voicemail"
    SURVEY = "survey"


class Look(Shown):
    """How a kind looks: a sign of its own, so that colour is never all there is."""

    name: str
    sign: str
    tone: str
    """`good`, `bad`, `note` or `plain`."""


LOOKS = {
    Kind.BARGE_IN: Look(name="Barge-in", sign="⤼", tone="note"),
    Kind.NO_MATCH: Look(name="No match", sign="?", tone="bad"),
    Kind.NO_INPUT: Look(name="No input", sign="∅", tone="bad"),
    Kind.CORRECTION: Look(name="Correction", sign="↺", tone="note"),
    Kind.REPAIR: Look(name="Repair", sign="~", tone="note"),
    Kind.REDACTION: Look(name="Redaction", sign="▮", tone="plain"),
    Kind.ACTION: Look(name="Action", sign="✔", tone="good"),
    Kind.ACTION_FAILED: Look(name="Action failed", sign="✖", tone="bad"),
    Kind.KNOWLEDGE: Look(name="Knowledge", sign="¶", tone="good"),
    Kind.UNANSWERED: Look(name="Unanswered question", sign="!", tone="bad"),
    Kind.FAULT: Look(name="Part failed", sign="⚠", tone="bad"),
    Kind.ESCALATION: Look(name="Escalation", sign="↑", tone="bad"),
    Kind.HOLD: Look(name="Hold", sign="‖", tone="note"),
    Kind.BRIEFING: Look(name="Briefing", sign="✦", tone="plain"),
    Kind.BRIDGE: Look(name="Bridge", sign="⇄", tone="good"),
    Kind.TRANSFER_END: Look(name="Transfer over", sign="■", tone="plain"),
    Kind.CALL_BACK: Look(name="Call-back", sign="↩", tone="note"),
    Kind.VOICEMAIL: Look(name="Message", sign="✉", tone="note"),
    Kind.SURVEY: Look(name="Survey", sign="★", tone="plain"),
}
LANE_OF = {
    **dict.fromkeys((Kind.BARGE_IN, Kind.NO_MATCH, Kind.NO_INPUT, Kind.CORRECTION), Lane.TALK),
    **dict.fromkeys((Kind.REPAIR, Kind.REDACTION), Lane.TALK),
    **dict.fromkeys(
        (Kind.ACTION, Kind.ACTION_FAILED, Kind.KNOWLEDGE, Kind.UNANSWERED, Kind.FAULT), Lane.WORK
    ),
}
"""All others are about people."""
REPAIRS = {"no_match": Kind.NO_MATCH, "no_input": Kind.NO_INPUT, "correction": Kind.CORRECTION}
PHASES = {"holding": Kind.HOLD, "bridged": Kind.BRIDGE}


class Marker(Shown):
    """One mark."""

    seq: int
    kind: Kind
    at_s: float
    place: float
    """Where it is drawn, in percent of the axis; a little later than `at_s` where marks crowd."""
    words: str

    @property
    def look(self) -> Look:
        """How it looks."""
        return LOOKS[self.kind]

    @property
    def lane(self) -> Lane:
        """Its line."""
        return LANE_OF.get(self.kind, Lane.PEOPLE)


def markers_of(events: Iterable[CallEvent], axis: Axis) -> tuple[Marker, ...]:
    """All marks, in the order of the recording."""
    found = []
    for event in events:
        at_s = _moment(event, axis)
        told = [(at_s, *mark) for mark in _marks(event.body)]
        if isinstance(event.body, CallRedacted):
            told = _silenced(event.body, event.call_id)
        for moment, kind, words in told:
            found.append(
                Marker(seq=event.seq, kind=kind, at_s=moment, place=axis.percent(moment), words=words)
            )
    return _apart(sorted(found, key=lambda one: (one.at_s, one.seq)))


def _moment(event: CallEvent, axis: Axis) -> float:
    """Where somebody would look for it: a barge-in is at the end of what was cut off."""
    if isinstance(event.body, TurnSaid):
        return event.body.end_s
    return axis.place(event)


def _silenced(body: CallRedacted, call_id: str) -> list[tuple[float, Kind, str]]:
    """What was made silent in the call's own recording: legs have a recording, and an axis, of their own."""
    spans = [one for one in body.spans if call_id in one.recording]
    return [
        (one.start_s, Kind.REDACTION, f"Made silent ({one.channel}): {readable(one.kind)}") for one in spans
    ]


def _marks(body: EventBody) -> list[tuple[Kind, str]]:
    marks = _of_talk(body) or _of_work(body) or _of_people(body)
    text = getattr(body, "text", "")
    match body:
        case RecordingPaused(reason=reason):
            return [*marks, (Kind.REDACTION, f"The recording pauses: {readable(reason)}")]
        case RecordingResumed():
            return [*marks, (Kind.REDACTION, "The recording goes on")]
    if isinstance(text, str) and MASKED.search(text):
        marks = [*marks, (Kind.REDACTION, "Something was removed here")]
    return marks


def _of_talk(body: EventBody) -> list[tuple[Kind, str]]:
    match body:
        case TurnSaid(interrupted=True):
            return [(Kind.BARGE_IN, f"The caller cut in after “{_short(body.heard)}”")]
        case TurnPlanned() if body.repair != "none" or body.sources or body.unanswered:
            return _of_plan(body)
    return []


def _of_plan(body: TurnPlanned) -> list[tuple[Kind, str]]:
    marks: list[tuple[Kind, str]] = []
    if body.repair != "none":
        marks.append((REPAIRS.get(body.repair, Kind.REPAIR), readable(body.repair)))
    if body.sources:
        marks.append((Kind.KNOWLEDGE, f"Answered from {', '.join(map(readable, body.sources))}"))
    if body.unanswered:
        marks.append((Kind.UNANSWERED, f"No article answers “{_short(body.unanswered)}”"))
    return marks


def _of_work(body: EventBody) -> list[tuple[Kind, str]]:
    match body:
        case ActionDone():
            return [(Kind.ACTION, f"{readable(body.action)} done in {body.duration_s:.1f} s")]
        case ActionFailed():
            return [(Kind.ACTION_FAILED, f"{readable(body.action)}: {readable(body.failure)}")]
        case PartFailed():
            return [(Kind.FAULT, f"{readable(body.part)}: {readable(body.code)}")]
    return []


def _of_people(body: EventBody) -> list[tuple[Kind, str]]:
    kind: Kind | None = None
    match body:
        case EscalationJudged() if body.level != NORMAL:
            kind = Kind.ESCALATION
        case TransferRequested():
            kind = Kind.ESCALATION
        case TransferMoved(phase=phase):
            kind = PHASES.get(phase)
        case TransferBriefed():
            return [(Kind.BRIEFING, f"The agent is briefed, {body.seconds:.0f} s")]
        case TransferEnded():
            kind = Kind.TRANSFER_END
        case CallBackPromised():
            kind = Kind.CALL_BACK
        case VoicemailLeft():
            kind = Kind.VOICEMAIL
        case SurveyAnswered():
            kind = Kind.SURVEY
    return [] if kind is None else [(kind, told(body) or LOOKS[kind].name)]


def _apart(markers: Sequence[Marker]) -> tuple[Marker, ...]:
    """The marks of each lane, far enough from one another to be seen and hit."""
    placed: list[Marker] = []
    for _, lane in groupby(sorted(markers, key=lambda one: one.lane), key=lambda one: one.lane):
        before = -LEAST_GAP
        for one in lane:
            before = max(one.place, before + LEAST_GAP)
            placed.append(one.model_copy(update={"place": round(min(before, 100.0), 2)}))
    return tuple(sorted(placed, key=lambda one: (one.at_s, one.seq)))


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
