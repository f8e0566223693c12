"""The caller's open tickets, where a helpdesk is connected."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from handoff.desk.board import Caller
from handoff.transfer.types import Value


class Ticket(Value):
    """One open ticket."""

    number: str
    title: str
    state: str
    opened_at: datetime
    url: str | None = None
    """Where the helpdesk shows it."""


class Tickets(Protocol):
    """The helpdesk."""

    async def open_of(self, caller: Caller) -> Sequence[Ticket]:
        """The caller's open tickets, newest first; none for a caller who has not shown who they are."""


class NoTickets:
    """Where no helpdesk is connected."""

    async def open_of(self, caller: Caller) -> Sequence[Ticket]:
        """None."""
        del caller
        return ()
