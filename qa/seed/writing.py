"""Writes made-up calls into the call store, many at once."""

from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import chain

from calls.events import CallEvent
from calls.store import CallStore

AT_ONCE = 50
"""Calls in one transaction: some thousands of events."""


async def write_calls(store: CallStore, calls: Iterable[list[CallEvent]]) -> AsyncIterator[int]:
    """Store the events of calls; tells after each batch how many calls it had.

    Raises:
        SeqTakenError: a call of that id is there already: the same seed was written before.
        StoreUnavailableError: the database does not take them.
    """
    for batch in _batches(calls):
        await store.write(list(chain.from_iterable(batch)))
        yield len(batch)


def _batches(calls: Iterable[list[CallEvent]]) -> Iterator[list[list[CallEvent]]]:
    batch: list[list[CallEvent]] = []
    for call in calls:
        batch.append(call)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
