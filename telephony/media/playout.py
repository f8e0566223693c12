"""What of our sound the caller has really heard: a ledger of sent audio, settled by the carrier's marks.

Times are samples at 8 kHz on the stream's own axis, the one that the caller's `timestamp`s run on. The carrier
plays what we send from a queue and returns a mark once everything before it has been played, or at once when
`clear` empties the queue. A mark's return therefore dates the audio before it, however long the network took:
it arrives on the same socket as the caller's sound, behind the frame that was current when it was sent.

    sent     |---- chunk ----|-- mark 1 --|---- chunk ----|-- mark 2 --|
    returned                      at 960 -> the first chunk ended at 960
"""

from collections import deque
from dataclasses import dataclass

from telephony.media.ulaw import Pcm

RATE = 8000
LEAD_SAMPLES = RATE // 5
"""How far ahead of the caller's ear we send: 200 ms, so that a barge-in leaves little to clear."""
DRIFT_SAMPLES = RATE // 25
"""A mark that is off by more than this (40 ms) re-dates the audio before it: the queue had run dry."""


@dataclass(frozen=True)
class Played:
    """A piece of one utterance that the caller has heard."""

    utterance: int
    at_sample: int
    pcm: Pcm
    last: bool
    """Whether this completes the utterance."""


@dataclass
class _Chunk:
    utterance: int
    pcm: Pcm
    last: bool


class _Queue:
    """The carrier's queue as we know it, from one `clear` to the next. Positions count samples sent into it."""

    def __init__(self) -> None:
        self.sent = 0
        self.settled = 0
        self.chunks: deque[_Chunk] = deque()
        self.marks: dict[str, int] = {}
        self._origin: int | None = None
        self._dated = False
        self._heard_until = 0

    def add(self, chunk: _Chunk, now: int) -> None:
        if self._origin is None or self.position(now) >= self.sent:
            self._origin = now - self.sent
            self._dated = False
        self.chunks.append(chunk)
        self.sent += chunk.pcm.size

    def position(self, now: int) -> int:
        """The sample that is being played at `now`, as far as we know."""
        if self._origin is None:
            return self.sent
        return max(self.settled, min(self.sent, now - self._origin))

    def date(self, position: int, now: int) -> None:
        """`position` was reached at `now`."""
        origin = now - position
        if self._origin is None or not self._dated or abs(origin - self._origin) > DRIFT_SAMPLES:
            self._origin = origin
            self._dated = True

    def settle(self, position: int) -> list[Played]:
        """Everything up to `position` has been heard."""
        heard = []
        while self.settled < position and self.chunks:
            chunk = self.chunks.popleft()
            part = min(chunk.pcm.size, position - self.settled)
            if part < chunk.pcm.size:
                self.chunks.appendleft(_Chunk(chunk.utterance, chunk.pcm[part:], chunk.last))
            at_sample = max(self._heard_until, self.settled + (self._origin or 0))
            self._heard_until = at_sample + part
            last = chunk.last and part == chunk.pcm.size
            heard.append(Played(chunk.utterance, at_sample, chunk.pcm[:part], last))
            self.settled += part
        return heard


class Playout:
    """Accounts for the assistant's side of one stream."""

    def __init__(self) -> None:
        self._queue = _Queue()
        self._clearing: deque[_Queue] = deque()
        self._marks = 0

    def room(self, now: int) -> int:
        """How many samples may be sent at `now` without running further ahead than the lead."""
        return max(0, LEAD_SAMPLES - (self._queue.sent - self._queue.position(now)))

    def send(self, utterance: int, pcm: Pcm, *, last: bool, now: int) -> str:
        """Note audio that goes out now. Returns the name of the mark to send behind it."""
        self._queue.add(_Chunk(utterance, pcm, last), now)
        self._marks += 1
        name = str(self._marks)
        self._queue.marks[name] = self._queue.sent
        return name

    def clear(self) -> bool:
        """Note that the queue is being cleared. Returns whether anything unheard may be in it."""
        if not self._queue.marks:
            return False
        self._clearing.append(self._queue)
        self._queue = _Queue()
        return True

    def returned(self, name: str, now: int) -> tuple[list[Played], bool]:
        """A mark has come back at `now`: what was heard, and whether this ended a clearing.

        A mark we do not know is ignored: the carrier may return one twice.
        """
        if name in self._queue.marks:
            position = self._queue.marks.pop(name)
            self._queue.date(position, now)
            return self._queue.settle(position), False
        for queue in self._clearing:
            if name in queue.marks:
                return self._cleared(queue, name, now)
        return [], False

    def end(self, now: int) -> list[Played]:
        """The stream is over at `now`: what was heard, as far as we know."""
        heard = []
        for queue in (*self._clearing, self._queue):
            heard += queue.settle(queue.position(now))
        self._clearing.clear()
        self._queue = _Queue()
        return heard

    def _cleared(self, queue: _Queue, name: str, now: int) -> tuple[list[Played], bool]:
        """Settle a cleared queue by the first of its marks to return.

        A mark played before the carrier saw our `clear` returns alone; those dropped by it return together,
        and cannot be told from it by name. What was played by `now` is right for both.
        """
        position = queue.marks.pop(name)
        played = queue.position(now)
        if played >= position:
            heard = queue.settle(position)
            if queue.marks:
                return heard, False
        else:
            heard = queue.settle(played)
        self._clearing.remove(queue)
        return heard, True
