"""How well the assistant takes turns: the panel of τ-voice over scripted callers.

    python -m bench.turns [--data FOLDER] [--calls N] [--json]

Scripted callers talk to a running server over media streams. Taken at the wire: how often and how soon it answers
(response), how often and how soon it stops for a caller who cuts in (yield), how often it speaks into a pause in the
middle of a turn or of a dictated number (interruption), and how often a cough, noise or a back-channel stops it
(selectivity), and whether it then goes on. The callers' words are Piper's; coughs are made from bursts of noise; with
--data the noise is that of an office and a kitchen.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from websockets.asyncio.client import ClientConnection

from bench.calls import LATEST_STOP_S, NO_ANSWER_S, QUIETER, trimmed
from bench.processes import Subject, warmline
from bench.report import parser_of, percentile, print_bars, print_table, tell
from bench.telephone_sound import read_wave
from bench.wire import RATE, Sound, WireCaller
from models.shelf import ModelShelf
from voice.speaking.renderer import Renderer

IN_A_PHRASE = (
    ("I would like to know where", "my order is."),
    ("Can you tell me when the", "package will arrive?"),
    ("I want to send something back because", "it does not fit."),
    ("Do you ship to", "other countries?"),
    ("I ordered a jacket and", "it has not arrived yet."),
    ("What are your", "opening hours?"),
    ("I need some help with", "the order from last week."),
    ("How long does the", "shipping take?"),
)
PAUSES_S = (0.5, 0.8, 1.1)
NUMBERS: tuple[tuple[str, ...], ...] = (
    ("Four seven", "one one."),
    ("Four", "seven one two."),
    ("Four seven one", "one."),
    ("Four,", "seven,", "one, two."),
)
NUMBER_PAUSES_S = (0.6, 0.9, 1.2)
COMPLETE = (
    "Where is my order?",
    "What are your opening hours?",
    "Do you ship to other countries?",
    "Yes.",
    "No.",
)
CUTS_IN = (
    "Where is my order?",
    "No, that is not what I want.",
    "Can I speak to an agent?",
    "Stop.",
    "Wait, what was that?",
)
BACKCHANNELS = ("Mm-hmm.", "Mhm.", "Uh-huh.", "Okay.", "Right.", "Yeah.", "Mm.")
LONG_ANSWER = "Do you ship to other countries?"
"""Is answered with a sentence of six seconds, into which callers can speak."""
INTO_IT_S = 1.2
GOES_ON_WITHIN_S = 2.5
CALLS_AGAIN_S = 2.0


@dataclass
class Panel:
    """What was counted."""

    answers_s: list[float] = field(default_factory=list)
    asked: int = 0
    stops_s: list[float] = field(default_factory=list)
    cut_ins: int = 0
    pauses: dict[str, list[bool]] = field(default_factory=dict)
    """By kind: for each pause, whether it was interrupted."""
    disturbed: dict[str, list[bool]] = field(default_factory=dict)
    """By kind: for each disturbance, whether it stopped us."""
    resumed: list[bool] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """As JSON."""
        false_stops = [stop for kind in self.disturbed.values() for stop in kind]
        in_phrases = [cut for kind, cuts in self.pauses.items() if kind != "number" for cut in cuts]
        return {
            "response": {
                "rate_percent": _share(len(self.answers_s), self.asked),
                "p50_s": percentile(self.answers_s, 50),
                "p95_s": percentile(self.answers_s, 95),
                "answers_s": [round(value, 3) for value in self.answers_s],
            },
            "yield": {
                "rate_percent": _share(len(self.stops_s), self.cut_ins),
                "p50_s": percentile(self.stops_s, 50),
                "p95_s": percentile(self.stops_s, 95),
                "stops_s": [round(value, 3) for value in self.stops_s],
            },
            "interruption": {
                "mid_turn_percent": _share(sum(in_phrases), len(in_phrases)),
                "number_percent": _share(
                    sum(self.pauses.get("number", [])), len(self.pauses.get("number", []))
                ),
                "by_kind_percent": {kind: _share(sum(cuts), len(cuts)) for kind, cuts in self.pauses.items()},
                "pauses": sum(len(cuts) for cuts in self.pauses.values()),
            },
            "selectivity": {
                "false_stop_percent": _share(sum(false_stops), len(false_stops)),
                "by_kind_percent": {kind: _share(sum(one), len(one)) for kind, one in self.disturbed.items()},
                "resumed_percent": _share(sum(self.resumed), len(self.resumed)),
                "disturbances": len(false_stops),
            },
        }


class Actor:
    """Plays scenes with one server, one call after the other, several calls at once."""

    def __init__(self, subject: Subject, renderer: Renderer, panel: Panel, at_once: int) -> None:
        self._subject = subject
        self._renderer = renderer
        self._panel = panel
        self._free = asyncio.Semaphore(at_once)
        self._seed = 0

    def voice(self, text: str) -> Sound:
        """`text` as a caller says it, without silence around it."""
        return trimmed((self._renderer.render(text) * QUIETER).astype(np.int16))

    async def play(self, scene: Callable[[WireCaller], Awaitable[None]]) -> None:
        """One call with one scene, after the greeting."""
        async with self._free:
            socket, stream_sid = await self._call()
            self._seed += 1
            caller = WireCaller(socket, stream_sid, self._seed)
            talking = asyncio.ensure_future(caller.talk())
            await caller.hears_silence(1.0)
            await scene(caller)
            await socket.close()
            await talking

    async def _call(self) -> tuple[ClientConnection, str]:
        """Calls again where all lines are busy: scenes begin in step, which no real callers do."""
        while True:
            try:
                return await self._subject.call()
            except ConnectionRefusedError:
                await asyncio.sleep(CALLS_AGAIN_S)

    async def answer(self, caller: WireCaller, text: str) -> bool:
        """A complete turn. Returns whether it was answered."""
        self._panel.asked += 1
        _, last = await caller.say(self.voice(text))
        at = await caller.hears_something(last, NO_ANSWER_S)
        if at is not None:
            self._panel.answers_s.append(at - last)
        return at is not None

    def complete(self, text: str) -> Callable[[WireCaller], Awaitable[None]]:
        """The scene of one complete turn."""

        async def scene(caller: WireCaller) -> None:
            await self.answer(caller, text)

        return scene

    def pause(
        self, kind: str, parts: Sequence[str], pause_s: float
    ) -> Callable[[WireCaller], Awaitable[None]]:
        """The scene of a turn with pauses in it; a number is asked for first."""

        async def scene(caller: WireCaller) -> None:
            if kind == "number":
                await caller.say(self.voice("Where is my order?"))
                await caller.hears_something(asyncio.get_running_loop().time(), NO_ANSWER_S)
                await caller.hears_silence(0.9)
            cuts = self._panel.pauses.setdefault(kind, [])
            for part in parts[:-1]:
                _, last = await caller.say(self.voice(part))
                await asyncio.sleep(pause_s)
                cuts.append(any(at > last + 0.05 for at in caller.heard))
            await caller.say(self.voice(parts[-1]))
            await asyncio.sleep(0.3)

        return scene

    def cut_in(self, text: str) -> Callable[[WireCaller], Awaitable[None]]:
        """The scene of a caller who speaks into an answer."""

        async def scene(caller: WireCaller) -> None:
            if not await self._into_an_answer(caller):
                return
            self._panel.cut_ins += 1
            first, last = await caller.say(self.voice(text))
            await asyncio.sleep(max(0.0, first + LATEST_STOP_S - last))
            cleared = caller.cleared_since(first)
            if cleared is not None and cleared - first < LATEST_STOP_S:
                self._panel.stops_s.append(cleared - first)

        return scene

    def disturb(self, kind: str, sound: Sound) -> Callable[[WireCaller], Awaitable[None]]:
        """The scene of a sound in the middle of an answer that is no interruption."""

        async def scene(caller: WireCaller) -> None:
            if not await self._into_an_answer(caller):
                return
            began = asyncio.get_running_loop().time()
            await caller.say(sound)
            await asyncio.sleep(GOES_ON_WITHIN_S)
            stop = caller.cleared_since(began)
            self._panel.disturbed.setdefault(kind, []).append(stop is not None)
            if stop is not None:
                self._panel.resumed.append(any(at > stop + 0.1 for at in caller.heard))

        return scene

    async def _into_an_answer(self, caller: WireCaller) -> bool:
        _, last = await caller.say(self.voice(LONG_ANSWER))
        if await caller.hears_something(last, NO_ANSWER_S) is None:
            return False
        await asyncio.sleep(INTO_IT_S)
        return True


def cough(seed: int) -> Sound:
    """Two bursts of noise, a sharp start and a soft end each."""
    chance = np.random.default_rng(seed)
    bursts = []
    for length_s in (0.18, 0.22):
        size = int(length_s * RATE)
        burst = chance.normal(0.0, 1.0, size) * np.exp(-np.arange(size) / (0.06 * RATE)) * 4000
        bursts += [burst, np.zeros(int(0.12 * RATE))]
    return np.clip(np.concatenate(bursts), -32768, 32767).astype(np.int16)


def noises(data: Path | None) -> list[Sound]:
    """Stretches of recorded noise where there is a folder, of made noise otherwise."""
    if data is None:
        chance = np.random.default_rng(3)
        return [chance.normal(0.0, 300.0, RATE).astype(np.int16) for _ in range(4)]
    sounds = [read_wave(path) for path in sorted((data / "noise").glob("*.wav"))]
    return [
        np.clip(sound[at * RATE : (at + 2) * RATE].astype(int) * 3, -32768, 32767).astype(np.int16)
        for sound in sounds
        if sound.size > 30 * RATE
        for at in (5, 15, 25)
    ]


def scenes(actor: Actor, data: Path | None) -> list[Callable[[WireCaller], Awaitable[None]]]:
    """Everything that is played."""
    played = [actor.complete(text) for text in COMPLETE * 3]
    played += [
        actor.pause("phrase", parts, PAUSES_S[number % len(PAUSES_S)])
        for number, parts in enumerate(IN_A_PHRASE * 2)
    ]
    played += [
        actor.pause("number", parts, NUMBER_PAUSES_S[number % len(NUMBER_PAUSES_S)])
        for number, parts in enumerate(NUMBERS * 3)
    ]
    played += [actor.cut_in(text) for text in CUTS_IN * 3]
    played += [actor.disturb("back-channel", actor.voice(text)) for text in BACKCHANNELS]
    played += [actor.disturb("cough", cough(seed)) for seed in range(6)]
    played += [actor.disturb("noise", sound) for sound in noises(data)]
    return played


async def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """The whole benchmark."""
    panel = Panel()
    renderer = Renderer.load(ModelShelf().voice_path())
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as scratch:
        async with warmline(Path(scratch)) as subject:
            actor = Actor(subject, renderer, panel, arguments.calls)
            await asyncio.gather(*(actor.play(scene) for scene in scenes(actor, arguments.data)))
    return panel.figures()


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table and a picture."""
    rows = [
        (f"{group}: {name}", value)
        for group, values in figures.items()
        for name, value in values.items()
        if not isinstance(value, list | dict)
    ]
    print_table(console, "Taking turns", ("", "figure"), rows)
    bars = [
        ("answered", figures["response"]["rate_percent"]),
        ("stopped for a caller", figures["yield"]["rate_percent"]),
        *(
            (f"interrupted: {kind}", value)
            for kind, value in figures["interruption"]["by_kind_percent"].items()
        ),
        *(
            (f"stopped by: {kind}", value)
            for kind, value in figures["selectivity"]["by_kind_percent"].items()
        ),
    ]
    print_bars(console, "In a hundred", bars, "%")


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def main() -> None:
    """Run from the command line."""
    parser = parser_of("turns", __doc__)
    parser.add_argument("--data", type=Path, help="folder with noise")
    parser.add_argument("--calls", type=int, default=2, help="calls at once")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = asyncio.run(run(arguments))
    tell(figures, show, as_json=arguments.json)


if __name__ == "__main__":
    main()
