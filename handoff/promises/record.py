"""Writes what promises come to into the record of the call in which they were made."""

from collections.abc import Awaitable, Callable

from calls.events import CallEvent, EventBody
from handoff.promises.promise import Promise, Result, tried

Append = Callable[[str, EventBody], Awaitable[CallEvent]]
"""Call's id and event: `CallLog.append`."""


class PromiseRecord:
    """The desk, QA and figures learn of promises as of everything else: by events."""

    def __init__(self, append: Append) -> None:
        self._append = append

    async def tried(self, promise: Promise, result: Result) -> None:
        """A try is over; `promise` as it is after it.

        Raises:
            LogFullError: see `CallLog.append`.
        """
        for event in tried(promise, result):
            await self._append(promise.call_id, event)
