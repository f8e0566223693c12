"""Notices changes of transfers and people, whichever process made them, and wakes the open pages.

One look every `every_s` seconds serves all pages of a process, and none is taken while no page is open.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from handoff.roster.person import Person, Presence
from handoff.transfer.types import Transfer

EVERY_S = 0.25


class Roster(Protocol):
    """The people, as the desk needs them: `handoff.roster.people.People`."""

    async def all(self) -> list[Person]:
        """Everybody as of now."""

    async def by_id(self, person_id: str) -> Person | None:
        """One person; None where there is nobody of that id."""

    async def set_presence(self, person_id: str, presence: Presence) -> bool:
        """What somebody says of themselves. Returns False while a call claims them."""


@dataclass(frozen=True)
class Snapshot:
    """How things stand."""

    transfers: Sequence[Transfer]
    """Those that have no outcome yet, the oldest first."""
    people: Sequence[Person]

    def person(self, person_id: str) -> Person | None:
        """One of the people."""
        return next((one for one in self.people if one.person_id == person_id), None)


class DeskWatch:
    """Looks for all pages of one process. `read` takes a snapshot."""

    def __init__(self, read: Callable[[], Awaitable[Snapshot]], every_s: float = EVERY_S) -> None:
        self._read = read
        self._every_s = every_s
        self._bells: set[asyncio.Event] = set()
        self._look_now = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._seen: Snapshot | None = None

    def poke(self) -> None:
        """Something has just been changed here: look at once."""
        self._look_now.set()

    async def snapshot(self) -> Snapshot:
        """How things stand now."""
        return await self._read()

    @asynccontextmanager
    async def listening(self, bell: asyncio.Event) -> AsyncIterator[None]:
        """Set `bell` whenever something has changed."""
        self._bells.add(bell)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_again_and_again())
        try:
            yield
        finally:
            self._bells.discard(bell)
            if not self._bells:
                self._look_now.set()  # it ends by itself: a look that is broken off costs a connection

    async def _look_again_and_again(self) -> None:
        while self._bells:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._look_now.wait()
            self._look_now.clear()
            try:
                seen = await self._read()
            except SQLAlchemyError as error:
                # The pages keep what they show; the next look may succeed.
                logger.error("the desk cannot look at the transfers: {}", type(error).__name__)
                continue
            if seen != self._seen:
                self._seen = seen
                for bell in self._bells:
                    bell.set()
