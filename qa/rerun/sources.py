"""Where calls come from that are run again. Those of the store: `qa.corrected`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from calls.events import CallEvent, StreamStarted
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
