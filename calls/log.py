"""The append-only log of what happens in calls: numbered at once, stored a moment later, then told to subscribers."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from typing import Self
from weakref import WeakSet

from loguru import logger

from calls.events import CallEnded, CallEvent, EventBody
from calls.ids import check_call_id
from calls.news import News, PollingNews
from calls.pending import Pending
from calls.store import CallStore, StoreUnavailableError
from calls.subscription import Subscription
from calls.writer import Pause, Writer

MOST_PENDING = 10_000
"""Events that may wait for a store that does not answer; some 30 MB."""
FOLLOW_PAGE = 500


class LogFullError(Exception):
    """The store has not answered for so long that no more events can wait for it. This one is not in the log."""


class CallLog:
    """The log of all calls of this process, over a store that other processes may share.

    `now` gives the aware time of each event. `pause` waits between tries to write; a test may bring its own.
    """

    def __init__(
        self,
        store: CallStore,
        now: Callable[[], datetime],
        *,
        news: News | None = None,
        pause: Pause = asyncio.sleep,
        most_pending: int = MOST_PENDING,
    ) -> None:
        self._store = store
        self._now = now
        self._news = news or PollingNews()
        self._most_pending = most_pending
        self._pending = Pending()
        self._writer = Writer(store, self._pending, self._publish, pause)
        self._lookups: dict[str, asyncio.Task[int]] = {}
        self._subscriptions: WeakSet[Subscription] = WeakSet()

    async def append(self, call_id: str, body: EventBody) -> CallEvent:
        """Add an event to a call and return it, numbered and dated. Waits for the store only at a call's first.

        Storing follows within some 20 ms (`flush` waits for it). Should another process have written to the same
        call meanwhile, the event is stored behind that one's, under a higher number than the one returned.

        Raises:
            InvalidCallIdError: the id breaks the rule of `calls.ids`.
            ValueError: the body holds a number that JSON does not know (infinite, or not a number).
            LogFullError: too many events wait for the store.
        """
        # Here it hurts only whoever made it; in a batch it would hold up all calls.
        json.dumps(body.model_dump(mode="json"), allow_nan=False)
        while not self._pending.knows(check_call_id(call_id)):
            await self._look_up(call_id)
        if len(self._pending) >= self._most_pending:
            logger.bind(call=call_id, event_name=body.name).error(
                "event lost: the call store does not keep up"
            )
            raise LogFullError(f"{len(self._pending)} events wait for the call store")
        event = self._pending.add(call_id, self._now().astimezone(UTC), body)
        self._writer.wake()
        return event

    async def read(self, call_id: str, after: int = 0) -> list[CallEvent]:
        """All events of a call with a `seq` above `after`, those still being written included.

        Raises:
            StoreUnavailableError, UnreadableEventError: see `CallStore.read`.
        """
        # Taken before reading: what is stored meanwhile is in both, what is appended meanwhile in neither.
        waiting = [event for event in self._pending.of(call_id) if event.seq > after]
        stored = await self._store.read(call_id, after)
        last = stored[-1].seq if stored else after
        return stored + [event for event in waiting if event.seq > last]

    async def has_called(self, caller: str, since: datetime, but: str) -> bool:
        """Whether this number has called since then, the call `but` left aside; no where nobody can tell now."""
        try:
            return await self._store.has_called(caller, since, but)
        except StoreUnavailableError as error:
            logger.bind(call=but).error("cannot look up earlier calls: {}", error)
            return False

    def subscribe(self, call_id: str | None = None, room: int = 1000) -> Subscription:
        """The events that this process stores from now on, of one call or of all.

        The subscriber's queue holds `room` events; what it misses it reads from the store. Ends when the log is
        closed. Dropping the subscription unsubscribes.
        """
        subscription = Subscription(self._store.read, call_id, room)
        self._subscriptions.add(subscription)
        return subscription

    async def follow(self, call_id: str, after: int = 0) -> AsyncGenerator[CallEvent, None]:
        """The stored events of a call above `after`, then the new ones, whichever process writes them.

        Each comes once and in order; the last is `call.ended`. Waits for a call that does not exist yet.

        Raises:
            StoreUnavailableError, UnreadableEventError: see `CallStore.read`.
        """
        if after and await self._store.has(call_id, CallEnded, until=after):
            return
        with self._news.listen(call_id) as news:
            while True:
                page = await self._store.read(call_id, after, FOLLOW_PAGE)
                for event in page:
                    yield event
                    if isinstance(event.body, CallEnded):
                        return
                    after = event.seq
                if len(page) < FOLLOW_PAGE:
                    await news()

    async def flush(self, within_s: float = 10.0) -> None:
        """Wait until all that was appended is stored.

        Raises:
            NotDurableError: it is not within `within_s` seconds.
        """
        await self._writer.flush(within_s)

    async def close(self, within_s: float = 10.0) -> None:
        """Store what is left and end all subscriptions.

        Raises:
            EventsLostError: not everything could be stored within `within_s` seconds.
        """
        try:
            await self._writer.close(within_s)
        finally:
            for subscription in list(self._subscriptions):
                subscription.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _look_up(self, call_id: str) -> None:
        """Learn the last number of a call; those who ask at the same time share one question."""
        if call_id not in self._lookups:
            task = asyncio.create_task(self._last_seq(call_id))
            task.add_done_callback(lambda _: self._lookups.pop(call_id))
            self._lookups[call_id] = task
        self._pending.learn(call_id, await asyncio.shield(self._lookups[call_id]))

    async def _last_seq(self, call_id: str) -> int:
        try:
            return await self._store.last_seq(call_id)
        except StoreUnavailableError as error:
            # The call goes on. If this guess is wrong, the writer moves the events up when the store is back.
            logger.bind(call=call_id).error("cannot look up a call's last event: {}", error)
            return 0

    def _publish(self, stored: Sequence[CallEvent]) -> None:
        for event in stored:
            for subscription in list(self._subscriptions):
                subscription.offer(event)
        for call_id in {event.call_id for event in stored}:
            self._news.tell(call_id)
