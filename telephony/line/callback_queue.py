"""Callbacks in order, without making a call wait for the server that is told."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from telephony.line.webhooks import Webhooks

OVERTAKEN_S = 0.5
"""Where callbacks are to be reordered, one waits this long for the next to overtake it."""
Before = asyncio.Task[None] | None


@dataclass(frozen=True)
class _Callback:
    url: str
    method: str
    params: Mapping[str, str]


@dataclass
class _Held:
    """A callback that waits to be overtaken."""

    before: Before
    overtaken: asyncio.Event = field(default_factory=asyncio.Event)


class CallbackQueue:
    """Tells one thing after the other; two by two in the wrong order, where a fault wants that."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._last: Before = None
        self._held: _Held | None = None

    def tell(self, url: str, method: str, params: Mapping[str, str]) -> None:
        """Tell this behind everything that is still to be told. Returns at once."""
        callback = _Callback(url, method, params)
        if self._held is not None:
            held, self._held = self._held, None
            overtaking = asyncio.create_task(self._overtake(callback, held))
            self._last = asyncio.create_task(_both(self._last, overtaking))
        elif self._reordered(params):
            self._held = _Held(self._last)
            self._last = asyncio.create_task(self._hold(callback, self._held))
        else:
            self._last = asyncio.create_task(self._tell(callback, self._last))

    async def finished(self) -> None:
        """Wait until everything was told."""
        if self._last is not None:
            await asyncio.wait({self._last})

    def _reordered(self, params: Mapping[str, str]) -> bool:
        names = (params.get(name) for name in ("CallSid", "To", "From"))
        return self._webhooks.faults.of(*names).webhooks_reordered

    async def _tell(self, callback: _Callback, before: Before) -> None:
        if before is not None:
            await asyncio.wait({before})
        await self._webhooks.tell(callback.url, callback.method, callback.params)

    async def _hold(self, callback: _Callback, held: _Held) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(OVERTAKEN_S):
                await held.overtaken.wait()
        if self._held is held:
            self._held = None
        await self._tell(callback, held.before)

    async def _overtake(self, callback: _Callback, held: _Held) -> None:
        try:
            await self._tell(callback, held.before)
        finally:
            held.overtaken.set()


async def _both(one: Before, other: asyncio.Task[None]) -> None:
    await asyncio.wait({task for task in (one, other) if task is not None})
