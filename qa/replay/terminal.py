"""A call played in the terminal: its rows and marks appear when they are due."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from calls.render import clock
from qa.replay.curves import Course
from qa.replay.markers import Marker
from qa.replay.replay import Replay
from qa.replay.rows import Row, Speaker

STYLES = {
    Speaker.CALLER: "bold cyan",
    Speaker.ASSISTANT: "bold magenta",
    Speaker.AGENT: "bold green",
    Speaker.NOTE: "dim",
}
TONES = {"good": "green", "bad": "red", "note": "yellow", "plain": "dim"}
TICK_S = 0.2
"""How often the clock is drawn."""
NEAR_S = 0.001
"""What is so near is due: a rest smaller than the clock can count would never pass."""

Due = Row | Marker | Course
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Pace:
    """The clock of a replay. `now` counts seconds; `pause` lets them pass."""

    now: Callable[[], float]
    pause: Pause = asyncio.sleep
    speed: float = 1.0


async def play(replay: Replay, console: Console, pace: Pace) -> None:
    """Show a call from its beginning to its end, each row and mark when the sound has come to it."""
    began = pace.now()

    def place() -> float:
        return (pace.now() - began) * pace.speed

    with Live(console=console, auto_refresh=False, transient=True) as live:
        for at_s, due in _dues(replay):
            while (left_s := at_s - place()) > NEAR_S:
                live.update(_clock(place(), replay.axis.length_s), refresh=True)
                await pace.pause(min(TICK_S, left_s) / pace.speed)
            live.console.print(_shown(at_s, due))
        while (left_s := replay.axis.length_s - place()) > NEAR_S:
            live.update(_clock(place(), replay.axis.length_s), refresh=True)
            await pace.pause(min(TICK_S, left_s) / pace.speed)
    console.print(_end(replay))


def _dues(replay: Replay) -> Sequence[tuple[float, Due]]:
    """What is shown, and when. Marks that a row tells as well are left out."""
    told = {row.seq for row in replay.rows if not row.spoken}
    dues: list[tuple[float, Due]] = [(row.start_s, row) for row in replay.rows]
    dues += [(one.at_s, one) for one in replay.markers if one.seq not in told]
    dues += [(one.answer.at_s + one.answer.total_s, one) for one in replay.course if one.answer is not None]
    # What people did after the call is told at its end.
    return sorted(((min(at_s, replay.axis.length_s), due) for at_s, due in dues), key=lambda due: due[0])


def _shown(at_s: float, due: Due) -> RenderableType:
    line = Text(f"{clock(at_s):>8}  ", style="dim")
    for part in _parts(due):
        line.append_text(part)
    return line


def _parts(due: Due) -> Iterator[Text]:
    match due:
        case Row():
            name = "" if due.speaker is Speaker.NOTE else due.speaker.value.capitalize()
            yield Text(f"{name:<10} ", style=STYLES[due.speaker])
            for spell in due.spells:
                yield _plain(spell.text, "underline" if spell.low else "" if due.spoken else "dim")
            if due.unheard:
                yield Text(" ✂ ", style="yellow")
                yield _plain(due.unheard, "dim strike")
            if due.unsure:
                yield Text(f"  {due.confidence or 0:.0%} unsure", style="yellow")
        case Marker():
            yield Text(f"{due.look.sign:>10} ", style=TONES[due.look.tone])
            yield _plain(f"{due.look.name}: {due.words}", TONES[due.look.tone])
        case Course(answer=answer) if answer is not None:
            yield Text(f"{'':<10} {answer.words}", style="dim")


def _clock(at_s: float, length_s: float) -> RenderableType:
    return Group(
        ProgressBar(total=length_s, completed=at_s, width=60), Text(f"{clock(at_s)} of {clock(length_s)}")
    )


def _end(replay: Replay) -> Text:
    return Text(f"\nThe call: {replay.facts.outcome.value.replace('_', ' ')}, {replay.facts.turns} turns.")


def _plain(text: str, style: str) -> Text:
    """Neither markup nor control codes: callers decide what is in it."""
    return Text("".join(one if one.isprintable() else " " for one in text), style=style)
