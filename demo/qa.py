"""The QA console alone, on this machine, with made-up people and some hundred made-up calls: `python -m demo.qa`."""

import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI
from loguru import logger
from rich.console import Console as Terminal

from calls.database import open_engine
from calls.log import CallLog
from calls.migrate import upgrade_engine
from calls.store import CallStore
from demo.ports import free_ports
from dialog.load import load_playbook
from dialog.minds import Articles, WordEncoder
from dialog.playbook import Playbook
from handoff.desk.accounts import PeopleAccounts
from handoff.roster.passwords import Cost
from handoff.roster.people import People, Profile, Role
from models.errors import ModelFileError
from models.prepare import check_all_ready
from models.shelf import ModelShelf
from qa.console import FOLDER
from qa.console.console import Console
from qa.console.places import QA
from qa.console.routers import create_console_routers
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.metrics.rules import Costs, Rules, TokenPrices
from qa.rooms import Company, open_rooms
from qa.seed.catalogue import catalogue
from qa.seed.generate import Generator
from qa.seed.recorder import chosen
from qa.seed.rehearsal import open_rehearsal
from qa.seed.season_calls import season_calls
from qa.seed.template import Template
from qa.seed.traffic import Season
from qa.seed.writing import write_calls
from settings import HOME
from voice.speaking.renderer import Renderer
from web.app import create_site, create_web_app

PEOPLE = {
    "ana": Profile(name="Ana Lindt", roles=frozenset({Role.ANALYST})),
    "sue": Profile(name="Sue Okafor", roles=frozenset({Role.SUPERVISOR})),
    "ada": Profile(name="Ada Moreau", roles=frozenset({Role.ADMIN})),
    "maria": Profile(name="Maria Lopez", roles=frozenset({Role.AGENT}), sip="sip:maria@127.0.0.1"),
    "tom": Profile(name="Tom Becker", roles=frozenset({Role.AGENT}), sip="sip:tom@127.0.0.1"),
}
"""An analyst, a supervisor, an admin, and two of the agents who have taken calls."""
PRICES = Rules(
    costs=Costs(
        telephony_minute=0.012,
        compute_minute=0.004,
        language_model=TokenPrices(million_in=0.15, million_out=0.6),
        human_minute=0.65,
        fixed_day=25.0,
    )
)
"""Made up like the calls, so that the dashboard shows what a contact costs; those of docs/metrics.example.yaml."""
CHEAP = Cost(n=2**10, passes=1)
"""The demo's password is printed; its hash need not be slow."""
UNTIL = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
"""Up to when there are calls: fixed, so that the same seed gives the same calls on every day."""
SHOWN, SPOKEN, HEARD, DAYS, SEED = 400, 20, 8, 60, 1


@dataclass
class QaStage:
    """A console with its people and its made-up calls."""

    app: FastAPI
    console: Console
    people: People
    store: CallStore
    log: CallLog
    facts: FactStore
    projector: Projector
    data_dir: Path
    """Where recordings are."""
    call_ids: tuple[str, ...]
    """In the order in which they came."""


@asynccontextmanager
async def qa_stage(
    folder: Path,
    password: str,
    calls: int = 200,
    seed: int = SEED,
    now: datetime = UNTIL,
    spoken: int = 0,
    heard: int = 0,
) -> AsyncIterator[QaStage]:
    """A console on a database of its own in `folder`, `qa.db`; everybody has the same password.

    The calls end at `now`, which is also what the pages take for now. The first stage of a process takes some seconds,
    in which the conversations are played; later ones only vary them. With `spoken`, so many calls have a recording, of
    which today's assistant has really had the first `heard`.

    Raises:
        ModelFileError: calls are to be spoken or heard, and the models are not prepared.
    """
    url = f"sqlite:///{folder / 'qa.db'}"
    engine = open_engine(url)
    await upgrade_engine(engine)
    store = CallStore(open_engine(url))
    facts = FactStore(engine)
    made = await generator(calls, seed, now)
    try:
        some = chosen(made, spoken)
        with season_calls(made, some[:heard], some[heard:], _voice, SEED, folder) as all_calls:
            async for _ in write_calls(store, all_calls):
                pass
        async with CallLog(store, lambda: datetime.now(UTC)) as log:
            company = Company(_acme, _articles, WordEncoder())
            rooms = await open_rooms(engine, store, log, folder, company, None, lambda: now, metrics=PRICES)
            console, projector = rooms.console, rooms.projector
            await projector.catch_up()
            people = People(engine, lambda: datetime.now(UTC), CHEAP)
            for person_id, profile in PEOPLE.items():
                await people.add(person_id, profile, password)
            ids = tuple(coming.call_id for coming in made.coming)
            scoring = asyncio.create_task(rooms.scoring.keep_up())
            try:
                yield QaStage(
                    _app(people, console), console, people, store, log, facts, projector, folder, ids
                )
            finally:
                scoring.cancel()
    finally:
        await engine.dispose()
        await store.close()


def _app(people: People, console: Console) -> FastAPI:
    site = create_site(PeopleAccounts(people), secrets.token_bytes(32), False, time.time, [FOLDER])
    return create_web_app(site, create_console_routers(site, console), lambda _account: QA, time.monotonic)


async def generator(calls: int, seed: int = SEED, now: datetime = UNTIL) -> Generator:
    """Makes the stage's calls, out of a small catalogue of conversations that is played once a process."""
    if not _played:
        with TemporaryDirectory(prefix="warmline-qa-") as scratch:
            async with open_rehearsal(_acme(), None, Path(scratch)) as rehearsal:
                _played.extend([Template(await rehearsal.play(script)) for script in catalogue(_acme(), 1)])
    zone = ZoneInfo(_acme().queues.timezone)
    return Generator(_acme(), _played, Season(seed, calls, DAYS, now, zone))


def _voice() -> Renderer:
    return Renderer.load(ModelShelf().voice_path(), _acme().pronunciation)


_played: list[Template] = []


@cache
def _acme() -> Playbook:
    return load_playbook(HOME / "playbooks" / "acme")


@cache
def _articles() -> Articles:
    """Searched by words alone, so that no model has to be loaded."""
    return Articles(_acme(), WordEncoder())


def _speakable() -> tuple[int, int]:
    """How many calls are spoken, and of these heard: none where the models are not prepared."""
    try:
        check_all_ready()
    except ModelFileError:
        return 0, 0
    return SPOKEN, HEARD


async def show(port: int | None = None) -> None:
    """Serve the console until it is stopped."""
    terminal = Terminal()
    password = secrets.token_urlsafe(9)
    port = port or free_ports(1)[0]
    with TemporaryDirectory() as folder:
        terminal.print("The calls are being made. That takes one or two minutes.")
        spoken, heard = _speakable()
        async with qa_stage(Path(folder), password, SHOWN, spoken=spoken, heard=heard) as stage:
            server = uvicorn.Server(
                uvicorn.Config(
                    stage.app, port=port, log_level="warning", timeout_graceful_shutdown=1, lifespan="off"
                )
            )
            terminal.print(f"The console: http://127.0.0.1:{port}{QA}")
            terminal.print(f"Sign in as {', '.join(PEOPLE)}; the password is {password}")
            await server.serve()


if __name__ == "__main__":
    logger.remove()
    logger.add(sys.stderr, level="WARNING")  # that an action failed is part of the show
    asyncio.run(show(int(sys.argv[1]) if len(sys.argv) > 1 else None))
