"""What the carrier keeps of people's calls, through its REST API (Twilio, or the local line): to look up and delete."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from telephony.carrier_rest import (
    CarrierBusyError,
    CarrierError,
    CarrierRest,
    CarrierUnansweredError,
)

TIMEOUT_S = 10.0
TRIES = 4
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
"""Whoever wants to be asked again later than this is asked in the next run."""

T = TypeVar("T")
Entries = list[dict[str, object]]
Pause = Callable[[float], Awaitable[None]]


class Kept(StrEnum):
    """What the carrier keeps, by the name of its list."""

    CALL = "Calls"
    CONFERENCE = "Conferences"
    MESSAGE = "Messages"


@dataclass(frozen=True, order=True)
class CarrierEntry:
    """One thing that the carrier keeps: calls and messages are named by their sid, conferences by their own name."""

    kind: Kept
    name: str


@dataclass(frozen=True)
class Forgotten:
    """What came of deleting an entry."""

    deleted: int = 0
    """Resources that are gone: itself, its recordings, the calls that it has made."""
    problem: str | None = None
    """Which resource is still there, and why: the entry is then to be deleted again. Nothing personal."""


class _StillThereError(Exception):
    """A resource could not be deleted, or not even be listed."""


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

    async def forget(self, entry: CarrierEntry) -> Forgotten:
        """Delete an entry with all that hangs on it.

        A call goes last, behind its recordings and the calls that its TwiML has made: without it nobody would find
        them. A conference cannot be deleted; its recordings can. What is gone already is deleted.
        """
        deleted = 0
        try:
            async for resource in self._of(entry):
                await self._gone(resource)
                deleted += 1
        except _StillThereError as error:
            return Forgotten(deleted, f"{entry.kind}/{entry.name}: {error}")
        return Forgotten(deleted)

    async def _of(self, entry: CarrierEntry) -> AsyncIterator[str]:
        """The resources to delete for an entry, in order."""
        match entry.kind:
            case Kept.MESSAGE:
                yield f"Messages/{entry.name}"
            case Kept.CONFERENCE:
                for sid in await self._sids(
                    "Conferences", "friendly_name", entry.name, FriendlyName=entry.name
                ):
                    async for resource in self._recordings("Conferences", "conference_sid", sid):
                        yield resource
            case Kept.CALL:
                for sid in await self._sids("Calls", "parent_call_sid", entry.name, ParentCallSid=entry.name):
                    async for resource in self._recordings("Calls", "call_sid", sid):
                        yield resource
                    yield f"Calls/{sid}"
                async for resource in self._recordings("Calls", "call_sid", entry.name):
                    yield resource
                yield f"Calls/{entry.name}"

    async def _recordings(self, kind: str, field: str, owner: str) -> AsyncIterator[str]:
        for sid in await self._sids(f"{kind}/{owner}/Recordings", field, owner):
            yield f"Recordings/{sid}"

    async def _both_ways(self, resource: str, number: str) -> Entries:
        came = await self._tried(lambda: self.entries(resource, From=number))
        went = await self._tried(lambda: self.entries(resource, To=number))
        return [one for one in came if one.get("from") == number] + [
            one for one in went if one.get("to") == number and one.get("from") != number
        ]

    async def _sids(self, resource: str, field: str, value: str, **filters: str) -> list[str]:
        """The sids of a list, only of entries whose `field` has this value: a filter that a carrier does not know
        must not cost anybody else their data."""
        try:
            found = await self._tried(lambda: self.entries(resource, **filters))
        except CarrierError as error:
            raise _StillThereError(f"the list {resource}: {error}") from None
        return [str(one["sid"]) for one in found if one.get(field) == value and "sid" in one]

    async def _gone(self, resource: str) -> None:
        try:
            await self._tried(lambda: self.delete(resource))
        except CarrierError as error:
            raise _StillThereError(f"{resource}: {error}") from None

    async def _tried(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What comes of asking, a few times where there is no answer or too much was asked."""
        for tries in range(TRIES - 1):
            try:
                return await ask()
            except (CarrierBusyError, CarrierUnansweredError) as error:
                pause_s = max(FIRST_PAUSE_S * 2**tries, error.wait_s or 0.0)
                if pause_s > LONGEST_PAUSE_S:
                    raise
                await self._pause(pause_s)
        return await ask()
