"""The list of calls: found by conditions that stand in its address."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from qa.console.addresses import Listing, UnreadableAddressError, read_query
from qa.console.chips import chips
from qa.console.console import Console
from qa.console.listed import Choices, Found, find
from qa.console.periods import WORDS as PERIODS
from qa.console.places import CALLS, LOOKING_BACK, QA, navigation_of
from qa.console.rows import heads, line
from qa.console.words import ORDERS, OUTCOMES, ConsoleWords
from qa.export.archive import MOST
from qa.facts.search import Finder
from qa.views.store import ViewStore
from web.accounts import Account, Role
from web.app import Site

MORE = frozenset(
    {
        "since",
        "until",
        "queue",
        "agent",
        "caller",
        "sentiment_below",
        "discontent_above",
        "confidence_below",
        "latency_above_s",
        "csat_below",
        "score_below",
    }
)
"""Conditions whose fields are folded away while none of them is used."""


def create_calls_router(site: Site, console: Console) -> APIRouter:
    """The routes."""
    page = _CallsPage(site, console)
    door = site.door
    seer = Depends(door.needs(Role.AGENT, *LOOKING_BACK))
    router = APIRouter(prefix=QA, dependencies=[Depends(door.check_form)])

    @router.get("/calls")
    async def calls(request: Request, account: Account = seer) -> Response:
        return await page.show(request, account)

    return router


class _CallsPage:
    """One page of the list."""

    def __init__(self, site: Site, console: Console) -> None:
        self._site = site
        self._console = console
        self._words = ConsoleWords(console.playbook)
        self._finder = Finder(console.facts.engine)
        self._choices = Choices(console)
        self._views = ViewStore(console.facts.engine)

    async def show(self, request: Request, account: Account) -> Response:
        """The list that an address asks for; a form's address is first made the one that stands for its list."""
        query = request.url.query
        if not query:
            first = await self._views.first_of(account.person_id)
            if first is not None:
                return RedirectResponse(f"{CALLS}?{first.query}", status_code=303)
        try:
            listing = read_query(query)
        except UnreadableAddressError as error:
            return await self._refuse(request, account, error.problems)
        by_script = "hx-request" in request.headers
        if query and query != listing.query and not by_script:
            return RedirectResponse(listing.url, status_code=303)
        found = await find(listing, account, self._console, self._finder)
        response = await self._page(request, account, listing, found)
        if by_script:
            response.headers["hx-push-url"] = listing.url
        return response

    async def _refuse(self, request: Request, account: Account, problems: Mapping[str, str]) -> Response:
        # htmx puts only answers that succeeded into the page.
        status = 200 if "hx-request" in request.headers else 422
        return await self._page(request, account, Listing(), None, status, problems)

    async def _page(
        self,
        request: Request,
        account: Account,
        listing: Listing,
        found: Found | None,
        status: int = 200,
        problems: Mapping[str, str] | None = None,
    ) -> Response:
        looks_back = account.has(*LOOKING_BACK)
        return self._site.pages.page(
            "qa/calls.html",
            request,
            account,
            status,
            navigation=navigation_of(account),
            listing=listing,
            wanted=listing.wanted,
            found=found,
            lines=self._lines(found),
            heads=heads(listing),
            chips=chips(listing, self._words),
            all_url=Listing().url,
            page_url=lambda number: listing.model_copy(update={"page": number}).url,
            problems=problems or {},
            views=await self._views.seen_by(account.person_id),
            choices=await self._choices.read() if looks_back else {},
            words=self._words,
            periods=PERIODS,
            orders=ORDERS,
            outcomes=OUTCOMES,
            more=any(getattr(listing.wanted, name) is not None for name in MORE),
            looks_back=looks_back,
            may_listen=account.has(Role.SUPERVISOR),
            most_recordings=MOST,
        )

    def _lines(self, found: Found | None) -> list[object]:
        if found is None:
            return []
        return [line(one, self._words, found.snippets.get(one.call_id, ())) for one in found.calls]
