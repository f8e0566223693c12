"""One sentence on its way to being sound, made piece by piece as it is asked for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from voice.fair_queue import Lane, Overloaded
from voice.workers import Worker

Speech = NDArray[np.int16]


class Rendering:
    """The speech of one text, int16 mono 8 kHz, in whole frames of 20 ms.

    Shared by all who want the same text at the same time, and made only as far as somebody has asked: a speculation
    asks for the first piece, the mouth for all of them. A step that has begun is finished even if nobody waits any
    more, so a caller who cuts in leaves nothing half done.
    """

    def __init__(
        self,
        remaining: Iterator[Speech],
        worker: Worker,
        *,
        ready: Speech | None = None,
        on_complete: Callable[[Speech], None] = lambda _: None,
    ) -> None:
        """`ready` is what was rendered before, all of it."""
        self._remaining = remaining
        self._worker = worker
        self._on_complete = on_complete
        self._made: list[Speech] = [] if ready is None else [ready]
        self.complete = ready is not None
        self._failure: Exception | None = None
        self._step: asyncio.Task[None] | None = None

    @property
    def speech(self) -> Speech:
        """What is made so far."""
        return np.concatenate(self._made) if self._made else np.zeros(0, dtype=np.int16)

    async def first(self, owner: str) -> None:
        """Have the first piece made."""
        if not self._made and not self.complete:
            await self._make(owner, Lane.NOW)

    async def pieces(self, owner: str) -> AsyncIterator[Speech]:
        """All pieces in order, each as soon as it is there."""
        number = 0
        while True:
            while number < len(self._made):
                yield self._made[number]
                number += 1
            if self.complete:
                return
            await self._make(owner, Lane.SOON if self._made else Lane.NOW)

    async def _make(self, owner: str, lane: Lane) -> None:
        # A step that is over is not waited for: that would end at once, and whoever asks for pieces would go round
        # without ever letting go of the loop.
        if self._step is None or self._step.done():
            self._step = asyncio.ensure_future(self._take_step(owner, lane))
            self._step.add_done_callback(_seen)
        await asyncio.shield(self._step)

    async def _take_step(self, owner: str, lane: Lane) -> None:
        if self._failure is not None:
            # A generator that broke says it is at its end: half a sentence must not pass for the whole.
            raise self._failure
        try:
            piece = await self._worker.run(lambda: next(self._remaining, None), owner, lane)
        except Overloaded:
            raise
        except Exception as error:
            self._failure = error
            raise
        if piece is not None:
            self._made.append(piece)
            return
        self.complete = True
        self._on_complete(self.speech)


def _seen(step: asyncio.Task[None]) -> None:
    """What broke is told to whoever waits; where nobody does any more, it is kept for who comes next."""
    if not step.cancelled():
        step.exception()
