"""Sends the digest of each day once, at an hour of the company's, while any server runs.

A server may be stopped at any moment. What has been sent stands in the database, and so does who is at it: a day whose
server is silent for longer than sending takes is taken up by another, which then sends it with the same id.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from qa.digests.delivery import Failure, NotSentError
from qa.digests.due import MOST_BEHIND, Standing, again_after, beginning, due_days
from qa.digests.store import DigestStore

FIRST_S = 60.0
"""After a start, the facts of calls are brought up to date first."""
EVERY_S = 60.0
HOLD = timedelta(minutes=10)
"""Longer than a try can take."""

Send = Callable[[date], Awaitable[None]]
"""Sends the digest of a day; raises `NotSentError`."""
Pause = Callable[[float], Awaitable[object]]


class DailyDigest:
    """Looks every minute whether a day's digest is due.

    Args:
        store: What has been sent.
        send: Sends one.
        zone: The company's, as it is now.
        hour: Of the local day, 0 to 23.
        now: Aware times.
        pause: Waits so many seconds.
    """

    def __init__(
        self,
        store: DigestStore,
        send: Send,
        zone: Callable[[], ZoneInfo],
        hour: int,
        now: Callable[[], datetime],
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._store = store
        self._send = send
        self._zone = zone
        self._hour = hour
        self._now = now
        self._pause = pause

    async def run(self) -> None:
        """Until cancelled."""
        await self._pause(FIRST_S)
        while True:
            await self.look()
            await self._pause(EVERY_S)

    async def look(self) -> None:
        """Send what is due. A database that does not answer is asked again next time."""
        try:
            known = await self._known()
            for day in due_days(known, self._now(), self._zone(), self._hour):
                await self._take_up(day, known.get(day))
        except (SQLAlchemyError, OSError) as error:
            logger.bind(code=Failure.NOT_READ.value, error=type(error).__name__).error(
                "what is known of digests cannot be read or kept"
            )

    async def _known(self) -> dict[date, Standing]:
        known = await self._store.known(MOST_BEHIND + 1)
        if not known:
            now = self._now()
            await self._store.begin(beginning(now, self._zone()), now)
            known = await self._store.known(MOST_BEHIND + 1)
        return known

    async def _take_up(self, day: date, seen: Standing | None) -> None:
        now = self._now()
        number = await self._store.claim(day, seen, now, now + HOLD)
        if number is None:
            return
        failure = await self._failure(day, number)
        if failure is None:
            ours = await self._store.done(day, number, self._now())
        else:
            ours = await self._store.failed(day, number, failure.value, self._now() + again_after(number))
        if not ours:
            logger.bind(day=str(day)).error("the digest of a day was taken over by another server")

    async def _failure(self, day: date, number: int) -> Failure | None:
        """What came of a try; None: it is sent."""
        told = logger.bind(day=str(day), attempt=number)
        try:
            await self._send(day)
        except NotSentError as error:
            told.bind(code=error.failure.value, why=str(error)).error("the digest of a day was not sent")
            return error.failure
        except Exception as error:  # noqa: BLE001 - whatever broke, the other days must still be sent
            told.bind(code=Failure.BROKEN.value).opt(exception=error).error(
                "the digest of a day was not sent"
            )
            return Failure.BROKEN
        return None
