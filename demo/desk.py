"""The agent desk alone, on this machine, with made-up people and a call that rings: `python -m demo.desk`."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from calls.database import open_engine
from calls.log import CallLog
from calls.store import open_store
from demo.desk_calls import TableCalls
from demo.desk_story import conversation, new_id, order, talk
from demo.ports import free_ports
from dialog.load import load_playbook
from dialog.minds import Articles, WordEncoder, article_texts
from dialog.playbook import Playbook
from handoff.desk.app import create_desk_app
from handoff.desk.assist import KnowledgeAssist
from handoff.desk.desk import Desk
from handoff.roster.passwords import Cost
from handoff.roster.people import People, Presence, Profile, Role
from handoff.transfer.store import TransferStore
from handoff.transfer.types import Target, Transfer
from settings import HOME

PEOPLE = {
    "maria": Profile(
        name="Maria Lopez",
        roles=frozenset({Role.AGENT}),
        sip="sip:maria@127.0.0.1",
        skills=frozenset({"returns", "refunds", "orders", "account"}),
    ),
    "tom": Profile(
        name="Tom Becker",
        roles=frozenset({Role.AGENT}),
        sip="sip:tom@127.0.0.1",
        skills=frozenset({"returns", "refunds"}),
    ),
    "sue": Profile(name="Sue Okafor", roles=frozenset({Role.SUPERVISOR})),
    "ana": Profile(name="Ana Lindt", roles=frozenset({Role.ANALYST})),
}
CHEAP = Cost(n=2**10, passes=1)
"""The demo's password is printed; its hash need not be slow."""


@dataclass
class DeskStage:
    """A desk with its people and its made-up calls."""

    app: FastAPI
    desk: Desk
    people: People
    calls: TableCalls
    log: CallLog

    async def ring(
        self, *agents: str, answered: bool = True, name: str = "Dana Whitfield", verified: bool = True
    ) -> Transfer:
        """A caller is handed over to these agents, all at once."""
        transfer_id, call_id = new_id(), f"CA{new_id()}"
        for body in conversation(transfer_id, name, verified=verified):
            await self.log.append(call_id, body)
        targets = tuple(
            Target(address=f"sip:{one}@127.0.0.1", name=PEOPLE[one].name, queue="returns", agent=one)
            for one in agents
        )
        return await self.calls.begin(
            order(transfer_id, call_id, targets, at_once=max(1, len(agents))), answered=answered
        )

    async def talk(self, transfer: Transfer, agent: str) -> None:
        """Caller and agent speak."""
        for body in talk(PEOPLE[agent].name.split()[0]):
            await self.log.append(transfer.order.call_id, body)


@asynccontextmanager
async def desk_stage(folder: Path, password: str) -> AsyncIterator[DeskStage]:
    """A desk on a database of its own in `folder`; everybody has the same password."""
    url = f"sqlite:///{folder / 'desk.db'}"
    store = await open_store(url)
    engine = open_engine(url)
    try:
        async with CallLog(store, lambda: datetime.now(UTC)) as log:
            people = People(engine, lambda: datetime.now(UTC), CHEAP)
            for person_id, profile in PEOPLE.items():
                await people.add(person_id, profile, password)
                if profile.sip is not None:
                    await people.set_presence(person_id, Presence.AVAILABLE)
            transfers = TransferStore(engine, lambda: datetime.now(UTC))
            calls = TableCalls(transfers, people, log)
            desk = Desk(log, transfers, people, calls, _acme, lambda: datetime.now(UTC), assist=_assist())
            app = create_desk_app(desk, people, secrets.token_bytes(32), secure=False)
            yield DeskStage(app, desk, people, calls, log)
    finally:
        await engine.dispose()
        await store.close()


@cache
def _acme() -> Playbook:
    return load_playbook(HOME / "playbooks" / "acme")


@cache
def _assist() -> KnowledgeAssist:
    """The playbook's articles; searched by words alone, so that no model has to be loaded."""
    articles = Articles(_acme(), WordEncoder())
    return KnowledgeAssist(articles, article_texts(_acme()), lambda: datetime.now(UTC).date())


async def show(port: int | None = None) -> None:
    """Serve the desk until it is stopped; a call rings for Maria, and after it ends another."""
    console = Console()
    password = secrets.token_urlsafe(9)
    port = port or free_ports(1)[0]
    with TemporaryDirectory() as folder:
        async with desk_stage(Path(folder), password) as stage:
            server = uvicorn.Server(
                uvicorn.Config(
                    stage.app, port=port, log_level="warning", timeout_graceful_shutdown=1, lifespan="off"
                )
            )
            console.print(f"The desk: http://127.0.0.1:{port}/desk")
            console.print(f"Sign in as {', '.join(PEOPLE)}; the password is {password}")
            serving = asyncio.create_task(server.serve())
            acting = asyncio.create_task(_act(stage))
            await serving
            acting.cancel()


async def _act(stage: DeskStage) -> None:
    """Rings for Maria whenever nothing does and she is free; speaks once they are connected."""
    await stage.ring(name="Robert Chan")
    spoken: set[str] = set()
    while True:
        maria = await stage.people.by_id("maria")
        if maria is not None and maria.presence is Presence.AVAILABLE:
            await asyncio.sleep(2)
            await stage.ring("maria")
        for transfer in await stage.desk.transfers.open():
            if transfer.bridged_at is not None and transfer.id not in spoken:
                spoken.add(transfer.id)
                await stage.talk(transfer, "maria")
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(show(int(sys.argv[1]) if len(sys.argv) > 1 else None))
