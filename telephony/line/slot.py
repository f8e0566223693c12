"""A place where one source at a time sounds."""

from collections.abc import Iterator
from contextlib import contextmanager

from telephony.line.sources import Player, Source


class Slot:
    """Holds what sounds now; empty, it is silent."""

    def __init__(self) -> None:
        self.source: Source | None = None

    @contextmanager
    def holding(self, source: Source) -> Iterator[None]:
        """`source` sounds while this is open."""
        self.source = source
        try:
            yield
        finally:
            self.source = None

    async def play(self, audio: bytes, loop: int = 1) -> None:
        """Play µ-law to its end; for ever with `loop` 0."""
        player = Player(audio, loop)
        with self.holding(player):
            await player.done.wait()

    def exchange(self, heard: bytes) -> bytes | None:
        """One beat of the source; None for silence."""
        return self.source.exchange(heard) if self.source is not None else None
