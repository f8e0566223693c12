"""Calls for the terminal: a list of calls, and one call's timeline, as rich renderables."""

from collections.abc import Sequence
from datetime import tzinfo

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from calls.gaps import Gap
from calls.summary import CallSummary
from calls.timeline import Acted, Decision, Note, Outcome, Said, Talked, Timeline, Turn, TurnKind

SHORT_ID = 10
BAR_PER_S = 16
LONGEST_BAR = 40
SLOW_S = 0.9
"""An answer above this is slow: the 95th percentile we allow (DESIGN.md, budgets)."""
TOO_SLOW_S = 1.5
UNSURE_BELOW = 0.6
DISSATISFIED = 0.5
"""From this likelihood on a caller is told to be dissatisfied."""
UNKNOWN = "–"
MARKS = {Outcome.DONE: ("✔", "green"), Outcome.FAILED: ("✖", "red"), Outcome.UNKNOWN: ("…", "yellow")}

LABELS = {
    "escalation.judged": "Judged",
    "transfer.requested": "Hand-over",
    "transfer.moved": "Hand-over",
    "transfer.leg": "Hand-over",
    "transfer.briefed": "Hand-over",
    "transfer.keyed": "Hand-over",
    "transfer.ended": "Hand-over",
    "survey.answered": "Survey",
    "call.disposed": "Agent",
    "callback.promised": "Call-back",
    "callback.dialled": "Call-back",
    "callback.tried": "Call-back",
    "voicemail.left": "Message",
    "call.redacted": "Privacy",
}
"""Who or what a note in words is about."""


def call_list(summaries: Sequence[CallSummary], zone: tzinfo | None = None) -> RenderableType:
    """A table of calls in the given order; times in `zone`, by default this machine's."""
    if not summaries:
        return Text("No calls yet.")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Call", "Started", "Caller", "Playbook", "Ended by"):
        table.add_column(column, overflow="fold")
    for column in ("Length", "Turns", "Answer (median)"):
        table.add_column(column, justify="right")
    for call, short in zip(summaries, short_ids([call.call_id for call in summaries]), strict=True):
        table.add_row(
            Text(short, style="cyan"),
            f"{call.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            _plain(call.caller or UNKNOWN),
            _plain(call.playbook or UNKNOWN),
            Text(call.end_reason or "not ended", style="" if call.end_reason else "yellow"),
            UNKNOWN if call.duration_s is None else clock(call.duration_s),
            str(call.turns),
            UNKNOWN if call.answer_median_s is None else _latency(call.answer_median_s),
        )
    return table


def call_timeline(line: Timeline, zone: tzinfo | None = None) -> RenderableType:
    """One call from its first event to its last."""
    return Group(_head(line.call, zone), *(_entry(entry) for entry in line.entries), _foot(line.call))


def gap_list(
    groups: Sequence[tuple[str | None, Sequence[Gap]]], zone: tzinfo | None = None
) -> RenderableType:
    """Unanswered questions by the article that came nearest; times in `zone`, by default this machine's."""
    if not groups:
        return Text("No unanswered questions yet.")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Nearest article", "Fits", "Asked", "Said before", "Call", "When"):
        table.add_column(column, overflow="fold")
    for article, found in groups:
        for place, gap in enumerate(found):
            table.add_row(
                _plain("" if place else f"{article or UNKNOWN} ({len(found)})", "cyan"),
                UNKNOWN if gap.score is None else f"{gap.score:.0%}",
                _plain(gap.question),
                _plain(" / ".join(gap.before), "dim"),
                _plain(gap.call_id[:SHORT_ID]),
                f"{gap.at.astimezone(zone):%Y-%m-%d %H:%M}",
            )
    return table


def short_ids(ids: Sequence[str]) -> list[str]:
    """The shortest beginning of each id, of at least ten characters, that no other of them has."""
    shorts = []
    for one in ids:
        others = [other for other in ids if other != one]
        length = SHORT_ID
        while length < len(one) and any(other.startswith(one[:length]) for other in others):
            length += 1
        shorts.append(one[:length])
    return shorts


def clock(seconds: float) -> str:
    """A place in a recording or a length: `1:04.2`."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


def _head(call: CallSummary, zone: tzinfo | None) -> RenderableType:
    grid = _grid()
    rows = {
        "Started": f"{call.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}".strip(),
        "From": f"{call.caller or UNKNOWN} to {call.callee or UNKNOWN} ({call.direction or UNKNOWN})",
        "Playbook": call.playbook or UNKNOWN,
        "Recording": call.recording or UNKNOWN,
    }
    for name, value in rows.items():
        grid.add_row(Text(name, style="dim"), _plain(value))
    return Group(Rule(Text(f"Call {call.call_id}", style="bold"), align="left"), grid)


def _foot(call: CallSummary) -> RenderableType:
    if call.end_reason is None:
        return Text("\nNot ended.", style="yellow")
    end = f"\nEnded by {call.end_reason} after {_length(call)}, {call.turns} turns"
    median = "" if call.answer_median_s is None else f", answers {call.answer_median_s:.2f} s (median)"
    return Text(end + median + ".", style="bold")


def _length(call: CallSummary) -> str:
    return UNKNOWN if call.duration_s is None else clock(call.duration_s)


def _turn(turn: Turn) -> RenderableType:
    grid = _grid()
    if turn.kind is not TurnKind.OPENING:
        grid.add_row(_place(turn.start_s), Text("Caller", style="bold cyan"), _heard(turn))
    for decision in turn.decisions:
        grid.add_row("", Text("Dialog", style="dim"), _decided(decision))
    for acted in turn.actions:
        grid.add_row("", Text("Action", style="dim"), _acted(acted))
    for said in turn.said:
        grid.add_row(_place(said.start_s), Text("Assistant", style="bold magenta"), _said(said))
    if turn.answer_s is not None:
        grid.add_row("", Text("Answer", style="dim"), _answer(turn.answer_s, turn.answer_parts))
    title = "Opening" if turn.kind is TurnKind.OPENING else f"Turn {turn.number}"
    return Group(Padding(Rule(Text(title, style="dim"), align="left", style="dim"), (1, 0, 0, 0)), grid)


def _entry(entry: Turn | Talked | Note) -> RenderableType:
    match entry:
        case Turn():
            return _turn(entry)
        case Talked():
            return _talked(entry)
    return _note(entry)


def _talked(talked: Talked) -> RenderableType:
    grid = _grid()
    who = Text("Agent", style="bold green") if talked.who == "agent" else Text("Caller", style="bold cyan")
    grid.add_row(_place(talked.start_s), who, _quoted(talked.text, talked.confidence, unsure=False))
    return grid


def _quoted(text: str, confidence: float, *, unsure: bool) -> Text:
    """What somebody said, and how sure we are of it."""
    low = unsure or confidence < UNSURE_BELOW
    quoted = Text("“").append(_plain(text)).append("”")
    return quoted.append(
        f"  {confidence:.0%}{' unsure' if unsure else ''}", style="yellow" if low else "green"
    )


def _heard(turn: Turn) -> Text:
    match turn.kind:
        case TurnKind.SILENT:
            return Text("(silence)", style="yellow")
        case TurnKind.KEYED:
            return Text("keys ").append(_plain(turn.text, "bold"))
    text = _quoted(turn.text, turn.confidence or 0.0, unsure=turn.unsure)
    if turn.heard_of_us is not None:
        text.append("  cut in after “", style="dim").append(_plain(turn.heard_of_us, "dim")).append(
            "”", style="dim"
        )
    return text


def _decided(decision: Decision) -> Text:
    text = Text()
    if decision.intent is not None:
        text.append(decision.intent, style="bold").append(f" {decision.confidence:.0%}")
    elif decision.moment == "hearing":
        text.append("no intent", style="yellow")
    else:
        text.append(decision.moment)
    for name, value in decision.entities.items():
        text.append(f"  {name}=").append(_plain(value))
    if decision.repair != "none":
        text.append(f"  repair: {decision.repair}", style="yellow")
    if decision.certainty is not None:
        low = decision.certainty < UNSURE_BELOW
        text.append(f"  sure {decision.certainty:.0%}", style="yellow" if low else "dim")
    if decision.dissatisfaction is not None and decision.dissatisfaction >= DISSATISFIED:
        text.append(f"  dissatisfied {decision.dissatisfaction:.0%}", style="yellow")
    others = [f"{name} {score:.0%}" for name, score in decision.alternatives if name != decision.intent]
    if others:
        text.append(f"  (else {', '.join(others[:2])})", style="dim")
    if decision.why:
        text.append("  ").append(_plain(decision.why, "dim"))
    return text


def _acted(acted: Acted) -> Text:
    mark, style = MARKS[acted.outcome]
    text = Text(f"{mark} ", style=style).append(acted.action, style="default")
    if acted.failure is not None:
        text.append(f"  {acted.failure}", style="red")
    if acted.duration_s is not None:
        text.append(f"  {acted.duration_s * 1000:.0f} ms", style="dim")
    return text


def _said(said: Said) -> Text:
    if said.heard == said.text:
        return _plain(said.text)
    heard = _plain(said.heard)
    if said.text.startswith(said.heard):
        heard.append(_plain(said.text[len(said.heard) :], "dim strike"))
    return heard.append("  cut off" if said.interrupted else "  not all heard", style="yellow")


def _answer(total_s: float, parts: dict[str, float]) -> Text:
    text = Text("█" * min(LONGEST_BAR, max(1, round(total_s * BAR_PER_S))), style=_speed(total_s))
    text.append(f" {total_s:.2f} s", style=_speed(total_s))
    if parts:
        told = " · ".join(f"{name.replace('_', ' ')} {seconds:.2f}" for name, seconds in parts.items())
        text.append(f"  {told}", style="dim")
    return text


def _latency(seconds: float) -> Text:
    return Text(f"{seconds:.2f} s", style=_speed(seconds))


def _speed(seconds: float) -> str:
    if seconds <= SLOW_S:
        return "green"
    return "yellow" if seconds <= TOO_SLOW_S else "red"


def _note(note: Note) -> RenderableType:
    grid = _grid()
    label = LABELS.get(note.code)
    if label is not None:
        grid.add_row("", Text(label, style="bold"), _plain(note.detail))
        return grid
    text = Text(note.code, style="red" if note.code == "part.failed" else "dim")
    if note.detail:
        text.append("  ").append(_plain(note.detail, "dim"))
    grid.add_row(_place(note.start_s), "", text)
    return grid


def _place(seconds: float | None) -> Text:
    return Text("" if seconds is None else clock(seconds), style="dim", justify="right")


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(min_width=7)
    grid.add_column(min_width=9)
    grid.add_column(overflow="fold")
    return grid


def _plain(text: str, style: str = "") -> Text:
    """Text as it is, neither markup nor control codes: callers decide what is in it."""
    return Text("".join(one if one.isprintable() else " " for one in text), style=style)
