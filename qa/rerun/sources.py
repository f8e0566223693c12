"""Where calls come from that are run again: the store, or a folder of somebody else's recordings."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from calls.events import CallDisposed, CallEvent, StreamStarted
from calls.store import open_store
from qa.rerun.difference import Known
from qa.rerun.imported import read_calls, read_truth
from qa.rerun.run import Call
from qa.rerun.sound import read_recording


class NoSuchCallError(LookupError):
    """There is no such call, or nothing of it to be run again."""


class CallSource(Protocol):
    """Gives calls by their id. Goes to other processes, so it holds no more than addresses."""

    def load(self, call_id: str) -> tuple[Call, Known]:
        """One call, and what people have said of it since. Blocks."""


@dataclass(frozen=True)
class StoredCalls:
    """The calls of this installation."""

    store_url: str
    data_dir: Path

    def load(self, call_id: str) -> tuple[Call, Known]:
        """As `CallSource.load`.

        Raises:
            NoSuchCallError: the store has no events of it.
        """
        events = asyncio.run(self._read(call_id))
        if not events:
            raise NoSuchCallError(f"there is no call {call_id}")
        return call_of(events, self.data_dir), known_of(events)

    async def _read(self, call_id: str) -> list[CallEvent]:
        async with await open_store(self.store_url) as store:
            return await store.read(call_id)


@dataclass(frozen=True)
class ImportedCalls:
    """The calls of a table with their sound files (`qa.rerun.imported`)."""

    table: Path
    audio: Path

    def load(self, call_id: str) -> tuple[Call, Known]:
        """As `CallSource.load`.

        Raises:
            NoSuchCallError: the table has no such call.
        """
        for call in read_calls(self.table, self.audio):
            if call.call_id == call_id:
                return call, read_truth(self.table)[call_id]
        raise NoSuchCallError(f"there is no call {call_id} in {self.table.name}")


def call_of(events: list[CallEvent], data_dir: Path) -> Call:
    """A stored call with its sound."""
    recordings = (event.body.recording for event in events if isinstance(event.body, StreamStarted))
    name = next((one for one in recordings if one is not None), None)
    return Call(tuple(events), read_recording(data_dir / name if name is not None else None))


def known_of(events: list[CallEvent]) -> Known:
    """What the agent who took the call has said of it."""
    disposed = [event.body for event in events if isinstance(event.body, CallDisposed)]
    return Known(needless=disposed[-1].needless) if disposed else Known()
