"""Stores appended events in the background, and does not give up."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from loguru import logger

from calls.events import CallEvent
from calls.pending import Pending
from calls.store import CallStore, SeqTakenError, StoreUnavailableError

GATHER_S = 0.02
"""How long events are gathered before a commit: with the commit itself, what a killed process may lose."""
MOST_BATCH = 500
FIRST_RETRY_S = 0.05
LAST_RETRY_S = 2.0

Pause = Callable[[float], Awaitable[None]]
OnStored = Callable[[Sequence[CallEvent]], None]


class NotDurableError(Exception):
    """Events are not stored within the time given. They still wait, and writing goes on."""


class EventsLostError(Exception):
    """Writing was ended while events were not stored. They are gone."""

    def __init__(self, lost: int) -> None:
        super().__init__(f"{lost} events were not stored when the log was closed")
        self.lost = lost


class Writer:
    """Writes what is pending, in batches of one commit. A task runs only while something is.

    `on_stored` is told of each batch, in order, once it is durable.
    """

    def __init__(self, store: CallStore, pending: Pending, on_stored: OnStored, pause: Pause) -> None:
        self._store = store
        self._pending = pending
        self._on_stored = on_stored
        self._pause = pause
        self._task: asyncio.Task[None] | None = None
        self._progress = asyncio.Event()

    def wake(self) -> None:
        """Something may be pending."""
        if len(self._pending) and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._write())
            self._task.add_done_callback(_report_crash)

    async def flush(self, within_s: float) -> None:
        """Wait until all that is pending now is stored.

        Raises:
            NotDurableError: it is not within `within_s` seconds.
        """
        target = self._pending.added
        try:
            async with asyncio.timeout(within_s):
                while self._pending.left < target:
                    self.wake()
                    await self._progress.wait()
        except TimeoutError:
            raise NotDurableError(f"{len(self._pending)} events are not stored after {within_s} s") from None

    async def close(self, within_s: float) -> None:
        """Store what is left, then write no more.

        Raises:
            EventsLostError: not everything could be stored within `within_s` seconds.
        """
        try:
            await self.flush(within_s)
        except NotDurableError:
            lost = len(self._pending)
            logger.bind(lost=lost, calls=self._pending.calls()).error("events lost: they could not be stored")
            raise EventsLostError(lost) from None
        finally:
            if self._task is not None:
                self._task.cancel()
                await asyncio.wait({self._task})

    async def _write(self) -> None:
        await self._pause(GATHER_S)
        failures = 0
        while batch := self._pending.first(MOST_BATCH):
            failures = 0 if await self._store_batch(batch) else failures + 1
            if failures:
                await self._pause(min(LAST_RETRY_S, FIRST_RETRY_S * 2 ** min(failures, 10)))

    async def _store_batch(self, batch: Sequence[CallEvent]) -> bool:
        """Whether writing got any further."""
        try:
            await self._store.write(batch)
        except SeqTakenError:
            return await self._settle(batch)
        except StoreUnavailableError as error:
            logger.bind(waiting=len(self._pending)).error("events wait, they cannot be stored: {}", error)
            return False
        self._pending.drop_first(len(batch))
        self._tell(batch)
        return True

    async def _settle(self, batch: Sequence[CallEvent]) -> bool:
        """Numbers of the batch are taken: by other processes, or by itself when a commit's answer was lost."""
        got_further = False
        by_call: dict[str, list[CallEvent]] = {}
        for event in batch:
            by_call.setdefault(event.call_id, []).append(event)
        for call_id, waiting in by_call.items():
            try:
                ours, last = await self._store.compare(call_id, waiting)
            except StoreUnavailableError as error:
                logger.bind(call=call_id).error("events wait, they cannot be compared: {}", error)
                return got_further
            if last < waiting[0].seq:
                continue
            self._pending.drop(call_id, ours)
            self._pending.renumber(call_id, last)
            self._tell([event for event in waiting if event.seq in ours])
            got_further = True
        return got_further

    def _tell(self, stored: Sequence[CallEvent]) -> None:
        progress, self._progress = self._progress, asyncio.Event()
        progress.set()
        self._on_stored(stored)


def _report_crash(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.opt(exception=error).error("the writer of the call log broke; the next event starts it again")
