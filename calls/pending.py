"""Events that are numbered but not stored yet."""

from collections import deque
from collections.abc import Set
from datetime import datetime
from itertools import islice

from calls.events import CallEnded, CallEvent, EventBody


class Pending:
    """A queue of events in order of appending, and the last number given to each call."""

    def __init__(self) -> None:
        self._queue: deque[CallEvent] = deque()
        self._last: dict[str, int] = {}
        self.added = 0
        """How many events were ever added."""

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def left(self) -> int:
        """How many events have ever left the queue."""
        return self.added - len(self._queue)

    def knows(self, call_id: str) -> bool:
        """Whether the last number of this call is known."""
        return call_id in self._last

    def learn(self, call_id: str, last: int) -> None:
        """The store's last number of a call, for one that is not known."""
        self._last.setdefault(call_id, last)

    def add(self, call_id: str, at: datetime, body: EventBody) -> CallEvent:
        """Give the event its number and queue it. The call must be known."""
        event = CallEvent(call_id=call_id, seq=self._last[call_id] + 1, at=at, body=body)
        self._last[call_id] = event.seq
        self._queue.append(event)
        self.added += 1
        return event

    def first(self, most: int) -> tuple[CallEvent, ...]:
        """The oldest events, at most so many."""
        return tuple(islice(self._queue, most))

    def of(self, call_id: str) -> list[CallEvent]:
        """The events of one call."""
        return [event for event in self._queue if event.call_id == call_id]

    def calls(self) -> list[str]:
        """The ids of all calls that have events here."""
        return list(dict.fromkeys(event.call_id for event in self._queue))

    def drop_first(self, count: int) -> None:
        """Forget the oldest events: they are stored."""
        for _ in range(count):
            self._forget_when_over(self._queue.popleft())

    def drop(self, call_id: str, seqs: Set[int]) -> None:
        """Forget these events of a call: they are stored."""
        stored = [event for event in self._queue if event.call_id == call_id and event.seq in seqs]
        self._queue = deque(event for event in self._queue if event not in stored)
        for event in stored:
            self._forget_when_over(event)

    def renumber(self, call_id: str, last: int) -> None:
        """Have the events of a call follow `last`, without gaps."""
        for index, event in enumerate(self._queue):
            if event.call_id == call_id:
                last += 1
                self._queue[index] = event.model_copy(update={"seq": last})
        self._last[call_id] = last

    def _forget_when_over(self, event: CallEvent) -> None:
        """Keep no number of a call that is over: a server that runs for months sees many."""
        if isinstance(event.body, CallEnded) and not self.of(event.call_id):
            self._last.pop(event.call_id, None)
