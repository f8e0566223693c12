"""A call in the terminal while it happens."""

from rich.console import Console
from rich.text import Text

from calls.events import (
    ActionDone,
    ActionFailed,
    CallEnded,
    CallEvent,
    CallQueued,
    EventBody,
    PartFailed,
    TalkHeard,
    TurnAnswered,
    TurnDropped,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSilent,
)
from calls.words import told

COLOURS = {"caller": "cyan", "agent": "yellow"}
PARTS = {
    "end_of_turn": "end of turn",
    "transcript": "transcript",
    "plan": "plan",
    "first_audio": "first audio",
}


def show(event: CallEvent, console: Console) -> None:
    """Print what a person wants to know of one event; nothing for the rest."""
    line = describe(event)
    if line is not None:
        console.print(line)


def describe(event: CallEvent) -> Text | None:
    """One event as a line; None for events that say nothing to a person."""
    return _conversation(event.body) or _background(event.body)


def _conversation(body: EventBody) -> Text | None:
    match body:
        case TurnHeard():
            return _spoken("caller", body.text or "(not understood)", f"{body.confidence:.0%}", "cyan")
        case TurnKeyed():
            return _spoken("caller", f"[keys {body.digits}]", "", "cyan")
        case TurnPlanned() if body.say:
            return _spoken("assistant", " ".join(body.say), "", "green")
        case TurnAnswered():
            return _note(f"answered after {body.total_s:.2f} s  ({_parts(body)})")
        case TalkHeard():
            return _spoken(body.who, body.text, f"{body.confidence:.0%}", COLOURS.get(body.who, "cyan"))
    return None


def _background(body: EventBody) -> Text | None:
    texts = {
        ActionDone: "✔ {0.action}",
        ActionFailed: "✖ {0.action}: {0.failure}",
        CallQueued: "no room: the caller waits, or is called back",
        TurnSilent: "the caller says nothing",
        TurnDropped: "no turn ({0.reason}) {0.text}",
        PartFailed: "✖ {0.part} failed: {0.code}",
        CallEnded: "call ended by {0.reason} after {0.duration_s:.1f} s",
    }
    text = texts.get(type(body))
    if text is not None:
        return _note(text.format(body))
    words = told(body)
    return _note(words) if words is not None else None


def _parts(answered: TurnAnswered) -> str:
    return ", ".join(
        f"{label} {answered.parts[name]:.2f}" for name, label in PARTS.items() if name in answered.parts
    )


def _spoken(who: str, text: str, note: str, colour: str) -> Text:
    line = Text.assemble((f"{who:>10} ", f"bold {colour}"), text)
    return line.append(f"  {note}", "dim") if note else line


def _note(text: str) -> Text:
    return Text(" " * 11 + text, style="dim")
