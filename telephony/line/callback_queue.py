"""Callbacks in order, without making a call wait for the server that is told."""

import asyncio
from collections.abc import Mapping

from telephony.line.webhooks import Webhooks


class CallbackQueue:
    """Tells one thing after the other."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._last: asyncio.Task[None] | None = None

    def tell(self, url: str, method: str, params: Mapping[str, str]) -> None:
        """Tell this behind everything that is still to be told. Returns at once."""
        self._last = asyncio.create_task(self._tell(url, method, params, self._last))

    async def finished(self) -> None:
        """Wait until everything was told."""
        if self._last is not None:
            await asyncio.wait({self._last})

    async def _tell(
        self, url: str, method: str, params: Mapping[str, str], before: asyncio.Task[None] | None
    ) -> None:
        if before is not None:
            await asyncio.wait({before})
        await self._webhooks.tell(url, method, params)
