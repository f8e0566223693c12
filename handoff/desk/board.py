"""What the desk shows of one call: a projection of its events, and nothing else. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from calls.events import (
    CallDisposed,
    CallEnded,
    CallEvent,
    CallStarted,
    SurveyAnswered,
    TransferMoved,
    TransferRequested,
    TurnHeard,
    TurnPlanned,
)
from dialog.playbook import Playbook
from handoff.briefing.briefer import Briefer
from handoff.briefing.log import read
from handoff.briefing.parts.who import name_of
from handoff.briefing.types import Briefing, Outcome, Part
from handoff.desk.mood import Mood, mood
from handoff.desk.transcript import Line, Who, lines
from handoff.desk.words import DeskWords, readable
from handoff.transfer.types import Phase, Value

STAGES = (
    (Phase.REQUESTED, "Requested"),
    (Phase.HOLDING, "On hold"),
    (Phase.RINGING, "Ringing"),
    (Phase.BRIEFING, "Briefing"),
    (Phase.ACCEPTED, "Accepted"),
    (Phase.BRIDGED, "Connected"),
    (Phase.DONE, "Over"),
)


class Caller(Value):
    """Who calls."""

    name: str | None = None
    number: str | None = None
    customer: str | None = None
    """The account in the company's own systems."""
    level: int = 0
    """How well they have shown who they are; 0: not at all."""
    verified_at: datetime | None = None

    @property
    def shown(self) -> str:
        """Name or number, for a headline."""
        return self.name or self.number or "Unknown caller"


class Tried(Value):
    """Something that the assistant did, or could not do."""

    text: str
    outcome: Outcome


class Slot(Value):
    """Something that the caller told."""

    name: str
    title: str
    value: str
    confidence: float | None = None


class Stage(Value):
    """A phase of the hand-over. `at` is None where it was not reached."""

    phase: Phase
    title: str
    at: datetime | None = None


class CallView(Value):
    """One call as the desk shows it."""

    call_id: str
    seq: int = 0
    """The last event that it rests on."""
    as_of: datetime | None = None
    """When the newest of what the facts rest on happened."""
    started_at: datetime | None = None
    ended: bool = False
    caller: Caller = Caller()
    topic: str | None = None
    """What it is about, in a few words."""
    who: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    tried: tuple[Tried, ...] = ()
    why: tuple[str, ...] = ()
    say: tuple[str, ...] = ()
    """What to say next."""
    question: str | None = None
    """Of a consultation."""
    slots: tuple[Slot, ...] = ()
    lines: tuple[Line, ...] = ()
    mood: Mood = Mood()
    stages: tuple[Stage, ...] = ()
    language: str = "en"
    disposed: frozenset[str] = frozenset()
    """The agents who have said what came of it."""
    scores: Mapping[str, int | None] = {}
    """What the caller answered when asked how it was, by part."""

    @property
    def headline(self) -> str:
        """Who and what, in one line."""
        return f"{self.caller.shown}: {self.topic}" if self.topic else self.caller.shown

    @property
    def caller_words(self) -> tuple[str, ...]:
        """All that the caller said, newest last."""
        return tuple(line.text for line in self.lines if line.who is Who.CALLER)


class DeskBoard:
    """Projects calls of one playbook. Its facts are those that the human hears on their own leg."""

    def __init__(self, playbook: Playbook, words: DeskWords) -> None:
        self._playbook = playbook
        self._words = words
        self._briefer = Briefer(playbook)

    def show(self, call_id: str, events: Sequence[CallEvent]) -> CallView:
        """One call's events, in their order, as the desk shows them."""
        if not events:
            return CallView(call_id=call_id)
        briefing = self._briefer.build(events)
        rests = {seq for fact in briefing.facts for seq in fact.events}
        state = _last_state(events)
        return CallView(
            call_id=call_id,
            seq=events[-1].seq,
            as_of=max((event.at for event in events if event.seq in rests), default=None),
            started_at=events[0].at,
            ended=any(isinstance(event.body, CallEnded) for event in events),
            caller=self._caller(events, state),
            topic=self._words.topics.get(briefing.category),
            who=_texts(briefing, Part.WHO),
            wants=_texts(briefing, Part.WANTS),
            tried=tuple(
                Tried(text=fact.text, outcome=fact.outcome or Outcome.UNKNOWN)
                for fact in briefing.of(Part.TRIED)
            ),
            why=_texts(briefing, Part.WHY),
            say=(briefing.first_line, *_texts(briefing, Part.NEXT)),
            question=next(iter(_texts(briefing, Part.QUESTION)), None),
            slots=self._slots(state),
            lines=lines(events),
            mood=mood(events),
            stages=_stages(events),
            language=next(
                (one.body.language for one in reversed(events) if isinstance(one.body, TurnHeard)), "en"
            ),
            disposed=frozenset(one.body.agent for one in events if isinstance(one.body, CallDisposed)),
            scores={one.body.part: one.body.score for one in events if isinstance(one.body, SurveyAnswered)},
        )

    def _caller(self, events: Sequence[CallEvent], state: Mapping[str, JsonValue]) -> Caller:
        number = next((one.body.caller for one in events if isinstance(one.body, CallStarted)), None)
        level, customer = _identity(state)
        return Caller(
            name=name_of(read(events), self._playbook),
            number=number,
            customer=customer,
            level=level,
            verified_at=_level_since(events, level) if level else None,
        )

    def _slots(self, state: Mapping[str, JsonValue]) -> tuple[Slot, ...]:
        """What was told as plain values: what actions have brought is shown by what was tried."""
        sure = _mapping(state.get("confidences"))
        found = []
        for name, value in _mapping(state.get("slots")).items():
            if name in self._words.secret or isinstance(value, dict | list | bool) or value in {None, ""}:
                continue
            confidence = sure.get(name)
            known = float(confidence) if isinstance(confidence, int | float) else None
            found.append(Slot(name=name, title=readable(name), value=str(value), confidence=known))
        return tuple(found)


def _texts(briefing: Briefing, part: Part) -> tuple[str, ...]:
    return tuple(fact.text for fact in briefing.of(part))


def _last_state(events: Sequence[CallEvent]) -> Mapping[str, JsonValue]:
    """The dialog's state after its last decision."""
    for event in reversed(events):
        if isinstance(event.body, TurnPlanned) and event.body.state:
            return event.body.state
    return {}


def _identity(state: Mapping[str, JsonValue]) -> tuple[int, str | None]:
    identity = _mapping(state.get("identity"))
    level, customer = identity.get("level"), identity.get("customer")
    return (level if isinstance(level, int) else 0), (customer if isinstance(customer, str) else None)


def _level_since(events: Sequence[CallEvent], level: int) -> datetime | None:
    for event in events:
        if isinstance(event.body, TurnPlanned) and _identity(event.body.state)[0] >= level:
            return event.at
    return None


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _stages(events: Sequence[CallEvent]) -> tuple[Stage, ...]:
    """Of the last hand-over; empty where there was none."""
    reached: dict[Phase, datetime] = {}
    for event in events:
        match event.body:
            case TransferRequested():
                reached = {Phase.REQUESTED: event.at}
            case TransferMoved(phase=phase):
                reached.setdefault(Phase(phase), event.at)
    if not reached:
        return ()
    return tuple(Stage(phase=phase, title=title, at=reached.get(phase)) for phase, title in STAGES)
