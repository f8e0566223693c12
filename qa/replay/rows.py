"""The transcript of a call: a row a sentence, and what happened between them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from calls.events import (
    ActionDone,
    ActionFailed,
    CallEnded,
    CallEvent,
    CallQueued,
    EventBody,
    HeardWord,
    PartFailed,
    StreamEnded,
    StreamStarted,
    TalkHeard,
    TransferBriefed,
    TransferLeg,
    TurnDropped,
    TurnHeard,
    TurnKeyed,
    TurnSaid,
    TurnSilent,
    TurnWords,
    VoicemailLeft,
)
from calls.words import readable, told
from qa.replay.axis import Axis
from qa.replay.turns import ReplayTurn
from qa.replay.values import Shown

LOW_WORD = 0.5
"""Below this probability a word is marked as perhaps misheard."""
LOW_TURN = 0.6
"""Below this confidence a whole sentence is."""


class Speaker(StrEnum):
    """Whose row it is. Names never change meaning."""

    CALLER = "caller"
    ASSISTANT = "assistant"
    AGENT = "agent"
    NOTE = "note"


class Spell(Shown):
    """A stretch of a sentence, up to the next that was heard differently well."""

    text: str
    low: bool = False
    """It may have been misheard."""
    probability: float | None = None
    """The lowest of its words; None where it was not told."""


class Row(Shown):
    """One row. Seconds in the recording."""

    seq: int
    speaker: Speaker
    start_s: float
    end_s: float
    spells: tuple[Spell, ...]
    unheard: str = ""
    """What we would have said, had the caller not cut in."""
    confidence: float | None = None
    unsure: bool = False
    turn: int | None = None
    """The `seq` that names its turn."""
    turn_title: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(one.text for one in self.spells)

    @property
    def spoken(self) -> bool:
        """Whether somebody is heard in it."""
        return self.speaker is not Speaker.NOTE


def rows_of(events: Sequence[CallEvent], turns: Sequence[ReplayTurn], axis: Axis) -> tuple[Row, ...]:
    """All rows, in the order of the recording."""
    words = _words(turns)
    of_turn = {event.seq: turn for turn in turns for event in turn.events}
    found = []
    for event in events:
        shown = _spoken(event.body, words.get(event.seq, ())) or _noted(event.body)
        if shown is None:
            continue
        turn = of_turn.get(event.seq)
        place = axis.place(event)
        values = {
            "seq": event.seq,
            "start_s": place,
            "end_s": getattr(event.body, "end_s", place),
            "turn": turn.seq if turn is not None else None,
            "turn_title": turn.title if turn is not None else "",
        }
        found.append(Row.model_validate(values | shown))
    return tuple(sorted(found, key=lambda row: (row.start_s, row.seq)))


def spells_of(text: str, words: Sequence[HeardWord]) -> tuple[Spell, ...]:
    """A sentence in stretches; one stretch where the words do not make up the sentence."""
    if not words or _bare(" ".join(one.text for one in words)) != _bare(text):
        return (Spell(text=text),)
    spells: list[Spell] = []
    for word in words:
        low = word.probability < LOW_WORD
        gap = " " if spells else ""
        if spells and spells[-1].low == low:
            last = spells[-1]
            least = min(last.probability or 1.0, word.probability)
            spells[-1] = Spell(text=f"{last.text} {word.text.strip()}", low=low, probability=least)
        else:
            spells.append(Spell(text=f"{gap}{word.text.strip()}", low=low, probability=word.probability))
    return tuple(spells)


def _bare(text: str) -> str:
    return "".join(text.casefold().split())


def _words(turns: Iterable[ReplayTurn]) -> Mapping[int, tuple[HeardWord, ...]]:
    """The words of each `turn.heard`, by its number; `turn.words` brings those that came later."""
    found: dict[int, tuple[HeardWord, ...]] = {}
    for turn in turns:
        later = turn.first(TurnWords)
        for event in turn.events:
            if isinstance(event.body, TurnHeard):
                found[event.seq] = event.body.words or (later.words if later is not None else ())
    return found


def _spoken(body: EventBody, words: Sequence[HeardWord]) -> dict[str, object] | None:
    return _turn(body, words) or _with_human(body)


def _turn(body: EventBody, words: Sequence[HeardWord]) -> dict[str, object] | None:
    match body:
        case TurnHeard():
            return {
                "speaker": Speaker.CALLER,
                "spells": spells_of(body.text, words) if body.text else _plain("(not understood)"),
                "confidence": body.confidence,
                "unsure": body.unsure or body.confidence < LOW_TURN,
            }
        case TurnKeyed():
            return {"speaker": Speaker.CALLER, "spells": _plain(f"Keys {body.digits}")}
        case TurnSilent():
            return {"speaker": Speaker.CALLER, "spells": _plain("(silence)")}
        case TurnSaid():
            return {"speaker": Speaker.ASSISTANT, "spells": _plain(body.heard), "unheard": _unheard(body)}
    return None


def _with_human(body: EventBody) -> dict[str, object] | None:
    match body:
        case TalkHeard():
            return {
                "speaker": Speaker.AGENT if body.who == "agent" else Speaker.CALLER,
                "spells": _plain(body.text or "(not understood)"),
                "confidence": body.confidence,
                "unsure": body.confidence < LOW_TURN,
            }
        case VoicemailLeft():
            return {"speaker": Speaker.CALLER, "spells": _plain(f"Message: {body.text}")}
    return None


def _unheard(body: TurnSaid) -> str:
    if body.heard == body.text:
        return ""
    return body.text.removeprefix(body.heard).strip() or body.text


def _noted(body: EventBody) -> dict[str, object] | None:
    text = _of_line(body) or _of_work(body) or _of_people(body)
    return None if text is None else {"speaker": Speaker.NOTE, "spells": _plain(text)}


def _of_line(body: EventBody) -> str | None:
    match body:
        case CallQueued():
            return f"There was no room: {body.live_calls} calls at once"
        case StreamStarted(resumed=True):
            return "The call goes on after a break"
        case StreamEnded():
            return f"The sound ends: {readable(body.reason)}"
        case CallEnded():
            return f"The call is over: ended by {readable(body.reason)}"
    return None


def _of_work(body: EventBody) -> str | None:
    match body:
        case TurnDropped():
            return f"Not taken for a turn ({readable(body.reason)})" + (f": {body.text}" if body.text else "")
        case ActionDone():
            return f"✔ {readable(body.action)}, {body.duration_s:.1f} s"
        case ActionFailed():
            why = f" ({readable(body.reason)})" if body.reason else ""
            return f"✖ {readable(body.action)}: {readable(body.failure)}{why}"
        case PartFailed():
            return f"✖ A part of the assistant failed: {readable(body.part)}, {readable(body.code)}"
    return None


def _of_people(body: EventBody) -> str | None:
    match body:
        case TransferBriefed():
            # The words themselves stand beside the agent's leg.
            return f"The agent is briefed, {body.seconds:.0f} s"
        case TransferLeg() if body.recording is not None:
            return f"{body.target}'s leg is recorded"
    return told(body)


def _plain(text: str) -> tuple[Spell, ...]:
    return (Spell(text=text),)
