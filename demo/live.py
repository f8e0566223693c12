"""A call in the terminal while it happens."""

from rich.console import Console
from rich.text import Text

from calls.events import (
    ActionDone,
    ActionFailed,
    CallEnded,
    CallEvent,
    PartFailed,
    TurnAnswered,
    TurnDropped,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSilent,
)

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
    """One event as a line."""
    match event.body:
        case TurnHeard() as heard:
            return _spoken("caller", heard.text or "(not understood)", f"{heard.confidence:.0%}", "cyan")
        case TurnKeyed(digits=digits):
            return _spoken("caller", f"[keys {digits}]", "", "cyan")
        case TurnPlanned(say=say) if say:
            return _spoken("assistant", " ".join(say), "", "green")
        case TurnAnswered() as answered:
            return _note(f"answered after {answered.total_s:.2f} s  ({_parts(answered)})")
        case ActionDone(action=action, duration_s=seconds):
            return _note(f"✔ {action}  {seconds * 1000:.0f} ms")
        case ActionFailed(action=action, failure=failure):
            return _note(f"✖ {action}: {failure}")
        case TurnSilent():
            return _note("the caller says nothing")
        case TurnDropped(reason=reason):
            return _note(f"not speech ({reason})")
        case PartFailed(part=part, code=code):
            return _note(f"✖ {part} failed: {code}")
        case CallEnded(reason=reason, duration_s=seconds):
            return _note(f"call ended by {reason} after {seconds:.1f} s")
    return None


def _parts(answered: TurnAnswered) -> str:
    return ", ".join(
        f"{label} {answered.parts[name]:.2f}" for name, label in PARTS.items() if name in answered.parts
    )


def _spoken(who: str, text: str, note: str, colour: str) -> Text:
    line = Text.assemble((f"{who:>10} ", f"bold {colour}"), text)
    return line.append(f"  {note}", "dim") if note else line


def _note(text: str) -> Text:
    return Text(" " * 11 + text, style="dim")
