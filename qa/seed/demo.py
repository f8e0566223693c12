"""What `warmline seed-demo` does: conversations are played, varied into many calls, some spoken, and facts made."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from calls.database import open_engine
from calls.events import CallEvent, StreamStarted
from calls.migrate import upgrade_engine
from calls.recording import recording_path
from calls.store import CallStore
from dialog.encoder import Encoder
from dialog.playbook import Playbook
from handoff.hold.music import HoldMusic
from qa.facts.fold import facts_of
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.facts.types import CallOutcome
from qa.seed.catalogue import catalogue
from qa.seed.chance import chance
from qa.seed.generate import Generator
from qa.seed.leg_sound import leg_sound, recorded_legs
from qa.seed.rehearsal import open_rehearsal
from qa.seed.sound import HIGHEST, LOWEST, House, Spoken, mixed, write_recording
from qa.seed.template import Template
from qa.seed.traffic import Coming, Season, call_id_of
from qa.seed.writing import write_calls
from voice.speaking.renderer import Renderer

PHRASINGS = 12
"""Of each matter: some 570 conversations."""
THERE_ALREADY = "the database has calls of this seed already: give another --seed, or another data directory"
LOOKED_AT = 5
"""Those to be spoken are chosen among so many times as many of the newest calls."""
LONGEST_S = 200.0
"""A longer call is not spoken: it takes time and 32 kB a second."""


class SeedError(Exception):
    """The calls cannot be made; the text says what to mend."""


@dataclass(frozen=True)
class SeedOptions:
    """What was given to `warmline seed-demo`."""

    calls: int
    audio: int
    """How many of them are spoken."""
    seed: int
    days: int
    until: datetime
    """All calls begin before it; aware."""
    data_dir: Path
    """Where recordings are kept."""
    store_url: str
    phrasings: int = PHRASINGS


async def seed_demo(
    options: SeedOptions,
    playbook: Playbook,
    encoder: Encoder | None,
    voice: Callable[[], Renderer],
    console: Console,
) -> None:
    """Make and store calls, with progress. `voice` is loaded only where calls are spoken.

    Raises:
        SeedError: the database has calls of this seed already.
        StoreUrlError: the database's address cannot be used.
        ModelFileError: the voice is not there.
    """
    async with _opened(options.store_url) as (store, projector):
        if await store.last_seq(call_id_of(options.seed, 0)):
            raise SeedError(THERE_ALREADY)
        with _progress(console) as progress:
            templates = [one async for one in played(playbook, encoder, options.phrasings, progress)]
            zone = ZoneInfo(playbook.queues.timezone)
            season = Season(options.seed, options.calls, options.days, options.until, zone)
            generator = Generator(playbook, templates, season)
            spoken = _recorded(generator, voice, options)
            await _write(store, _calls(generator, spoken, progress), options.calls, progress)
            task = progress.add_task("facts", total=options.calls)
            while done := await projector.step():
                progress.advance(task, done)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


async def played(
    playbook: Playbook, encoder: Encoder | None, phrasings: int, progress: Progress
) -> AsyncIterator[Template]:
    """All conversations of a catalogue."""
    scripts = catalogue(playbook, phrasings)
    task = progress.add_task("conversations", total=len(scripts))
    with TemporaryDirectory(prefix="warmline-seed-") as scratch:
        async with open_rehearsal(playbook, encoder, Path(scratch)) as rehearsal:
            for script in scripts:
                yield Template(await rehearsal.play(script))
                progress.advance(task)


class Recorded:
    """The calls that are spoken: all kinds of endings among the newest ones."""

    def __init__(self, generator: Generator, house: House, *, seed: int, data_dir: Path, most: int) -> None:
        self._generator = generator
        self._house = house
        self._seed = seed
        self._data_dir = data_dir
        self._music = HoldMusic.of(generator.playbook)
        self.chosen = frozenset(coming.number for coming in chosen(generator, most))

    def all(self) -> Iterator[list[CallEvent]]:
        """The events of all calls, spoken or not."""
        return (
            self.call(coming) if coming.number in self.chosen else self._generator.call(coming)
            for coming in self._generator.coming
        )

    def call(self, coming: Coming) -> list[CallEvent]:
        """The events of one of them, whose sound is then on the disk. Blocks for seconds."""
        rng = chance(self._seed, "voice", coming.who.customer)
        voices = Spoken(self._house, rng.uniform(LOWEST, HIGHEST), rng.choice((0.9, 0.95, 1.06)))
        path = recording_path(self._data_dir, coming.call_id, coming.began_at.date())
        name = path.relative_to(self._data_dir).as_posix()
        events = self._generator.call(coming, voices, name)
        if not any(isinstance(event.body, StreamStarted) for event in events):
            return events
        noise = np.random.default_rng([self._seed, coming.number])
        write_recording(path, mixed(events, voices, self._music, noise))
        for leg in recorded_legs(events):
            write_recording(self._data_dir / leg.recording, leg_sound(events, leg, voices))
        return events


def _recorded(generator: Generator, voice: Callable[[], Renderer], options: SeedOptions) -> Recorded | None:
    if not options.audio:
        return None
    return Recorded(
        generator, House(voice()), seed=options.seed, data_dir=options.data_dir, most=options.audio
    )


def chosen(generator: Generator, most: int) -> list[Coming]:
    """The calls most worth listening to: of each ending in turn, the newest first."""
    by_outcome: dict[CallOutcome, list[Coming]] = {}
    for coming in reversed(generator.coming[-most * LOOKED_AT :]):
        facts = facts_of(generator.call(coming))
        if facts is None or facts.outcome in {CallOutcome.REFUSED, CallOutcome.OPEN}:
            continue
        if (facts.duration_s or 0.0) <= LONGEST_S and facts.turns:
            by_outcome.setdefault(facts.outcome, []).append(coming)
    found: list[Coming] = []
    while len(found) < most and any(by_outcome.values()):
        found += [some.pop(0) for some in by_outcome.values() if some]
    return found[:most]


def _calls(generator: Generator, spoken: Recorded | None, progress: Progress) -> Iterator[list[CallEvent]]:
    task: TaskID | None = None
    if spoken is not None:
        task = progress.add_task("spoken", total=len(spoken.chosen))
    for coming in generator.coming:
        if spoken is not None and task is not None and coming.number in spoken.chosen:
            yield spoken.call(coming)
            progress.advance(task)
        else:
            yield generator.call(coming)


async def _write(store: CallStore, calls: Iterator[list[CallEvent]], total: int, progress: Progress) -> None:
    task = progress.add_task("calls", total=total)
    async for written in write_calls(store, calls):
        progress.advance(task, written)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[tuple[CallStore, Projector]]:
    engine = open_engine(url)
    try:
        await upgrade_engine(engine)
        store = CallStore(engine)
        yield store, Projector(FactStore(engine), store.read)
    finally:
        await engine.dispose()
