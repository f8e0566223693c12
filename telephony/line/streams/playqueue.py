"""What the server has sent for the caller's ear: played at 20 ms a frame, with Twilio's marks and `clear`. Pure."""

from collections import deque
from dataclasses import dataclass

from telephony.line.leg import FRAME_BYTES


@dataclass(frozen=True)
class _Mark:
    name: str
    at_byte: int


class PlayQueue:
    """Audio of any length in, whole frames out. A mark comes due once everything before it has been played."""

    def __init__(self) -> None:
        self._audio = bytearray()
        self._queued = 0
        self._played = 0
        self._marks: deque[_Mark] = deque()

    def __len__(self) -> int:
        return len(self._audio)

    def add(self, audio: bytes) -> None:
        """Queue µ-law of any length."""
        self._audio += audio
        self._queued += len(audio)

    def mark(self, name: str) -> list[str]:
        """Queue a mark. Returns it if nothing is before it."""
        self._marks.append(_Mark(name, self._queued))
        return self.due_marks()

    def clear(self) -> list[str]:
        """Drop everything. Returns the marks that were in it."""
        self._audio.clear()
        self._played = self._queued
        return self.due_marks()

    def next_frame(self) -> bytes | None:
        """The next 20 ms, its end silent when the audio ends within it; None when there is nothing."""
        if not self._audio:
            return None
        frame = bytes(self._audio[:FRAME_BYTES])
        del self._audio[:FRAME_BYTES]
        self._played += len(frame)
        return frame.ljust(FRAME_BYTES, b"\xff")

    def due_marks(self) -> list[str]:
        """The marks whose audio has been played since they were last asked for."""
        due = []
        while self._marks and self._marks[0].at_byte <= self._played:
            due.append(self._marks.popleft().name)
        return due
