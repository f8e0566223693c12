"""What the caller did in a recorded call, each time in relation to what they were answering. Pure.

The assistant of today says other sentences, longer or shorter ones, so the caller's sound cannot just be played again:
it would cut into answers that they let end. What they said is therefore released as they reacted then, by one of:

    Opening       at the same second of the call: nobody had said anything yet
    AfterReply    as long after our last word as then
    IntoReply     as far into what we say as then: they cut in
    AfterSelf     as long after their own last word as then: we had said nothing in between
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from calls.events import (
    CallEnded,
    CallEndReason,
    CallEvent,
    TransferRequested,
    TurnDropped,
    TurnHeard,
    TurnKeyed,
    TurnSaid,
    TurnSilent,
)

BEFORE_S = 0.6
"""Sound kept from before a voice was found: soft beginnings, of which a voice is found late."""
LEAST_BEFORE_S = 0.2
"""So much of it comes with the voice even where we were still speaking."""
BEHIND_S = 0.4
STILL_HEARD_S = 1.0
"""What of ours goes on for longer than this behind the caller's beginning was not cut off by it."""
HANG_UP_S = 1.0
"""Who hung up then does so at the earliest so long after our last word."""
WAIT_IN_VAIN_S = 25.0
"""Where the caller did not hang up then, they do when they have heard nothing for so long."""


@dataclass(frozen=True)
class Opening:
    """At this second of the call."""

    at_s: float


@dataclass(frozen=True)
class AfterReply:
    """So long after the end of what we say."""

    delay_s: float


@dataclass(frozen=True)
class IntoReply:
    """So long after the beginning of what we say, or just after its end if it is shorter."""

    offset_s: float


@dataclass(frozen=True)
class AfterSelf:
    """So long after the end of what they did before."""

    gap_s: float


Anchor = Opening | AfterReply | IntoReply | AfterSelf


@dataclass(frozen=True)
class Deed:
    """One thing that the caller did. Times are seconds of the recording."""

    anchor: Anchor
    start_s: float = 0.0
    end_s: float = 0.0
    """The stretch of sound that is played, with a little around the voice."""
    text: str = ""
    """What was heard then."""
    keys: str = ""
    hangs_up: bool = False
    silences: int = 0
    """How often before it we had waited in vain for an answer."""
    turn: int | None = None
    """The number of the turn that came of it; None where it was no turn."""


@dataclass(frozen=True)
class _Part:
    """Something of the caller's, before it is set in relation."""

    start_s: float
    end_s: float
    voice_s: float
    """Where the voice itself begins, or the first key."""
    text: str = ""
    keys: str = ""
    turn: int | None = None


def until_handed_over(events: Iterable[CallEvent]) -> list[CallEvent]:
    """The part of a call that is the assistant's: up to and with the first order to hand over.

    A call-back of later is ordered too, but not in the call.
    """
    kept: list[CallEvent] = []
    ended = False
    for event in events:
        ordered = isinstance(event.body, TransferRequested)
        if ordered and ended:
            break
        kept.append(event)
        if ordered:
            break
        ended = ended or isinstance(event.body, CallEnded)
    return kept


def deeds_of(events: Sequence[CallEvent]) -> tuple[Deed, ...]:
    """All that the caller did in the assistant's part of a call; the last is that they hang up."""
    ours = until_handed_over(events)
    said = sorted(
        (event.body for event in ours if isinstance(event.body, TurnSaid)), key=lambda one: one.start_s
    )
    silent = [event.body.at_s for event in ours if isinstance(event.body, TurnSilent)]
    parts = _apart(_parts(ours))
    deeds: list[Deed] = []
    before: _Part | None = None
    for part in parts:
        since_s = before.start_s if before is not None else -1.0
        reply = _reply(part.voice_s, before, said)
        start_s = _trimmed(part, reply)
        deed = Deed(
            _anchor(start_s, part.voice_s, before, reply),
            start_s,
            part.end_s,
            part.text,
            part.keys,
            silences=sum(since_s < at_s <= part.start_s for at_s in silent),
            turn=part.turn,
        )
        deeds.append(deed)
        before = part
    return (*deeds, _hang_up(ours, before, said))


def _parts(events: Iterable[CallEvent]) -> list[_Part]:
    parts = []
    for event in events:
        match event.body:
            case TurnHeard(start_s=start_s, end_s=end_s) as body if end_s > start_s:
                parts.append(_Part(start_s, end_s, start_s, body.text, turn=body.turn))
            case TurnDropped(start_s=start_s, end_s=end_s) as body if end_s > start_s:
                parts.append(_Part(start_s, end_s, start_s, body.text))
            case TurnKeyed() as body:
                parts.append(_Part(body.start_s, body.end_s, body.start_s, keys=body.digits, turn=body.turn))
    return sorted(parts, key=lambda part: (part.start_s, part.end_s))


def _apart(parts: Sequence[_Part]) -> list[_Part]:
    """The same with a little sound around each voice, and no sound twice."""
    apart: list[_Part] = []
    for number, part in enumerate(parts):
        if part.keys:
            apart.append(part)
            continue
        ends = [one.end_s for one in parts[:number] if not one.keys]
        least_s = max(ends, default=0.0)
        most_s = next((one.start_s for one in parts[number + 1 :] if not one.keys), part.end_s + 2 * BEHIND_S)
        if part.end_s <= least_s:
            continue  # it was heard within another
        # Of the quiet between two voices each gets a half at most.
        half_s = max(0.0, part.start_s - least_s) / (2 if ends else 1)
        start_s = max(part.start_s - min(BEFORE_S, half_s), least_s)
        end_s = min(part.end_s + BEHIND_S, max((part.end_s + most_s) / 2, part.end_s))
        apart.append(replace(part, start_s=start_s, end_s=end_s))
    return apart


def _trimmed(part: _Part, reply: Sequence[TurnSaid]) -> float:
    """Where its sound begins: of who answered quickly, not under the end of our sentence."""
    ended_s = max((one.end_s for one in reply), default=0.0)
    if part.keys or not part.start_s < ended_s <= part.voice_s:
        return part.start_s
    return max(part.start_s, min(ended_s, part.voice_s - LEAST_BEFORE_S))


def _anchor(start_s: float, voice_s: float, before: _Part | None, reply: Sequence[TurnSaid]) -> Anchor:
    if not reply:
        return Opening(start_s) if before is None else AfterSelf(max(0.0, start_s - before.end_s))
    begun_s = max(reply[0].start_s, before.start_s if before is not None else 0.0)
    ended_s = max(one.end_s for one in reply)
    if voice_s < ended_s:
        return IntoReply(max(0.0, start_s - begun_s))
    return AfterReply(max(0.0, start_s - ended_s))


def _reply(until_s: float, before: _Part | None, said: Sequence[TurnSaid]) -> list[TurnSaid]:
    """What the caller had heard of us since they last did something."""
    since_s = before.start_s if before is not None else -STILL_HEARD_S
    return [
        one
        for one in said
        if one.start_s < until_s and (one.start_s > since_s or one.end_s > since_s + STILL_HEARD_S)
    ]


def _hang_up(events: Sequence[CallEvent], before: _Part | None, said: Sequence[TurnSaid]) -> Deed:
    """Where the caller left, they leave as soon after our last word; where we ended it, when they have waited in vain.

    Where a record breaks off nobody knows what they would have done: they leave too.
    """
    ended = next((event.body for event in events if isinstance(event.body, CallEnded)), None)
    handed_over = any(isinstance(event.body, TransferRequested) for event in events)
    if handed_over or (ended is not None and ended.reason is CallEndReason.ASSISTANT):
        return Deed(AfterReply(WAIT_IN_VAIN_S), hangs_up=True)
    if ended is None:
        return Deed(AfterReply(HANG_UP_S) if said else Opening(HANG_UP_S), hangs_up=True)
    reply = _reply(ended.duration_s, before, said)
    if not reply and before is not None:
        gap_s = max(HANG_UP_S, ended.duration_s - before.end_s)
        return Deed(AfterSelf(min(gap_s, WAIT_IN_VAIN_S)), hangs_up=True)
    last_s = max((one.end_s for one in reply), default=0.0)
    if reply and reply[-1].interrupted and reply[-1].end_s >= ended.duration_s - STILL_HEARD_S:
        return Deed(IntoReply(max(0.0, ended.duration_s - reply[0].start_s)), hangs_up=True)
    return Deed(AfterReply(min(max(HANG_UP_S, ended.duration_s - last_s), WAIT_IN_VAIN_S)), hangs_up=True)
