"""A call as a person reads it: its turns, each with what was heard, understood, done and said. Pure."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    CallEvent,
    CallQueued,
    PartFailed,
    RecordingPaused,
    RecordingResumed,
    StreamEnded,
    StreamStarted,
    TalkHeard,
    TurnAnswered,
    TurnDropped,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
)
from calls.summary import CallSummary, fold
from calls.words import readable, told


class TurnKind(StrEnum):
    """What began a turn. Names never change meaning."""

    OPENING = "opening"
    """Nothing of the caller's: we greet, or apologise after a break."""
    SPOKEN = "spoken"
    KEYED = "keyed"
    SILENT = "silent"


class Outcome(StrEnum):
    """What came of an action. Names never change meaning."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The log ends before the action's answer."""


class Item(BaseModel):
    """Base of all timeline values."""

    model_config = ConfigDict(extra="forbid")


class Acted(Item):
    """One action."""

    action: str
    key: str
    outcome: Outcome = Outcome.UNKNOWN
    failure: str | None = None
    """Stable code when it failed."""
    duration_s: float | None = None


class Said(Item):
    """One sentence of ours."""

    text: str
    heard: str
    start_s: float
    end_s: float
    interrupted: bool = False


class Decision(Item):
    """One decision of the dialog."""

    moment: str
    intent: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    entities: dict[str, str]
    repair: str
    certainty: float | None
    """How likely the turn was understood as meant; None where the caller has no part in the decision."""
    dissatisfaction: float | None
    why: str
    then: str
    expect: str


class Turn(Item):
    """What the caller did, and all that followed from it. Times are seconds into the recording."""

    number: int
    seq: int
    """The event that began the turn."""
    at: datetime
    kind: TurnKind
    text: str = ""
    """What was said, or the keys pressed."""
    confidence: float | None = None
    """The recogniser's; None for turns that were not spoken."""
    unsure: bool = False
    start_s: float | None = None
    end_s: float | None = None
    heard_of_us: str | None = None
    decisions: list[Decision] = []
    actions: list[Acted] = []
    said: list[Said] = []
    answer_s: float | None = None
    """From the caller's last sound to our first; None when we did not answer."""
    answer_parts: dict[str, float] = {}

    @property
    def understood(self) -> Decision | None:
        """The decision that tells what the caller wanted; None when none found an intent."""
        return next((one for one in self.decisions if one.intent is not None), None)

    @property
    def repair(self) -> str:
        """How the turn went wrong; `none` when it did not."""
        return next((one.repair for one in self.decisions if one.repair != "none"), "none")


class Talked(Item):
    """What caller or agent said to the other, after they were connected."""

    seq: int
    at: datetime
    who: str
    """`caller` or `agent`."""
    text: str
    confidence: float
    start_s: float
    end_s: float


class Note(Item):
    """Something that belongs to no turn. `code` is the event's name: `stream.started`, `turn.dropped`."""

    seq: int
    at: datetime
    code: str
    detail: str = ""
    start_s: float | None = None


class Timeline(Item):
    """One call."""

    call: CallSummary
    turns: list[Turn]
    notes: list[Note]
    talk: list[Talked] = []

    @property
    def entries(self) -> list[Turn | Talked | Note]:
        """Turns, talk and notes in the order in which they began."""
        return sorted([*self.turns, *self.talk, *self.notes], key=lambda entry: entry.seq)


def timeline(events: Iterable[CallEvent]) -> Timeline | None:
    """The timeline of one call's events, in their order; None for no events.

    An event belongs to the last turn of its number: a resumed call may count a number twice.
    """
    reading = _Reading()
    for event in events:
        reading.take(event)
    if reading.call is None:
        return None
    return Timeline(call=reading.call, turns=reading.turns, notes=reading.notes, talk=reading.talk)


class _Reading:
    """One pass over the events of one call."""

    def __init__(self) -> None:
        self.call: CallSummary | None = None
        self.turns: list[Turn] = []
        self.notes: list[Note] = []
        self.talk: list[Talked] = []

    def take(self, event: CallEvent) -> None:
        self.call = fold(self.call, event)
        match event.body:
            case TurnHeard() | TurnKeyed() | TurnSilent():
                self.turns.append(_begun(event, event.body))
            case TurnPlanned() as body:
                self._turn(event, body.turn, fresh=body.moment in {"opened", "resumed"}).decisions.append(
                    _decision(body)
                )
            case TurnSaid() as body:
                said = Said.model_validate(body.model_dump(exclude={"name", "version", "turn"}))
                self._turn(event, body.turn).said.append(said)
            case TurnAnswered() as body:
                turn = self._turn(event, body.turn)
                turn.answer_s, turn.answer_parts = body.total_s, body.parts
            case ActionRequested() | ActionDone() | ActionFailed():
                self._act(event, event.body)
            case (
                CallQueued()
                | StreamStarted()
                | StreamEnded()
                | TurnDropped()
                | PartFailed()
                | RecordingPaused()
                | RecordingResumed()
            ):
                self.notes.append(_note(event, event.body))
            case TalkHeard() as body:
                self.talk.append(_talked(event, body))
            case _ if (words := told(event.body)) is not None:
                self.notes.append(Note(seq=event.seq, at=event.at, code=event.body.name, detail=words))

    def _turn(self, event: CallEvent, number: int, *, fresh: bool = False) -> Turn:
        """The last turn of this number; a new one of ours when there is none, or a `fresh` start is told."""
        found = next((turn for turn in reversed(self.turns) if turn.number == number), None)
        if found is None or fresh:
            found = Turn(number=number, seq=event.seq, at=event.at, kind=TurnKind.OPENING)
            self.turns.append(found)
        return found

    def _act(self, event: CallEvent, body: ActionRequested | ActionDone | ActionFailed) -> None:
        actions = self._turn(event, body.turn).actions
        acted = next((one for one in actions if one.key == body.key), None)
        if acted is None:
            acted = Acted(action=body.action, key=body.key)
            actions.append(acted)
        match body:
            case ActionDone():
                acted.outcome, acted.duration_s = Outcome.DONE, body.duration_s
            case ActionFailed():
                acted.outcome, acted.duration_s, acted.failure = (
                    Outcome.FAILED,
                    body.duration_s,
                    body.failure,
                )


def _begun(event: CallEvent, body: TurnHeard | TurnKeyed | TurnSilent) -> Turn:
    match body:
        case TurnHeard():
            told: dict[str, object] = {
                "kind": TurnKind.SPOKEN,
                **body.model_dump(
                    include={"text", "confidence", "unsure", "start_s", "end_s", "heard_of_us"}
                ),
            }
        case TurnKeyed():
            told = {
                "kind": TurnKind.KEYED,
                "text": body.digits,
                "start_s": body.start_s,
                "end_s": body.end_s,
            }
        case TurnSilent():
            told = {"kind": TurnKind.SILENT, "start_s": body.at_s}
    return Turn.model_validate({"number": body.turn, "seq": event.seq, "at": event.at, **told})


def _decision(body: TurnPlanned) -> Decision:
    return Decision.model_validate(body.model_dump(include=set(Decision.model_fields)))


def _talked(event: CallEvent, body: TalkHeard) -> Talked:
    return Talked.model_validate(
        {"seq": event.seq, "at": event.at, **body.model_dump(exclude={"name", "version"})}
    )


def _note(
    event: CallEvent,
    body: CallQueued
    | StreamStarted
    | StreamEnded
    | TurnDropped
    | PartFailed
    | RecordingPaused
    | RecordingResumed,
) -> Note:
    match body:
        case CallQueued():
            detail, start_s = f"{body.live_calls} calls at once", None
        case StreamStarted():
            detail, start_s = "resumed" if body.resumed else "", None
        case StreamEnded():
            detail, start_s = body.reason, None
        case TurnDropped():
            detail, start_s = f"{body.reason}: {body.text}" if body.text else body.reason, body.start_s
        case PartFailed():
            detail, start_s = f"{body.part}: {body.code}", None
        case RecordingPaused():
            detail, start_s = f"the caller is asked for their {readable(body.reason)}", body.at_s
        case RecordingResumed():
            detail, start_s = "", body.at_s
    return Note(seq=event.seq, at=event.at, code=body.name, detail=detail, start_s=start_s)
