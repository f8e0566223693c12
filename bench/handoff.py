"""How well it is told when a person should take over.

    python -m bench.handoff FILE [--weights FILE.toml] [--json]
    python -m bench.handoff FILE --train OUT.toml

FILE holds labelled conversations, or is a folder with such files; docs/escalation.md has the format. Each is played in
text through the demo company's real dialog, its shop and escalation, with people in all queues, until a person takes
over. `precision`, `recall` and `f1` count calls: right is a hand-over where one is due, whenever. `gtt` is golden
transfer within tolerance 1: the share of calls whose hand-over lies at most one turn of the caller's from the labelled
one, or which have neither label nor hand-over; `gtt_2` and `gtt_3` allow two and three. `reasons` has, by the reason
that was due, how often which reason was given. `needless_offers` counts the calls without a label in which a person
was offered, taken or not. `judge_us` is the time of all judging of one caller turn, in microseconds. `briefing` has how
long the humans of these calls are briefed, by the real voice and with the keys, and names the calls whose briefing is
too long or not borne out by its log. With a folder, `parts` has the figures of judging for each file. --train fits the
score to the conversations instead, and writes weights.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import track

from bench.briefings import briefings_of
from bench.labelled import Conversation, read_conversations
from bench.rehearsal import Played, Rehearsal
from bench.report import parser_of, percentile, print_bars, print_table, tell
from dialog.load import load_playbook
from dialog.minds import build_minds
from dialog.plan import Minds
from dialog.playbook import Playbook
from dialog.reasons import Reason
from handoff.escalation.judge import Course, step
from handoff.escalation.train import Example, fitted, write_weights
from handoff.escalation.weights import BUILT_IN, Weights, read_weights
from models.shelf import ModelShelf
from settings import HOME
from voice.speaking.renderer import Renderer

ACME = HOME / "playbooks" / "acme"
TOLERANCES = (1, 2, 3)
NONE = "none"
OF_TROUBLE = frozenset(
    {Reason.UPSET, Reason.RISK, Reason.NOT_UNDERSTOOD, Reason.SILENT, Reason.TOO_MANY_REPAIRS}
)
"""Reasons that build up over turns: a score can only learn from these."""


def figures_of(played: Sequence[Played]) -> dict[str, Any]:
    """The figures of some conversations."""
    hits = sum(one.turn is not None and one.conversation.due is not None for one in played)
    handed = sum(one.turn is not None for one in played)
    due = sum(one.conversation.due is not None for one in played)
    precision, recall = _ratio(hits, handed), _ratio(hits, due)
    both = (precision or 0.0) + (recall or 0.0)
    return {
        "precision": precision,
        "recall": recall,
        "f1": round(2 * (precision or 0.0) * (recall or 0.0) / both, 4) if both else 0.0,
        "gtt": golden(played, 1),
        **{f"gtt_{tolerance}": golden(played, tolerance) for tolerance in TOLERANCES[1:]},
        "right_reason": _ratio(sum(_same_reason(one) for one in played), hits),
        "conversations": len(played),
        "due": due,
        "handed_over": handed,
        "needless_offers": sum(bool(one.offers) for one in played if one.conversation.due is None),
        "missed": sorted(one.conversation.id for one in played if _missed(one)),
        "needless": sorted(one.conversation.id for one in played if _needless(one)),
        "early_or_late": {
            one.conversation.id: one.turn - one.conversation.due.turn
            for one in played
            if one.turn is not None
            and one.conversation.due is not None
            and one.turn != one.conversation.due.turn
        },
        "reasons": reasons_of(played),
    }


def golden(played: Sequence[Played], tolerance: int) -> float | None:
    """The share of calls whose hand-over lies within so many turns of the label, or that rightly have none."""
    return _ratio(sum(_is_golden(one, tolerance) for one in played), len(played))


def reasons_of(played: Sequence[Played]) -> dict[str, dict[str, int]]:
    """By the reason that was due, how often which reason was given."""
    pairs = Counter(
        (
            one.conversation.due.reason.value if one.conversation.due is not None else NONE,
            one.reason if one.turn is not None and one.reason is not None else NONE,
        )
        for one in played
    )
    table: dict[str, dict[str, int]] = {}
    for (due, given), count in sorted(pairs.items()):
        table.setdefault(due, {})[given] = count
    return table


def _is_golden(one: Played, tolerance: int) -> bool:
    due = one.conversation.due
    if due is None or one.turn is None:
        return due is None and one.turn is None
    return abs(one.turn - due.turn) <= tolerance


def _same_reason(one: Played) -> bool:
    due = one.conversation.due
    return due is not None and one.turn is not None and one.reason == due.reason.value


def _missed(one: Played) -> bool:
    return one.conversation.due is not None and one.turn is None


def _needless(one: Played) -> bool:
    return one.conversation.due is None and one.turn is not None


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def judging_us(played: Sequence[Played], weights: Weights) -> list[float]:
    """Microseconds of judging for each caller turn, its other events included."""
    took = []
    for one in played:
        course, began = Course(), time.thread_time()
        for event in one.events:
            course, judgement = step(course, event.body, weights)
            if judgement is not None:
                now = time.thread_time()
                took.append(1e6 * (now - began))
                began = now
    return took


async def play_all(
    playbook: Playbook, minds: Minds, weights: Weights, conversations: Sequence[Conversation], *, quiet: bool
) -> list[Played]:
    """All of them, one after the other."""
    with TemporaryDirectory(prefix="warmline-bench-") as folder:
        rehearsal = Rehearsal(playbook, minds, weights, Path(folder))
        shown = track(conversations, "playing", disable=quiet, console=Console(stderr=True))
        return [await rehearsal.play(one) for one in shown]


def measure(
    parts: dict[str, list[Conversation]], playbook: Playbook, minds: Minds, weights: Weights, *, quiet: bool
) -> dict[str, Any]:
    """The figures of all files together, and of each."""
    played = {
        name: asyncio.run(play_all(playbook, minds, weights, part, quiet=quiet))
        for name, part in parts.items()
    }
    everything = [one for part in played.values() for one in part]
    took = judging_us(everything, weights)
    figures = {
        **figures_of(everything),
        "briefing": briefings_of(everything, playbook, Renderer.load(ModelShelf().voice_path())),
        "judge_us": {"p50": percentile(took, 50), "p95": percentile(took, 95)},
        "weights": weights.version,
        "playbook": playbook.version,
    }
    if len(played) > 1:
        figures["parts"] = {name: figures_of(part) for name, part in played.items()}
    return figures


def examples_of(played: Sequence[Played]) -> list[Example]:
    """Every judged turn, and whether a person was due by then; without those that were due for no trouble."""
    examples = []
    for one in played:
        due = one.conversation.due
        for number, judged in one.judged.items():
            is_due = due is not None and number >= due.turn
            if due is None or not is_due or due.reason in OF_TROUBLE:
                examples.append(Example(judged.signals, is_due))
    return examples


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table and a picture."""
    parts = {**figures.get("parts", {}), "all": figures}
    rows = ("precision", "recall", "f1", "gtt", "gtt_2", "gtt_3", "right_reason", "conversations", "due")
    print_table(
        console, "Hand-over", ("", *parts), [(row, *(one[row] for one in parts.values())) for row in rows]
    )
    print_bars(console, "All", [(row, figures[row]) for row in ("precision", "recall", "f1", "gtt")], "")
    given = [
        (due, reason, count)
        for due, reasons in figures["reasons"].items()
        for reason, count in reasons.items()
    ]
    print_table(console, "Reasons", ("due", "given", "calls"), given)
    briefing = figures["briefing"]
    lengths = [(name, briefing[name]) for name in ("briefings", "p50_s", "p95_s", "max_s", "most_words")]
    print_table(console, "Briefings", ("", ""), lengths)
    for name in ("too_long", "unproven"):
        console.print(f"{name}: {', '.join(briefing[name]) or 'none'}", highlight=False)
    for name in ("missed", "needless"):
        console.print(f"{name}: {', '.join(figures[name]) or 'none'}", highlight=False)


def main() -> None:
    """Run from the command line."""
    parser = parser_of("handoff", __doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--weights", type=Path, default=BUILT_IN)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    weights = read_weights(given.weights)
    parts = read_conversations(given.file)
    playbook = load_playbook(ACME)
    minds = build_minds(playbook, ModelShelf().embedder())
    if given.train is not None:
        conversations = [one for part in parts.values() for one in part]
        played = asyncio.run(play_all(playbook, minds, weights, conversations, quiet=given.json))
        write_weights(given.train, fitted(examples_of(played), weights))
        return
    tell(measure(parts, playbook, minds, weights, quiet=given.json), show, as_json=given.json)


if __name__ == "__main__":
    main()
