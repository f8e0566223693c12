"""The review queue: its two lists, and one call of them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from qa.console.console import Console
from qa.console.periods import WORDS as PERIODS
from qa.console.periods import Period
from qa.console.places import LOOKING_BACK, REVIEW, navigation_of
from qa.console.rows import line
from qa.console.words import ConsoleWords
from qa.facts.search import Finder
from qa.review.queue import Deed, Draw, Entry, Reviewer, ReviewHeldError, ReviewState, draw, neighbours
from qa.review.rules import is_sampled
from qa.review.store import ReviewStore
from web.accounts import Account, Role
from web.app import Site

PAGE = 50
STATES = {ReviewState.TAKEN: "taken", ReviewState.DONE: "reviewed", ReviewState.SKIPPED: "skipped"}
DRAWS = {Draw.WORST: "Worst first", Draw.SAMPLE: "Random sample"}


class Shown(StrEnum):
    """Which calls of a list are shown."""

    OPEN = "open"
    """Nobody has reviewed or skipped them."""
    MINE = "mine"
    DONE = "done"
    SKIPPED = "skipped"


SHOWN = {Shown.OPEN: "To review", Shown.MINE: "Mine", Shown.DONE: "Reviewed", Shown.SKIPPED: "Skipped"}


@dataclass(frozen=True)
class Asked:
    """A part of the queue, as it stands in an address."""

    draw: Draw = Draw.WORST
    show: Shown = Shown.OPEN
    period: Period = Period.WEEK

    @property
    def query(self) -> str:
        """The address behind the `?`."""
        return urlencode({"draw": self.draw.value, "show": self.show.value, "period": self.period.value})

    def shows(self, entry: Entry, person_id: str) -> bool:
        """Whether a call belongs to what is shown."""
        review = entry.review
        match self.show:
            case Shown.MINE:
                return review is not None and review.person_id == person_id
            case Shown.OPEN:
                return review is None or review.state is ReviewState.TAKEN
        return review is not None and review.state.value == self.show.value


def _asked(draw: Draw = Draw.WORST, show: Shown = Shown.OPEN, period: Period = Period.WEEK) -> Asked:
    return Asked(draw, show, period)


def create_review_router(site: Site, console: Console) -> APIRouter:
    """The routes."""
    pages = _ReviewPages(site, console)
    reviewer = Depends(site.door.needs(*LOOKING_BACK))
    asked_for = Depends(_asked)
    router = APIRouter(prefix=REVIEW, dependencies=[Depends(site.door.check_form)])

    @router.get("")
    async def queue(
        request: Request,
        asked: Asked = asked_for,
        page: int = Query(1, ge=1, le=1_000_000),
        account: Account = reviewer,
    ) -> Response:
        return await pages.queue(request, account, asked, page)

    @router.get("/{call_id}")
    async def call(
        request: Request, call_id: str, asked: Asked = asked_for, account: Account = reviewer
    ) -> Response:
        return await pages.call(request, account, call_id, asked)

    @router.post("/{call_id}")
    async def do(
        request: Request,
        call_id: str,
        deed: Annotated[Deed, Form()],
        asked: Asked = asked_for,
        account: Account = reviewer,
    ) -> Response:
        return await pages.do(request, account, call_id, deed, asked)

    return router


class _ReviewPages:
    """What each route does."""

    def __init__(self, site: Site, console: Console) -> None:
        self._site = site
        self._console = console
        self._words = ConsoleWords(console.playbook)
        self._finder = Finder(console.facts.engine)
        self._store = ReviewStore(console.facts.engine, console.now)

    async def queue(self, request: Request, account: Account, asked: Asked, page: int) -> Response:
        """One list."""
        every = await self._entries(asked)
        entries = [one for one in every if asked.shows(one, account.person_id)]
        shown = entries[(page - 1) * PAGE : page * PAGE]
        return self._site.pages.page(
            "qa/review.html",
            request,
            account,
            navigation=navigation_of(account),
            asked=asked,
            rows=await self._rows(shown),
            count=len(entries),
            drawn=len(every),
            reviewed=sum(one.review is not None and one.review.state is ReviewState.DONE for one in every),
            page=page,
            more=len(entries) > page * PAGE,
            percent=self._console.review.sample_percent,
            others=lambda **change: Asked(**{**vars(asked), **change}).query,
            draws=DRAWS,
            shows=SHOWN,
            periods=PERIODS,
            states=STATES,
        )

    async def call(
        self, request: Request, account: Account, call_id: str, asked: Asked, held: str = ""
    ) -> Response:
        """One call, why it is here, and who has it."""
        known = await self._console.facts.get(call_id)
        if known is None:
            raise HTTPException(status_code=404, detail="unknown_call")
        entries = await self._entries(asked)
        shown = [one for one in entries if asked.shows(one, account.person_id) or one.call_id == call_id]
        before, behind = neighbours(shown, call_id)
        entry = next((one for one in entries if one.call_id == call_id), None)
        return self._site.pages.page(
            "qa/review_call.html",
            request,
            account,
            409 if held else 200,
            navigation=navigation_of(account),
            asked=asked,
            entry=entry,
            line=line(known, self._words),
            call_id=call_id,
            review=await self._store.get(call_id),
            before=before,
            behind=behind,
            held=held,
            chief=account.has(Role.SUPERVISOR),
            draws=DRAWS,
            states=STATES,
        )

    async def do(
        self, request: Request, account: Account, call_id: str, deed: Deed, asked: Asked
    ) -> Response:
        """Take, finish, skip or put back a call; after it is finished or skipped comes the next."""
        behind = await self._behind(account, call_id, asked)
        who = Reviewer(account.person_id, chief=account.has(Role.SUPERVISOR))
        sampled = is_sampled(call_id, self._console.review)
        try:
            await self._store.do(deed, call_id, who, sampled=sampled)
        except ReviewHeldError as error:
            held = f"{error.review.person_id} has this call: {STATES[error.review.state]}."
            return await self.call(request, account, call_id, asked, held)
        if deed in {Deed.TAKE, Deed.PUT_BACK}:
            return RedirectResponse(f"{REVIEW}/{call_id}?{asked.query}", status_code=303)
        onward = f"/{behind}" if behind is not None else ""
        return RedirectResponse(f"{REVIEW}{onward}?{asked.query}", status_code=303)

    async def _behind(self, account: Account, call_id: str, asked: Asked) -> str | None:
        if await self._console.facts.get(call_id) is None:
            raise HTTPException(status_code=404, detail="unknown_call")
        entries = await self._entries(asked)
        shown = [one for one in entries if asked.shows(one, account.person_id) or one.call_id == call_id]
        return neighbours(shown, call_id)[1]

    async def _entries(self, asked: Asked) -> tuple[Entry, ...]:
        since, until = asked.period.span(self._console.now())
        return draw(asked.draw, await self._store.calls(since, until), self._console.review)

    async def _rows(self, entries: list[Entry]) -> list[tuple[Entry, object]]:
        ids = [one.call_id for one in entries]
        lines = {one.call_id: line(one, self._words) async for some in self._finder.many(ids) for one in some}
        return [(one, lines[one.call_id]) for one in entries if one.call_id in lines]
