"""Keeps facts up to date with the log, whichever process writes it. Calls that go on are left alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from calls.events import CallEvent
from calls.store import StoreUnavailableError, UnreadableEventError
from qa.facts.fold import facts_of, text_of
from qa.facts.store import FactStore
from qa.facts.types import CallFacts

EVERY_S = 2.0
AT_ONCE = 50

Read = Callable[[str], Awaitable[list[CallEvent]]]
"""All events of a call."""
Judge = Callable[[CallFacts, Sequence[CallEvent]], CallFacts]
"""Adds to a call's facts what was judged of it: its score."""


def unjudged(known: CallFacts, _events: Sequence[CallEvent]) -> CallFacts:
    """Nothing is judged."""
    return known


class Projector:
    """Makes facts of calls whose log has grown."""

    def __init__(self, store: FactStore, read: Read, judge: Judge = unjudged) -> None:
        self._store = store
        self._read = read
        self._judge = judge
        self._unreadable: set[str] = set()

    async def keep_up(self) -> None:
        """Look now and then, until cancelled. A database that does not answer is asked again."""
        while True:
            try:
                await self.catch_up()
            except (SQLAlchemyError, StoreUnavailableError, OSError) as error:
                logger.bind(error=type(error).__name__).error(
                    "the facts of calls cannot be brought up to date"
                )
            await asyncio.sleep(EVERY_S)

    async def catch_up(self) -> int:
        """Bring all facts up to date. Returns how many calls had changed."""
        changed = 0
        while done := await self.step():
            changed += done
        return changed

    async def step(self) -> int:
        """Some of the calls that have changed. Returns how many."""
        stale = [
            one
            for one in await self._store.stale(AT_ONCE + len(self._unreadable))
            if one not in self._unreadable
        ]
        made = [pair for call_id in stale if (pair := await self._made(call_id)) is not None]
        await self._store.put(made)
        return len(made)

    async def _made(self, call_id: str) -> tuple[CallFacts, str] | None:
        try:
            events = await self._read(call_id)
        except UnreadableEventError as error:
            self._unreadable.add(call_id)
            logger.bind(call=call_id).warning("no facts of a call: {}", error)
            return None
        return await asyncio.to_thread(self._facts_and_text, events)

    def _facts_and_text(self, events: Sequence[CallEvent]) -> tuple[CallFacts, str] | None:
        known = facts_of(events)
        return (self._judge(known, events), text_of(events)) if known is not None else None
