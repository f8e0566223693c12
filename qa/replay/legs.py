"""The legs of the humans who were rung: what they were told, on what it rests, and what they pressed. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from calls.events import (
    BriefingFact,
    CallEvent,
    TransferBriefed,
    TransferKeyed,
    TransferLeg,
    TransferRequested,
)
from calls.words import KEYS, readable, told
from qa.replay.axis import Axis
from qa.replay.values import Shown

PARTS = {
    "who": "Who",
    "wants": "Wants",
    "tried": "Tried",
    "why": "Why you",
    "mood": "Mood",
    "next": "Say next",
    "question": "Question",
}
"""The parts of a briefing."""


class Rest(Shown):
    """An event that a fact rests on."""

    seq: int
    at_s: float


class FactShown(Shown):
    """One fact of a briefing, and the events it rests on."""

    part: str
    text: str
    rests: tuple[Rest, ...]


class Step(Shown):
    """Something that became of a leg."""

    seq: int
    at_s: float
    words: str


class Leg(Shown):
    """One human's leg. Seconds in the caller's recording."""

    transfer_id: str
    number: int
    who: str
    kind: str
    """`warm`, `cold`, `consult` or `call_back`."""
    start_s: float
    end_s: float
    recording_seq: int | None = None
    """The event that names its recording; None where it has none."""
    recording: str | None = None
    """Relative to the data directory."""
    recording_at_s: float = 0.0
    """Where its recording begins."""
    briefing: str = ""
    briefing_s: float | None = None
    facts: tuple[FactShown, ...] = ()
    steps: tuple[Step, ...] = ()


def legs_of(events: Sequence[CallEvent], axis: Axis) -> tuple[Leg, ...]:
    """All legs, in the order in which they were rung."""
    kinds = {one.body.transfer_id: one.body.kind for one in events if isinstance(one.body, TransferRequested)}
    places = {event.seq: axis.place(event) for event in events}
    by_leg: dict[tuple[str, int], list[CallEvent]] = {}
    for event in events:
        if isinstance(event.body, TransferLeg | TransferBriefed | TransferKeyed):
            by_leg.setdefault((event.body.transfer_id, event.body.leg), []).append(event)
    return tuple(
        _leg(transfer_id, number, own, kinds.get(transfer_id, "warm"), places)
        for (transfer_id, number), own in by_leg.items()
    )


def _leg(
    transfer_id: str, number: int, events: Sequence[CallEvent], kind: str, places: Mapping[int, float]
) -> Leg:
    who = next((one.body.target for one in events if isinstance(one.body, TransferLeg)), f"Leg {number}")
    recorded = next((one for one in events if isinstance(one.body, TransferLeg) and one.body.recording), None)
    briefed = next((one.body for one in reversed(events) if isinstance(one.body, TransferBriefed)), None)
    at = [places[one.seq] for one in events]
    return Leg(
        transfer_id=transfer_id,
        number=number,
        who=who,
        kind=kind,
        start_s=min(at),
        end_s=max(at),
        recording_seq=recorded.seq if recorded is not None else None,
        recording=getattr(recorded.body, "recording", None) if recorded is not None else None,
        recording_at_s=places[recorded.seq] if recorded is not None else 0.0,
        briefing=briefed.text if briefed is not None else "",
        briefing_s=briefed.seconds if briefed is not None else None,
        facts=tuple(_fact(one, places) for one in briefed.facts) if briefed is not None else (),
        steps=tuple(_steps(events, places)),
    )


def _fact(fact: BriefingFact, places: Mapping[int, float]) -> FactShown:
    rests = tuple(Rest(seq=seq, at_s=places[seq]) for seq in fact.events if seq in places)
    return FactShown(part=PARTS.get(fact.part, readable(fact.part)), text=fact.text, rests=rests)


def _steps(events: Iterable[CallEvent], places: Mapping[int, float]) -> Iterable[Step]:
    for event in events:
        match event.body:
            case TransferBriefed():
                continue
            case TransferKeyed() as body:
                meaning = KEYS.get(body.key)
                where = " on the desk" if body.where == "desk" else ""
                words = f"Key {body.key}{where}" + (f": {meaning}" if meaning else "")
                if body.reason:
                    words += f", {readable(body.reason)}"
            case _:
                words = told(event.body) or ""
        if words:
            yield Step(seq=event.seq, at_s=places[event.seq], words=words)
