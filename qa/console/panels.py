"""What other rooms of the console put on the page of a call: scorecard, corrections, running again, privacy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from calls.events import CallEvent
from web.accounts import Account


@dataclass(frozen=True)
class Viewing:
    """Somebody looks at a call. That they may, and that it is noted, is settled before a panel is asked."""

    account: Account
    call_id: str
    events: Sequence[CallEvent]
    """All of the call's, in order."""
    csrf: str
    """For the forms of the panel."""
    piece: Callable[..., str]
    """`piece(template, **values)`: a piece of HTML, escaped there (`web.pages.Pages.piece`)."""


class Panel(Protocol):
    """One part of the page of a call. Its scripts and styles follow the page's policy: none are inline."""

    @property
    def name(self) -> str:
        """Its place in the page's address: `#panel-NAME`. Lower-case letters and hyphens."""

    @property
    def title(self) -> str:
        """Its heading."""

    async def render(self, viewing: Viewing) -> str:
        """Its HTML, below the heading; empty: it is not for this account or this call, and is left out."""
