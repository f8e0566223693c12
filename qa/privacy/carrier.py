"""What is to be deleted at the carrier: written down before anything is, so that a failure half-way loses nothing."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from qa.privacy.erase import secure
from qa.privacy.tables import at_carrier
from telephony.carrier_data import CarrierData, CarrierEntry, Kept


@dataclass
class ForgottenThere:
    """What came of one run."""

    deleted: int = 0
    problems: list[str] = field(default_factory=list)
    """What is still there, and why: one line each, without anything personal."""


class CarrierDeletions:
    """The entries that somebody has asked to have deleted at the carrier and that are not gone yet.

    They are sids and names of conferences: whose they were is not kept. `carrier` is None where no account is known:
    then they wait until one is. Two runs at once delete the same things, which hurts nobody.
    """

    def __init__(self, engine: AsyncEngine, carrier: CarrierData | None, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._carrier = carrier
        self._now = now

    async def note(self, entries: Iterable[CarrierEntry]) -> None:
        """Write down what is to be deleted. What is noted already stays so."""
        for entry in sorted(set(entries)):
            values = {"kind": entry.kind.value, "name": entry.name, "asked_at": self._now()}
            try:
                async with self._engine.begin() as connection:
                    await connection.execute(insert(at_carrier).values(values))
            except IntegrityError:
                continue

    async def waiting(self) -> list[CarrierEntry]:
        """What is not gone yet, the oldest first."""
        statement = select(at_carrier.c.kind, at_carrier.c.name).order_by(
            at_carrier.c.asked_at, at_carrier.c.kind, at_carrier.c.name
        )
        async with self._engine.connect() as connection:
            return [CarrierEntry(Kept(row.kind), row.name) for row in await connection.execute(statement)]

    async def work(self, entries: Collection[CarrierEntry]) -> ForgottenThere:
        """Delete these at the carrier, and strike out each as soon as it is gone."""
        done = ForgottenThere()
        if self._carrier is None:
            return done
        for entry in sorted(entries):
            forgotten = await self._carrier.forget(entry)
            done.deleted += forgotten.deleted
            if forgotten.problem is None:
                await self._strike(entry)
            else:
                done.problems.append(f"at the carrier, {forgotten.problem}")
        return done

    async def finish(self) -> ForgottenThere:
        """Delete all that is not gone yet."""
        return await self.work(await self.waiting())

    async def _strike(self, entry: CarrierEntry) -> None:
        same = (at_carrier.c.kind == entry.kind.value) & (at_carrier.c.name == entry.name)
        async with self._engine.connect() as connection:
            await secure(connection)
            await connection.commit()
            async with connection.begin():
                await connection.execute(delete(at_carrier).where(same))
