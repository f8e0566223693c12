"""How fast answers come, with many calls at once, and what they cost.

    python -m bench.calls --calls N [--peer pipecat] [--rounds R] [--knee] [--json]

N callers talk in real time over media streams. An answer's time is taken at the wire: from the caller's last sound to
the first sound of the answer that is played to them. The peer gets the same callers in the same run.
"""

import argparse
import asyncio
import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from bench.processes import Subject, pipecat_peer, warmline
from bench.report import percentile, print_bars, print_table, tell
from bench.wire import FRAME, Sound, WireCaller, level
from models.shelf import ModelShelf
from voice.speaking.renderer import Renderer

SAYS = (
    "Where is my order?",
    "Four seven one one.",
    "What are your opening hours?",
    "Do you ship to other countries?",
    "How long does shipping take?",
    "Where is my order?",
    "Four seven one two.",
    "Can I send something back?",
)
CUTS_IN = (3, 6)
"""At these turns the caller speaks into the answer before."""
BEFORE_CUTTING_IN_S = 1.0
NO_ANSWER_S = 15.0
LATEST_STOP_S = 1.5
BETWEEN_S = (0.4, 1.2)
IDLE_S = 12.0
LIMIT_S = 1.2
KNEE = (1, 2, 4, 8, 12, 16)
QUIETER = 0.5
"""Callers are 6 dB quieter than we are."""


@dataclass
class Measured:
    """What one subject showed with so many calls."""

    calls: int
    answers_s: list[float] = field(default_factory=list)
    unanswered: int = 0
    greetings_s: list[float] = field(default_factory=list)
    stops_s: list[float] = field(default_factory=list)
    not_stopped: int = 0
    refused: int = 0
    cpu_share: float = 0.0
    """Cores used while the calls went on."""
    memory_mb: float = 0.0

    def figures(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "calls": self.calls,
            "p50_s": percentile(self.answers_s, 50),
            "p95_s": percentile(self.answers_s, 95),
            "answers_s": rounded(self.answers_s),
            "unanswered": self.unanswered,
            "greeting_p50_s": percentile(self.greetings_s, 50),
            "greetings_s": rounded(self.greetings_s),
            "barge_in_stop_p95_s": percentile(self.stops_s, 95),
            "barge_in_stops_s": rounded(self.stops_s),
            "not_stopped": self.not_stopped,
            "refused": self.refused,
            "cpu_cores": round(self.cpu_share, 3),
            "cpu_cores_a_call": round(self.cpu_share / self.calls, 3),
            "memory_mb": round(self.memory_mb),
            "memory_by_run_mb": [round(self.memory_mb)],
        }


def rounded(values: list[float]) -> list[float]:
    """Milliseconds are enough."""
    return [round(value, 3) for value in values]


async def measure(subject: Subject, calls: int, voices: list[Sound], rounds: int, seed: int) -> Measured:
    """Have `calls` callers talk to `subject` at once."""
    measured = Measured(calls)
    cpu, began = subject.cpu_s(), asyncio.get_running_loop().time()
    peak = asyncio.ensure_future(_watch_memory(subject, measured))
    await asyncio.gather(*(_one_call(subject, measured, voices, rounds, seed + n) for n in range(calls)))
    peak.cancel()
    measured.cpu_share = (subject.cpu_s() - cpu) / (asyncio.get_running_loop().time() - began)
    return measured


async def _watch_memory(subject: Subject, measured: Measured) -> None:
    while True:
        measured.memory_mb = max(measured.memory_mb, subject.memory_mb())
        await asyncio.sleep(0.5)


async def _one_call(
    subject: Subject, measured: Measured, voices: list[Sound], rounds: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    await asyncio.sleep(float(chance.uniform(0.0, 2.0)))
    try:
        socket, stream_sid = await subject.call()
    except ConnectionRefusedError:
        measured.refused += 1
        return
    caller = WireCaller(socket, stream_sid, seed)
    began = asyncio.get_running_loop().time()
    talking = asyncio.ensure_future(caller.talk())
    greeting = await caller.hears_something(began, NO_ANSWER_S)
    if greeting is not None:
        measured.greetings_s.append(greeting - began)
    await caller.hears_silence(1.0)
    for number in range(rounds * len(voices)):
        turn = number % len(voices)
        if caller.ended.is_set():
            break
        await _one_turn(caller, measured, voices[turn], cuts_in_next=(turn + 1) in CUTS_IN)
        if (turn + 1) not in CUTS_IN:
            await asyncio.sleep(float(chance.uniform(*BETWEEN_S)))
    await socket.close()
    await talking


async def _one_turn(caller: WireCaller, measured: Measured, voice: Sound, *, cuts_in_next: bool) -> None:
    loop = asyncio.get_running_loop()
    was_heard = bool(caller.heard) and loop.time() - caller.heard[-1] < 0.3
    first, last = await caller.say(voice)
    if was_heard:
        _note_stop(caller, measured, first)
    answer = await caller.hears_something(last, NO_ANSWER_S)
    if answer is None:
        measured.unanswered += 1
        return
    measured.answers_s.append(answer - last)
    if cuts_in_next:
        await asyncio.sleep(BEFORE_CUTTING_IN_S)
    else:
        await caller.hears_silence(0.7)


def _note_stop(caller: WireCaller, measured: Measured, first: float) -> None:
    """When the carrier was told to drop our voice, after the caller had begun to speak over it."""
    stop = caller.cleared_since(first)
    if stop is None or stop - first > LATEST_STOP_S:
        measured.not_stopped += 1
    else:
        measured.stops_s.append(stop - first)


async def measure_idle(subject: Subject) -> float:
    """The share of a core that one open call costs in which nobody speaks."""
    socket, stream_sid = await subject.call()
    caller = WireCaller(socket, stream_sid)
    talking = asyncio.ensure_future(caller.talk())
    await caller.hears_silence(1.5)
    cpu = subject.cpu_s()
    await asyncio.sleep(IDLE_S / 2)
    share = (subject.cpu_s() - cpu) / (IDLE_S / 2)
    await socket.close()
    await talking
    return share


def latency_parts(data_dir: Path) -> dict[str, Any]:
    """Where the time of Warmline's answers went, from its own log."""
    parts: dict[str, list[float]] = {}
    with sqlite3.connect(data_dir / "warmline.db") as store:
        for (body,) in store.execute("select body from events where name = 'turn.answered'"):
            for name, seconds in json.loads(body)["parts"].items():
                parts.setdefault(name, []).append(seconds)
    return {
        name: {"p50_s": percentile(values, 50), "p95_s": percentile(values, 95)}
        for name, values in parts.items()
    }


def caller_voices() -> list[Sound]:
    """What the callers say, trimmed to the sound itself."""
    renderer = Renderer.load(ModelShelf().voice_path())
    return [trimmed((renderer.render(text) * QUIETER).astype(np.int16)) for text in SAYS]


def trimmed(sound: Sound) -> Sound:
    """`sound` without the silence around it."""
    frames = [at for at in range(0, sound.size - FRAME, FRAME) if level(sound[at : at + FRAME]) >= 40.0]
    return sound[frames[0] : frames[-1] + FRAME]


Open = Callable[[Path], AbstractAsyncContextManager[Subject]]


async def run_subject(
    open_subject: Open, data_dir: Path, counts: list[int], rounds: int, repeats: int, voices: list[Sound]
) -> dict[str, Any]:
    """All measurements of one subject: its figures at the last count, and each count's p95."""
    async with open_subject(data_dir) as subject:
        idle = await measure_idle(subject)
        knee: dict[int, float | None] = {}
        figures: dict[str, Any] = {}
        for count in counts:
            runs = [await measure(subject, count, voices, rounds, 100 * run) for run in range(repeats)]
            figures = _joined(runs)
            knee[count] = figures["p95_s"]
            if figures["p95_s"] is None or (len(counts) > 1 and figures["p95_s"] > 3 * LIMIT_S):
                break
        figures["idle_cpu_cores_a_call"] = round(idle, 3)
        figures["p95_s_by_calls"] = knee
        within = [count for count, p95 in knee.items() if p95 is not None and p95 <= LIMIT_S]
        figures["largest_n"] = max(within, default=0)
    if subject.name == "warmline":
        figures["parts"] = latency_parts(data_dir)
    return figures


def _joined(runs: list[Measured]) -> dict[str, Any]:
    """The medians of several runs, and all their raw values."""
    figures = [run.figures() for run in runs]
    joined: dict[str, Any] = {}
    for name, first in figures[0].items():
        values = [one[name] for one in figures]
        if isinstance(first, list):
            joined[name] = [value for each in values for value in each]
        elif name in {"unanswered", "refused", "not_stopped"}:
            joined[name] = sum(values)
        else:
            known = [value for value in values if value is not None]
            joined[name] = round(float(np.median(known)), 3) if known else None
    return joined


async def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """The whole benchmark."""
    voices = caller_voices()
    counts = [count for count in KNEE if count <= arguments.calls] if arguments.knee else [arguments.calls]
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as scratch:
        folder = Path(scratch)
        rounds, repeats = arguments.rounds, arguments.repeats
        figures: dict[str, Any] = {
            "warmline": await run_subject(warmline, folder / "warmline", counts, rounds, repeats, voices)
        }
        if arguments.peer:
            figures["peer"] = await run_subject(
                pipecat_peer, folder / "peer", counts, rounds, repeats, voices
            )
            ours, theirs = figures["warmline"]["p50_s"], figures["peer"]["p50_s"]
            figures["ratio_p50"] = round(theirs / ours, 2) if ours and theirs else None
    return figures


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table and a picture."""
    subjects = [name for name in ("warmline", "peer") if name in figures]
    rows = [
        (label, *(figures[subject].get(key) for subject in subjects))
        for label, key in (
            ("calls at once", "calls"),
            ("answer p50, s", "p50_s"),
            ("answer p95, s", "p95_s"),
            ("turns without an answer", "unanswered"),
            ("greeting p50, s", "greeting_p50_s"),
            ("our voice stops p95, s", "barge_in_stop_p95_s"),
            ("did not stop", "not_stopped"),
            ("cores a call, talking", "cpu_cores_a_call"),
            ("cores a call, idle", "idle_cpu_cores_a_call"),
            ("memory, MB", "memory_mb"),
            (f"most calls with p95 ≤ {LIMIT_S} s", "largest_n"),
        )
    ]
    print_table(console, "Answers at the wire", ("", *subjects), rows)
    bars = [
        (f"{subject} {key}", figures[subject][f"{key}_s"]) for key in ("p50", "p95") for subject in subjects
    ]
    print_bars(console, "From the caller's last sound to ours", bars, "s", LIMIT_S)
    if "ratio_p50" in figures:
        console.print(
            f"Warmline answers {figures['ratio_p50']} times as fast as the peer (p50).", highlight=False
        )
    for name, part in figures["warmline"].get("parts", {}).items():
        console.print(f"  {name:<12} p50 {part['p50_s']} s, p95 {part['p95_s']} s", highlight=False)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.calls", description=__doc__)
    parser.add_argument("--calls", type=int, default=1, help="callers at once")
    parser.add_argument("--peer", choices=["pipecat"], help="measure stock pipecat too")
    parser.add_argument("--rounds", type=int, default=1, help="how often each caller goes through the script")
    parser.add_argument("--repeats", type=int, default=3, help="runs; medians are told")
    parser.add_argument(
        "--knee", action="store_true", help="1, 2, 4 … up to --calls, to find the most that is good"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table and a picture")
    arguments = parser.parse_args()
    figures = asyncio.run(run(arguments))
    tell(figures, show, as_json=arguments.json)


if __name__ == "__main__":
    main()
