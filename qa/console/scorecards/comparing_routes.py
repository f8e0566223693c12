"""Calibration sessions, and how far scorers agree."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from qa.console.console import Console
from qa.console.places import QA, SCORECARDS, navigation_of
from qa.scorecards.agreement import LEAST
from qa.scorecards.form_store import FormUnknownError
from qa.scorecards.reviews import ReviewError, Reviews
from qa.scorecards.seeing import missing
from qa.scorecards.values import Calibration, FormState, FormVersion
from web.accounts import Account, Role
from web.app import Site


def create_comparing_router(site: Site, console: Console, reviews: Reviews) -> APIRouter:
    """The routes."""
    analyst = Depends(site.door.needs(Role.ANALYST, Role.SUPERVISOR))
    supervisor = Depends(site.door.needs(Role.SUPERVISOR))
    router = APIRouter(prefix=QA, dependencies=[Depends(site.door.check_form)])

    async def calibration_page(request: Request, account: Account, problem: str = "") -> Response:
        async def shown(one: Calibration) -> dict[str, object]:
            return {"session": one, "missing": missing(one, await reviews.store.of_call(one.call_id))}

        sessions = await reviews.store.sessions()
        return site.pages.page(
            "qa/scorecards/calibration.html",
            request,
            account,
            422 if problem else 200,
            navigation=navigation_of(account),
            sessions=[await shown(one) for one in reversed(sessions)],
            opens=account.has(Role.SUPERVISOR),
            problem=problem,
        )

    async def form_of(name: str, version: int) -> FormVersion:
        try:
            return await reviews.active.store.get(name, version) if name else reviews.form
        except FormUnknownError:
            raise HTTPException(status_code=404, detail="unknown_form") from None

    @router.get("/scorecards/agreement")
    async def agreement(
        request: Request,
        account: Account = analyst,
        form: Annotated[str, Query(max_length=60)] = "",
        version: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        by = await form_of(form, version)
        return site.pages.page(
            "qa/scorecards/agreement.html",
            request,
            account,
            navigation=navigation_of(account),
            form=by,
            forms=[one for one in await reviews.active.store.all() if one.state is not FormState.DRAFT],
            found=await reviews.agreement(by),
            least=LEAST,
        )

    @router.get("/scorecards/calibration")
    async def calibration(request: Request, account: Account = analyst) -> Response:
        return await calibration_page(request, account)

    @router.post("/scorecards/calibration")
    async def begin(
        request: Request,
        call: Annotated[str, Form(max_length=64)],
        reviewers: Annotated[str, Form(max_length=400)] = "",
        account: Account = supervisor,
    ) -> Response:
        if await console.facts.get(call.strip()) is None:
            return await calibration_page(request, account, "There is no such call.")
        try:
            await reviews.open_session(account.person_id, call.strip(), reviewers.replace(",", " ").split())
        except ReviewError as error:
            return await calibration_page(request, account, str(error))
        return RedirectResponse(f"{SCORECARDS}/calibration", status_code=303)

    return router
