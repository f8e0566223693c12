"""Redacts one call: its events with markers for what was found, and where its recordings must be silent. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from calls.events import (
    CallDisposed,
    CallEvent,
    EventBody,
    HeardWord,
    RedactedSpan,
    StreamStarted,
    TalkHeard,
    TransferBriefed,
    TransferKeyed,
    TransferLeg,
    TurnDropped,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
    TurnWords,
    VoicemailLeft,
)
from calls.redaction.bodies import redacted
from calls.redaction.find import find
from calls.redaction.kinds import Kind
from calls.redaction.secrets import Secrets, secrets_of
from calls.redaction.talk import AGENT, ASSISTANT, CALLER, Span, Utterance, apart
from calls.redaction.words import placed, stretch

PAD_S = 0.3
"""Around a stretch: words' times are good to a tenth of a second or two."""
WHOLE_S = 360_000.0
"""An end behind every recording's."""


Channel = Literal["caller", "assistant"]


@dataclass(frozen=True)
class Redaction:
    """What redacting a call comes to."""

    bodies: Mapping[int, EventBody]
    """By `seq`, those that change."""
    spans: tuple[RedactedSpan, ...]
    kinds: tuple[Kind, ...]
    secrets: Secrets
    """For whatever else is kept of the call."""


def redact(events: Sequence[CallEvent], kinds: frozenset[Kind]) -> Redaction:
    """Find data of these kinds in a call's events, and mask it wherever it stands. Doing it again changes nothing."""
    said = [(event, one) for event in events if (one := _utterance(event.body)) is not None]
    talk = [one for _, one in said]
    names = frozenset(_names(events)) if Kind.NAME in kinds else frozenset()
    found = find(talk, kinds, names)
    secrets = secrets_of(talk, found, kinds, names)
    spans: dict[int, list[Span]] = {}
    for at, (event, one) in enumerate(said):
        own = [span for span in found if span.at == at]
        spans[event.seq] = apart([*own, *secrets.known(one.text, at)])
    bodies: dict[int, EventBody] = {}
    heard: dict[int, CallEvent] = {}
    for event in events:
        own, text = spans.get(event.seq, []), ""
        if isinstance(event.body, TurnHeard):
            heard[event.body.turn] = event
        elif isinstance(event.body, TurnWords) and event.body.turn in heard:
            turn = heard[event.body.turn]
            own, text = spans[turn.seq], _text(turn.body)
        body = redacted(event.body, own, secrets, text)
        if body != event.body:
            bodies[event.seq] = body
    kinds_found = {span.kind for own in spans.values() for span in own}
    silent = (*_in_call(events, spans), *_on_legs(events, bodies, kinds_found))
    return Redaction(bodies, silent, tuple(kind for kind in Kind if kind in kinds_found), secrets)


def _utterance(body: EventBody) -> Utterance | None:
    match body:
        case TurnSaid(text=text):
            return Utterance(ASSISTANT, text)
        case (
            TurnHeard(text=text) | TurnKeyed(digits=text) | TurnDropped(text=text) | VoicemailLeft(text=text)
        ):
            return Utterance(CALLER, text)
        case TalkHeard(who=who, text=text):
            return Utterance(who, text)
        case CallDisposed(note=note) if note:
            return Utterance(AGENT, note)
    return None


def _names(events: Iterable[CallEvent]) -> Iterator[str]:
    """Of people, in the dialog's slots."""
    for event in events:
        if isinstance(event.body, TurnPlanned):
            slots = event.body.state.get("slots")
            values = {**event.body.entities, **(slots if isinstance(slots, dict) else {})}
            for slot, value in values.items():
                if "name" in slot and isinstance(value, str):
                    yield value


def _text(body: EventBody) -> str:
    return body.text if isinstance(body, TurnHeard) else ""


def _in_call(events: Sequence[CallEvent], spans: Mapping[int, list[Span]]) -> Iterator[RedactedSpan]:
    """Where the recordings must be silent."""
    recording: str | None = None
    words = {event.body.turn: event.body.words for event in events if isinstance(event.body, TurnWords)}
    for event in events:
        own = spans.get(event.seq, [])
        if isinstance(event.body, StreamStarted):
            recording = event.body.recording or recording
        elif own and recording is not None:
            for kind, channel, start_s, end_s in _stretches(event.body, own, words):
                yield RedactedSpan(
                    kind=kind.value,
                    recording=recording,
                    channel=channel,
                    start_s=round(max(0.0, start_s - PAD_S), 3),
                    end_s=round(end_s + PAD_S, 3),
                )


def _stretches(
    body: EventBody, own: Sequence[Span], words: Mapping[int, tuple[HeardWord, ...]]
) -> Iterator[tuple[Kind, Channel, float, float]]:
    """Of one event: kind, channel, from and to. Where no words have times, the whole of it."""
    match body:
        case TurnHeard():
            places = placed(body.text, body.words or words.get(body.turn, ()))
            for span in own:
                start_s, end_s = stretch(places, span) or (body.start_s, body.end_s)
                yield span.kind, "caller", start_s, end_s
        case TurnKeyed() | TurnDropped() | VoicemailLeft():
            yield own[0].kind, "caller", body.start_s, body.end_s
        case TurnSaid():
            yield own[0].kind, "assistant", body.start_s, body.end_s
        case TalkHeard():
            yield own[0].kind, "caller" if body.who == CALLER else "assistant", body.start_s, body.end_s


def _on_legs(
    events: Sequence[CallEvent], bodies: Mapping[int, EventBody], kinds: Collection[Kind]
) -> Iterator[RedactedSpan]:
    """What humans were told on their legs, where that was masked or may have been the caller's own voice.

    When it was said there nobody has written down: all that we said on that leg is made silent.
    """
    told: set[tuple[str, int]] = set()
    for event in events:
        match event.body:
            case TransferBriefed(transfer_id=transfer, leg=leg) if event.seq in bodies:
                told.add((transfer, leg))
            case TransferKeyed(transfer_id=transfer, leg=leg, key="0"):
                told.add((transfer, leg))
    for event in events:
        body = event.body
        if (
            kinds
            and isinstance(body, TransferLeg)
            and body.recording
            and (body.transfer_id, body.leg) in told
        ):
            yield RedactedSpan(
                kind=min(kinds).value,
                recording=body.recording,
                channel="assistant",
                start_s=0.0,
                end_s=WHOLE_S,
            )
