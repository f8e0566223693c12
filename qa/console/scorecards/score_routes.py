"""Scoring a call, and disputing an answer."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from qa.access.log import Accessed
from qa.console.console import Console
from qa.console.panels import Viewing
from qa.console.places import QA, navigation_of
from qa.console.scorecards.fields import MOST_WORDS, answers_from
from qa.console.scorecards.panel import ScorecardPanel
from qa.console.sight import sees
from qa.facts.fold import facts_of
from qa.facts.types import CallFacts
from qa.scorecards.reviews import NotAllowedError, ReviewError, Reviews
from qa.scorecards.scoring import AnswerError
from qa.scorecards.store import SubmittedError
from web.accounts import Account, Role
from web.app import Site

DETAIL = "scorecard"


def create_score_router(site: Site, console: Console, reviews: Reviews) -> APIRouter:
    """The routes."""
    return _Routes(site, console, reviews).router()


class _Routes:
    """What each route does."""

    def __init__(self, site: Site, console: Console, reviews: Reviews) -> None:
        self._site = site
        self._console = console
        self._reviews = reviews
        self._panel = ScorecardPanel(reviews)

    def router(self) -> APIRouter:
        door = self._site.door
        seer = Depends(door.needs(Role.ANALYST, Role.SUPERVISOR, Role.AGENT))
        scorer = Depends(door.needs(Role.ANALYST, Role.SUPERVISOR))
        router = APIRouter(prefix=f"{QA}/calls", dependencies=[Depends(door.check_form)])

        @router.get("/{call_id}/score")
        async def score(request: Request, call_id: str, account: Account = seer) -> Response:
            seen, _ = await self.viewing(request, account, call_id)
            return await self.answer(request, seen)

        @router.post("/{call_id}/score")
        async def save(request: Request, call_id: str, account: Account = scorer) -> Response:
            return await self.save(request, account, call_id)

        @router.post("/{call_id}/disputes")
        async def dispute(request: Request, call_id: str, account: Account = seer) -> Response:
            return await self.dispute(request, account, call_id)

        return router

    async def viewing(self, request: Request, account: Account, call_id: str) -> tuple[Viewing, CallFacts]:
        """A call for somebody who may see it, noted before anything is handed out."""
        events = await self._console.log.read(call_id)
        known = facts_of(events)
        if known is None or not sees(account, known):
            raise HTTPException(status_code=404, detail="unknown_call")
        await self._console.access.note(account.person_id, Accessed.OPENED, call_id, DETAIL)
        csrf = self._site.sessions.token_of(request.cookies)
        return Viewing(account, call_id, events, csrf, self._site.pages.piece), known

    async def answer(
        self,
        request: Request,
        seen: Viewing,
        notice: str = "",
        problems: Mapping[str, str] | None = None,
        given: Mapping[str, str] | None = None,
    ) -> Response:
        """The card, alone for htmx, else as a page."""
        card = await self._panel.card(seen, notice, problems, given)
        if request.headers.get("hx-request"):
            return HTMLResponse(card)  # htmx shows no other status than 200
        return self._site.pages.page(
            "qa/scorecards/score.html",
            request,
            seen.account,
            422 if problems else 200,
            navigation=navigation_of(seen.account),
            call_id=seen.call_id,
            card=card,
        )

    async def save(self, request: Request, account: Account, call_id: str) -> Response:
        """Keep a draft, or a submission."""
        seen, known = await self.viewing(request, account, call_id)
        fields = await _fields(request)
        try:
            given = answers_from(self._reviews.form.form, fields)
            if fields.get("do") == "submit":
                await self._reviews.submit(account.person_id, known, seen.events, given)
                return await self.answer(request, seen, "Thank you. Your score is kept.")
            await self._reviews.save(account.person_id, known, given)
        except AnswerError as error:
            return await self.answer(request, seen, problems=error.problems, given=fields)
        except SubmittedError:
            return await self.answer(request, seen, "You have scored this call already.")
        return await self.answer(request, seen, "Your draft is kept. Only you see it.")

    async def dispute(self, request: Request, account: Account, call_id: str) -> Response:
        """Keep a dispute."""
        seen, known = await self.viewing(request, account, call_id)
        fields = await _fields(request)
        what = [fields.get(name, "")[:MOST_WORDS] for name in ("evaluation", "question", "reason")]
        try:
            await self._reviews.dispute(account, known, seen.events, what[0], what[1], what[2])
        except NotAllowedError:
            raise HTTPException(status_code=403, detail="not_yours_to_dispute") from None
        except ReviewError as error:
            return await self.answer(request, seen, str(error))
        return await self.answer(request, seen, "Your dispute is kept. A supervisor will settle it.")


async def _fields(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
