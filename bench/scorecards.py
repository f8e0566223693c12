"""What the rules of the starter card find in made-up calls, how often, and how long that takes.

    python -m bench.scorecards [--calls N] [--seed N] [--json]

The calls are those of `python -m demo.qa`, without sound and without models. `rules` has, by rule, how often it answers
yes, partly and no and how often it does not apply; `milliseconds` is the time of each rule for one call to
which it applies, p50 and p95. `scores` has deciles of the calls' scores, `auto_fails` how many failed. `waits_s` and
`both_s` are what `dead_air` and `talk_over` measure: the silence before each answer, and how long both spoke at once.
"""

import argparse
import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.progress import track

from bench.report import percentile, print_table, tell
from calls.events import CallEvent
from demo.qa import generator
from dialog.load import load_playbook
from dialog.playbook import Playbook
from qa.facts.fold import facts_of
from qa.facts.types import CallOutcome
from qa.scorecards.automatic import answers
from qa.scorecards.reading import Call
from qa.scorecards.rules import RULES, RuleName
from qa.scorecards.rules.talk_over import both_s
from qa.scorecards.scoring import score
from qa.scorecards.source import STARTER, read_form
from settings import HOME

NOT_APPLICABLE = "does not apply"
GRADES = ("yes", "partly", "no", NOT_APPLICABLE)
SHARES = (5, 50, 90, 95, 99, 100)


@dataclass
class Measured:
    """What was found in all calls."""

    calls: int = 0
    found: dict[RuleName, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    why: dict[RuleName, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Of each rule, what it says of the calls that it finds fault with."""
    took_s: dict[RuleName, list[float]] = field(default_factory=lambda: defaultdict(list))
    card_s: list[float] = field(default_factory=list)
    """The whole card."""
    points: list[float] = field(default_factory=list)
    auto_fails: int = 0
    waits_s: list[float] = field(default_factory=list)
    both_s: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """All of it."""
        return {
            "calls": self.calls,
            "rules": {name.value: {one: self.found[name][one] for one in GRADES} for name in RULES},
            "why": {name.value: dict(self.why[name].most_common(6)) for name in RULES},
            "milliseconds": {name.value: _shares(self.took_s[name], (50, 95), 1000.0) for name in RULES},
            "card_milliseconds": _shares(self.card_s, (50, 95, 100), 1000.0),
            "scores": _shares(self.points, tuple(range(0, 101, 10))),
            "auto_fails": self.auto_fails,
            "waits_s": _shares(self.waits_s, SHARES),
            "both_s": _shares(self.both_s, SHARES),
        }


def _shares(values: Sequence[float], shares: Sequence[int], times: float = 1.0) -> dict[str, float | None]:
    # Multiplied first: a percentile has three decimals.
    many = [value * times for value in values]
    return {f"p{share}": percentile(many, share) for share in shares}


def measure(made: Iterator[list[CallEvent]], playbook: Playbook) -> Measured:
    """All rules on all calls that are over."""
    form, measured = read_form(STARTER), Measured()
    for events in made:
        known = facts_of(events)
        if known is None or known.outcome is CallOutcome.OPEN:
            continue
        call = Call(events, known, playbook)
        measured.calls += 1
        for name, rule in RULES.items():
            began = time.perf_counter()
            finding = rule(call)
            took_s = time.perf_counter() - began
            grade = finding.grade.value if finding.grade is not None else NOT_APPLICABLE
            measured.found[name][grade] += 1
            if finding.grade is not None:
                measured.took_s[name].append(took_s)
            if grade != "yes":
                measured.why[name][f"{grade}: {_without_numbers(finding.why)}"] += 1
        began = time.perf_counter()
        scored = score(form, answers(form, known, events, playbook))
        measured.card_s.append(time.perf_counter() - began)
        measured.auto_fails += scored.auto_fail
        if scored.points is not None and not scored.auto_fail:
            measured.points.append(scored.points)
        _measure_sound(call, measured)
    return measured


def _without_numbers(text: str) -> str:
    return "".join("#" if character.isdigit() else character for character in text)


def _measure_sound(call: Call, measured: Measured) -> None:
    for before, after in pairwise(call.speech):
        if not before.ours and after.ours:
            measured.waits_s.append(after.start_s - before.end_s)
    ours = [one for one in call.speech if one.ours]
    overlaps = (both_s(one, ours) for one in call.speech if not one.ours)
    measured.both_s += [one for one in overlaps if one > 0.0]


def show(console: Console, figures: dict[str, Any]) -> None:
    """For people."""
    rows = [
        (name, *(found[grade] for grade in GRADES), *figures["milliseconds"][name].values())
        for name, found in figures["rules"].items()
    ]
    print_table(console, f"Rules on {figures['calls']} calls", ("", *GRADES, "ms p50", "ms p95"), rows)
    for name, reasons in figures["why"].items():
        for why, count in reasons.items():
            console.print(f"{count:6} {name}: {why}", highlight=False)
    for name in ("card_milliseconds", "scores", "auto_fails", "waits_s", "both_s"):
        console.print(f"{name}: {figures[name]}", highlight=False)


async def run(calls: int, seed: int, *, quiet: bool) -> dict[str, Any]:
    """Make the calls and measure."""
    playbook = load_playbook(HOME / "playbooks" / "acme")
    made = await generator(calls, seed)
    shown = track(made.all(), "calls", calls, disable=quiet, console=Console(stderr=True))
    return measure(iter(shown), playbook).figures()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.scorecards",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    tell(asyncio.run(run(given.calls, given.seed, quiet=given.json)), show, as_json=given.json)


if __name__ == "__main__":
    main()
