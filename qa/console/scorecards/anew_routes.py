"""Scoring calls of the time back by the form of now, and how far that has come."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from qa.console.places import SCORECARDS
from qa.scorecards.anew import DAYS, MOST_DAYS, ScoringAnew
from web.accounts import Account, Role
from web.app import Site

PIECE = "qa/scorecards/_anew.html"


def create_anew_router(site: Site, scoring: ScoringAnew) -> APIRouter:
    """The routes."""
    seer = Depends(site.door.needs(Role.ANALYST, Role.SUPERVISOR))
    supervisor = Depends(site.door.needs(Role.SUPERVISOR))
    router = APIRouter(prefix=SCORECARDS, dependencies=[Depends(site.door.check_form)])

    @router.get("/anew")
    async def progress(request: Request, account: Account = seer) -> Response:
        values = await anew_values(scoring)
        csrf = site.sessions.token_of(request.cookies)
        return HTMLResponse(
            site.pages.piece(PIECE, **values, csrf=csrf, changes=account.has(Role.SUPERVISOR))
        )

    @router.post("/anew")
    async def begin(
        days: Annotated[int, Form(ge=1, le=MOST_DAYS)] = DAYS, _account: Account = supervisor
    ) -> Response:
        await scoring.begin(days)
        return RedirectResponse(SCORECARDS, status_code=303)

    return router


async def anew_values(scoring: ScoringAnew | None) -> dict[str, Any]:
    """What the piece shows."""
    if scoring is None:
        return {"scoring": None}
    progress = scoring.progress
    days = progress.days if progress is not None else DAYS
    return {"scoring": scoring, "progress": progress, "days": days, "left": await scoring.left(days)}
