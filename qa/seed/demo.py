"""What `warmline seed-demo` does: conversations are played, varied into many calls, some spoken, and facts made."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from calls.database import open_engine
from calls.events import CallEvent
from calls.migrate import upgrade_engine
from calls.store import CallStore
from dialog.encoder import Encoder
from dialog.playbook import Playbook
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.seed.catalogue import catalogue
from qa.seed.generate import Generator
from qa.seed.recorder import chosen
from qa.seed.rehearsal import open_rehearsal
from qa.seed.season_calls import HEARD, SPOKEN, season_calls
from qa.seed.template import Template
from qa.seed.traffic import Season, call_id_of
from qa.seed.writing import write_calls
from voice.speaking.renderer import Renderer

PHRASINGS = 12
"""Of each matter: some 570 conversations."""
THERE_ALREADY = "the database has calls of this seed already: give another --seed, or another data directory"


class SeedError(Exception):
    """The calls cannot be made; the text says what to mend."""


@dataclass(frozen=True)
class SeedOptions:
    """What was given to `warmline seed-demo`."""

    calls: int
    audio: int
    """How many of them are spoken."""
    heard: int
    """How many of these are really had: today's assistant hears and answers them."""
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
            spoken = chosen(generator, options.audio)
            heard, laid_out = spoken[: options.heard], spoken[options.heard :]
            step = _steps(progress, {HEARD: len(heard), SPOKEN: len(laid_out)})
            making = season_calls(generator, heard, laid_out, voice, options.seed, options.data_dir, step)
            with making as calls:
                await _write(store, calls, options.calls, progress)
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


def _steps(progress: Progress, totals: Mapping[str, int]) -> Callable[[str], None]:
    """Tells of one more of a kind that is done."""
    tasks = {name: progress.add_task(name, total=total) for name, total in totals.items() if total}
    return lambda name: progress.advance(tasks[name])


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
