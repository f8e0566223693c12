"""What the carrier keeps of people's calls, through its REST API (Twilio, or the local line): to look up and delete."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from typing import TypeVar

from telephony.carrier_rest import CarrierError, CarrierRefusedError, CarrierRest

TIMEOUT_S = 10.0
TRIES = 3
FIRST_PAUSE_S = 0.5

T = TypeVar("T")
Entries = list[dict[str, object]]
Pause = Callable[[float], Awaitable[None]]


class CarrierData(CarrierRest):
    """The data of one account. Closed with its connections. `pause` waits between tries."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        base_url: str = "https://api.twilio.com",
        pause: Pause = asyncio.sleep,
    ) -> None:
        super().__init__(account_sid, auth_token, base_url, TIMEOUT_S)
        self._pause = pause

    async def of_number(self, number: str) -> tuple[Entries, Entries]:
        """All calls and all text messages to and from an E.164 number.

        Raises:
            CarrierError: the carrier does not tell.
        """
        return await self._both_ways("Calls", number), await self._both_ways("Messages", number)

    async def forget(
        self, calls: Collection[str], messages: Collection[str], conferences: Collection[str]
    ) -> AsyncIterator[tuple[str, str | None]]:
        """Delete calls and messages by sid and the recordings of calls and of conferences, these by name.

        Yields what was deleted (`Recordings/RE…`), or could not be, with the reason. Recordings go before their call:
        without it nobody would find them.
        """
        for call in calls:
            async for one in self._recordings(f"Calls/{call}/Recordings"):
                yield one
        for name in conferences:
            for sid in await self._sids("Conferences", FriendlyName=name):
                async for one in self._recordings(f"Conferences/{sid}/Recordings"):
                    yield one
        for resource in (*(f"Calls/{one}" for one in calls), *(f"Messages/{one}" for one in messages)):
            yield resource, await self._deleted(resource)

    async def _both_ways(self, resource: str, number: str) -> Entries:
        came = await self._tried(lambda: self.entries(resource, From=number))
        return came + await self._tried(lambda: self.entries(resource, To=number))

    async def _recordings(self, resource: str) -> AsyncIterator[tuple[str, str | None]]:
        for sid in await self._sids(resource):
            yield f"Recordings/{sid}", await self._deleted(f"Recordings/{sid}")

    async def _sids(self, resource: str, **filters: str) -> list[str]:
        try:
            return [str(one["sid"]) for one in await self._tried(lambda: self.entries(resource, **filters))]
        except CarrierError:
            # Whoever cannot list them cannot delete their call either, which is what is told.
            return []

    async def _deleted(self, resource: str) -> str | None:
        """None when it is gone, or else why it is not."""
        try:
            await self._tried(lambda: self.delete(resource))
        except CarrierError as error:
            return str(error)
        return None

    async def _tried(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What comes of asking, a few times where there is no answer."""
        for tries in range(1, TRIES):
            try:
                return await ask()
            except CarrierRefusedError:
                raise
            except CarrierError:
                await self._pause(FIRST_PAUSE_S * 2**tries)
        return await ask()
