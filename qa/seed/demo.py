"""What `warmline seed-demo` does: conversations are played, varied into many calls, some spoken, and facts made."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
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
from qa.seed.heard import Made, heard_calls
from qa.seed.recorder import Recorder, chosen
from qa.seed.rehearsal import open_rehearsal
from qa.seed.sound import House
from qa.seed.template import Template
from qa.seed.traffic import Season, call_id_of
from qa.seed.writing import write_calls
from settings import HOME
from voice.speaking.renderer import Renderer

ACME = HOME / "playbooks" / "acme"
"""The demo company, whose scripts there are."""
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
            with _calls(generator, voice, options, progress) as calls:
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


@contextmanager
def _calls(
    generator: Generator, voice: Callable[[], Renderer], options: SeedOptions, progress: Progress
) -> Iterator[Iterator[list[CallEvent]]]:
    """All calls, the spoken ones with progress."""
    spoken = chosen(generator, options.audio) if options.audio else []
    heard = spoken[: options.heard]
    laid_out = frozenset(one.number for one in spoken[options.heard :])
    with ExitStack() as stack:
        made: Made = {}
        if heard:
            made = stack.enter_context(heard_calls(generator, heard, ACME, options.seed, options.data_dir))
        recorder = None
        if laid_out:
            recorder = Recorder(generator, House(voice()), options.seed, options.data_dir)
        yield _each(generator, made, recorder, laid_out, progress)


def _each(
    generator: Generator,
    heard: Made,
    recorder: Recorder | None,
    laid_out: Collection[int],
    progress: Progress,
) -> Iterator[list[CallEvent]]:
    spoken_task = progress.add_task("spoken", total=len(laid_out)) if laid_out else None
    heard_task = progress.add_task("heard", total=len(heard)) if heard else None
    for coming in generator.coming:
        if heard_task is not None and coming.number in heard:
            yield heard[coming.number].result()
            progress.advance(heard_task)
        elif spoken_task is not None and recorder is not None and coming.number in laid_out:
            yield recorder.call(coming)
            progress.advance(spoken_task)
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
