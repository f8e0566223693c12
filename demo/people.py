"""Human agents for demos and tests: telephones of their own, and a place in the roster."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from calls.migrate import upgraded
from demo.sip import open_telephone
from demo.sip.telephone import Telephone
from handoff.roster.passwords import Cost
from handoff.roster.people import People, Presence, Profile
from settings import StorageSettings

SKILLS = frozenset(
    {"orders", "account", "returns", "refunds", "invoices", "payments", "safety", "legal", "privacy"}
)
"""All that the demo company's queues ask for."""
PASSWORD = "a demo needs no secret"  # noqa: S105 - whoever signs in here sees a demo
CHEAP = Cost(n=2**10, passes=1)


@asynccontextmanager
async def agents_at_work(
    data_dir: Path, names: Iterable[str], skills: frozenset[str] = SKILLS
) -> AsyncIterator[dict[str, Telephone]]:
    """Telephones for these agents, by their id, who are in the roster and available. Afterwards they have left."""
    telephones: dict[str, Telephone] = {}
    async with AsyncExitStack() as stack:
        async with open_people(data_dir) as people:
            for name in names:
                opening: AbstractAsyncContextManager[Telephone] = open_telephone(name)
                telephone = await stack.enter_async_context(opening)
                profile = Profile(name=name.capitalize(), sip=telephone.address, skills=skills)
                await people.add(name, profile, PASSWORD)
                await people.set_presence(name, Presence.AVAILABLE)
                telephones[name] = telephone
        try:
            yield telephones
        finally:
            async with open_people(data_dir) as people:
                for name in telephones:
                    await people.set_presence(name, Presence.OFFLINE)


@asynccontextmanager
async def open_people(data_dir: Path) -> AsyncIterator[People]:
    """The roster of a server that keeps its data there."""
    data_dir.mkdir(parents=True, exist_ok=True)
    async with upgraded(StorageSettings(warmline_data_dir=data_dir).store_url) as engine:
        yield People(engine, lambda: datetime.now(UTC), CHEAP)
