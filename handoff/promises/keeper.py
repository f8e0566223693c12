"""Keeps promises: looks every few seconds what is due, claims it, and has it called.

A process may be killed at any moment. What is due and how far a try has come stands in the database, and a try has an
id that stays the same when another process goes on with it: whoever dials by that id dials once.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from actions.desk.tables import PromiseState
from dialog.schema.queues import QueuesFile
from handoff.promises.promise import Promise, Result, after, due
from handoff.promises.store import PromiseLostError, PromiseStore

POLL_S = 5.0
HOLD_S = 60.0
"""How long a promise stays with a process that is silent: that long after a crash, another goes on."""
AT_ONCE = 2
"""Tries of one process at the same time."""
MOST_BREAKS = 3
"""So often a try is gone on with after an error of ours, before it counts as failed."""

Pause = Callable[[float], Awaitable[object]]


class Ring(Protocol):
    """Calls back: the transfer's runner does."""

    async def call_back(self, promise: Promise) -> Result:
        """Ring an agent of the promise's queue, brief them, and on key 1 dial `promise.phone`, and no other number.

        Returns when it is known what came of it: `kept` as soon as both are connected.

        `promise.attempt` names the try. Asked again with the same one, after a crash, it goes on with that try or tells
        what came of it; it never rings the caller twice for it. An error that it raises says that nobody knows.
        """

    async def is_free(self, promise: Promise) -> bool:
        """Whether somebody of the promise's queue, and the caller, could be rung now. A try is not begun before."""


class Desk(Protocol):
    """Learns what came of promises."""

    async def tried(self, promise: Promise, result: Result) -> None:
        """A try is over; `promise` as it is after it. `given_up` is for people to see to."""


class PromiseKeeper:
    """Keeps the promises of all calls; each process may have one.

    Args:
        store: Where they stand.
        ring: Who calls.
        desk: Who is told.
        queues: The playbook's queues as they are now.
        now: Aware times.
        pause: Waits so many seconds.
    """

    def __init__(
        self,
        store: PromiseStore,
        ring: Ring,
        desk: Desk,
        queues: Callable[[], QueuesFile],
        now: Callable[[], datetime],
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._store = store
        self._ring = ring
        self._desk = desk
        self._queues = queues
        self._now = now
        self._pause = pause
        self._me = secrets.token_hex(8)
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._breaks: Counter[str] = Counter()

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        try:
            while True:
                await self.look()
                await self._pause(POLL_S)
        finally:
            await self.close()

    async def close(self) -> None:
        """Leave the tries under way as they are: another process goes on with them when their hold is over."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def look(self) -> None:
        """Begin what is due, as far as agents are free. A database that does not answer is asked again next time."""
        try:
            for promise in due(await self._store.open(), self._queues(), self._now()):
                if len(self._under_way) >= AT_ONCE:
                    return
                await self._take_up(promise)
        except SQLAlchemyError as error:
            logger.opt(exception=error).error("promises cannot be looked up")

    async def _take_up(self, promise: Promise) -> None:
        begun = promise.state is PromiseState.CALLING
        if not begun and not await self._ring.is_free(promise):
            return
        claimed = await self._store.claim(promise, self._me, self._now(), HOLD_S)
        if claimed is None:
            return
        task = asyncio.create_task(self._try(claimed))
        self._under_way[claimed.promise_id] = task
        task.add_done_callback(lambda _: self._under_way.pop(claimed.promise_id))

    async def _try(self, promise: Promise) -> None:
        told = logger.bind(promise=promise.promise_id, attempt=promise.tries)
        calling = asyncio.create_task(self._called(promise))
        holding = asyncio.create_task(self._hold(promise))
        try:
            await asyncio.wait({calling, holding}, return_when=asyncio.FIRST_COMPLETED)
            if not calling.done():
                told.error("a call-back was taken over by another process")
                return
            result = calling.result()
            if result is None:
                return
            now = self._now()
            settled = after(promise, result, now)
            await self._store.settle(promise, settled, now)
            await self._tell(settled, result)
        except PromiseLostError:
            told.error("what came of a call-back could not be kept: another process has taken it over")
        except SQLAlchemyError as error:
            # The row says that a try is under way: it is gone on with when the hold is over.
            told.opt(exception=error).error("what came of a call-back could not be kept")
        finally:
            for task in (calling, holding):
                task.cancel()
            await asyncio.gather(calling, holding, return_exceptions=True)

    async def _called(self, promise: Promise) -> Result | None:
        """What came of it; None: not known, the same try is gone on with when the hold is over."""
        try:
            return await self._ring.call_back(promise)
        except Exception as error:  # noqa: BLE001 - whatever broke, the caller must not be forgotten
            logger.bind(promise=promise.promise_id).opt(exception=error).error("a call-back broke")
        self._breaks[promise.attempt] += 1
        return None if self._breaks[promise.attempt] < MOST_BREAKS else Result.FAILED

    async def _tell(self, promise: Promise, result: Result) -> None:
        try:
            await self._desk.tried(promise, result)
        except Exception as error:  # noqa: BLE001 - the promise itself is settled
            logger.bind(promise=promise.promise_id).opt(exception=error).error("the desk was not told")

    async def _hold(self, promise: Promise) -> None:
        """Keep the promise ours; returns when it is no longer."""
        while True:
            await self._pause(HOLD_S / 3)
            try:
                await self._store.keep(promise, self._now(), HOLD_S)
            except PromiseLostError:
                return
            except SQLAlchemyError as error:
                logger.bind(promise=promise.promise_id).opt(exception=error).warning(
                    "a hold was not prolonged"
                )
