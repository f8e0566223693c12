"""What the page of the list shows for one address and one person."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from qa.access.log import Accessed
from qa.console.addresses import Listing
from qa.console.chips import without_persons
from qa.console.console import Console
from qa.console.sight import sight, within
from qa.facts.filter import CallFilter
from qa.facts.search import Finder, Snippet
from qa.facts.types import CallFacts
from web.accounts import Account

PAGE = 50
CHOICES = ("intent", "escalation", "queue", "agent")
"""Conditions that are chosen from what occurs."""


@dataclass(frozen=True)
class Found:
    """One page of a list."""

    calls: Sequence[CallFacts]
    snippets: dict[str, Snippet]
    count: int
    """On all pages."""
    first: int
    """The number of the page's first call, from 1."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, ceil(self.count / PAGE))

    @property
    def last(self) -> int:
        """The number of the page's last call; 0 where there is none."""
        return self.first + len(self.calls) - 1 if self.calls else 0


def seen_of(listing: Listing, account: Account, console: Console) -> CallFilter:
    """The calls of a list that somebody may see, with its period's times as of now."""
    return within(listing.filter(console.now()), sight(account))


async def find(listing: Listing, account: Account, console: Console, finder: Finder) -> Found:
    """The page of a list. What shows pieces of calls is noted in the log of accesses before it returns."""
    wanted = seen_of(listing, account, console)
    skip = (listing.page - 1) * PAGE
    calls, count = await asyncio.gather(
        console.facts.page(wanted, listing.order, limit=PAGE, skip=skip), console.facts.count(wanted)
    )
    snippets = await finder.snippets(wanted.words or "", [one.call_id for one in calls])
    if snippets:
        detail = f"{len(snippets)} calls of {without_persons(listing)}"
        await console.access.note(account.person_id, Accessed.SEARCHED, detail=detail)
    return Found(calls, snippets, count, skip + 1)


async def choices(console: Console) -> dict[str, list[str]]:
    """The values that occur, by condition."""
    found = await asyncio.gather(*(console.facts.values(name) for name in CHOICES))
    return dict(zip(CHOICES, found, strict=True))
