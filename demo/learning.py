"""The console's pages of learning alone, on this machine, with made-up calls: `python -m demo.learning`."""

import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI
from rich.console import Console as Terminal

from calls import events as e
from calls.database import open_engine
from calls.log import CallLog
from calls.store import open_store
from demo.desk import CHEAP, PEOPLE
from demo.ports import free_ports
from dialog.load import load_playbook
from dialog.minds import Articles, WordEncoder
from dialog.playbook import Playbook
from handoff.desk.accounts import PeopleAccounts
from handoff.roster.people import People
from qa.access.log import AccessLog
from qa.console import FOLDER
from qa.console.console import Console
from qa.console.learning.learning import Learning
from qa.console.places import GAPS
from qa.console.routers import create_console_routers
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.gaps.draft import DRAFTS
from qa.gaps.keeper import GapKeeper
from qa.learning.store import CorrectionStore
from qa.learning.versions import Versions
from settings import HOME
from web.app import create_site, create_web_app

ASKED = (
    ("+15550001", "do you repair leather boots", True),
    ("+15550002", "can you repair my leather boots", True),
    ("+15550003", "do you repair boots", False),
    ("+15550003", "do you repair leather boots or not", False),
    ("+15550004", "may I bring my dog into the shop", False),
)
"""Caller, question, and whether a human had to take over."""
REPAIRS = "We repair leather boots in our workshop for forty euros, and it takes two weeks."


@dataclass
class LearningStage:
    """The pages with their calls."""

    app: FastAPI
    learning: Learning
    access: AccessLog
    log: CallLog
    playbook: Callable[[], Playbook]
    piece: Callable[..., str]


@asynccontextmanager
async def learning_stage(folder: Path, password: str) -> AsyncIterator[LearningStage]:
    """The console on a database of its own in `folder`; everybody has the same password."""
    url = f"sqlite:///{folder / 'console.db'}"
    playbook = load_playbook(HOME / "playbooks" / "acme")
    articles = Articles(playbook, WordEncoder())
    store = await open_store(url)
    engine = open_engine(url)
    try:
        began = _now() - timedelta(days=1)
        for number, (caller, question, handed_over) in enumerate(ASKED):
            at = began + timedelta(minutes=10 * number)
            await store.write(_events(f"CA{number:04d}", at, _bodies(caller, question, handed_over)))
        facts = FactStore(engine)
        await Projector(facts, store.read).catch_up()
        async with CallLog(store, _now) as log:
            people = People(engine, _now, CHEAP)
            for person_id, profile in PEOPLE.items():
                await people.add(person_id, profile, password)
            gaps = GapKeeper(engine, store.read, lambda: playbook, lambda: articles, WordEncoder())
            await gaps.look()
            learning = Learning(CorrectionStore(engine, _now), Versions(folder), gaps, folder / DRAFTS)
            access = AccessLog(engine, _now)
            console = Console(log, facts, access, folder, lambda: playbook, _now, learning=learning)
            key = secrets.token_bytes(32)
            site = create_site(PeopleAccounts(people), key, False, time.time, [FOLDER])
            app = create_web_app(site, create_console_routers(site, console), lambda _: GAPS, time.monotonic)
            yield LearningStage(app, learning, access, log, lambda: playbook, site.pages.piece)
    finally:
        await engine.dispose()
        await store.close()


def _bodies(caller: str, question: str, handed_over: bool) -> list[e.EventBody]:
    bodies: list[e.EventBody] = [
        e.CallStarted(caller=caller, playbook="acme 1"),
        e.TurnHeard(turn=1, text=question, confidence=0.9, start_s=1.0, end_s=3.0),
        e.TurnPlanned(turn=1, moment="hearing", unanswered=question, then="listen", expect="open"),
    ]
    if handed_over:
        bodies += [
            e.TransferRequested(transfer_id="T1", queue="care", reason="not_understood"),
            e.TransferEnded(transfer_id="T1", outcome="connected", wait_s=9.0, talk_s=60.0),
            e.TalkHeard(who="agent", text="Hello, this is Maria.", confidence=0.9, start_s=20.0, end_s=22.0),
            e.TalkHeard(who="agent", text=REPAIRS, confidence=0.9, start_s=24.0, end_s=29.0),
            e.CallDisposed(agent="maria", disposition="solved", wrong="intent", intended="product_care"),
        ]
    return [*bodies, e.CallEnded(reason=e.CallEndReason.CALLER, duration_s=60.0)]


def _events(call_id: str, began: datetime, bodies: list[e.EventBody]) -> list[e.CallEvent]:
    return [
        e.CallEvent(call_id=call_id, seq=number, at=began + timedelta(seconds=number), body=body)
        for number, body in enumerate(bodies, start=1)
    ]


def _now() -> datetime:
    return datetime.now(UTC)


async def show(port: int | None = None) -> None:
    """Serve the pages until they are stopped."""
    password = secrets.token_urlsafe(9)
    port = port or free_ports(1)[0]
    with TemporaryDirectory() as folder:
        async with learning_stage(Path(folder), password) as stage:
            config = uvicorn.Config(stage.app, port=port, log_level="warning", lifespan="off")
            terminal = Terminal()
            terminal.print(f"Gaps: http://127.0.0.1:{port}{GAPS}")
            terminal.print(f"Sign in as sue or ana; the password is {password}")
            await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(show(int(sys.argv[1]) if len(sys.argv) > 1 else None))
