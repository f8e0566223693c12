"""The versions of forms: to look at, to write, to activate."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from qa.console.places import SCORECARDS, navigation_of
from qa.scorecards.form_store import FormFrozenError, FormUnknownError
from qa.scorecards.reviews import Reviews
from qa.scorecards.source import PlaybookError, read_text
from web.accounts import Account, Role
from web.app import Site

MOST_SOURCE = 100_000
"""Characters of a form."""


def create_form_router(site: Site, reviews: Reviews) -> APIRouter:
    """The routes."""
    seer = Depends(site.door.needs(Role.ANALYST, Role.SUPERVISOR))
    supervisor = Depends(site.door.needs(Role.SUPERVISOR))
    router = APIRouter(prefix=SCORECARDS, dependencies=[Depends(site.door.check_form)])
    forms = reviews.active.store

    @router.get("")
    async def versions(request: Request, account: Account = seer) -> Response:
        return site.pages.page(
            "qa/scorecards/forms.html",
            request,
            account,
            navigation=navigation_of(account),
            versions=await forms.all(),
            changes=account.has(Role.SUPERVISOR),
            source=reviews.form.source,
            problems=(),
        )

    @router.get("/forms/{name}/{version}")
    async def version(request: Request, name: str, version: int, account: Account = seer) -> Response:
        try:
            found = await forms.get(name, version)
        except FormUnknownError:
            raise HTTPException(status_code=404, detail="unknown_form") from None
        return site.pages.page(
            "qa/scorecards/form.html",
            request,
            account,
            navigation=navigation_of(account),
            version=found,
            changes=account.has(Role.SUPERVISOR),
        )

    @router.post("/forms")
    async def write(
        request: Request,
        source: Annotated[str, Form(max_length=MOST_SOURCE)] = "",
        file: UploadFile | None = None,
        account: Account = supervisor,
    ) -> Response:
        sent = await file.read(MOST_SOURCE) if file is not None and file.filename else b""
        text = sent.decode("utf-8", "replace") if sent else source.replace("\r\n", "\n")
        try:
            made = await forms.add_draft(read_text(text), text, account.person_id)
        except PlaybookError as error:
            return site.pages.page(
                "qa/scorecards/forms.html",
                request,
                account,
                422,
                navigation=navigation_of(account),
                versions=await forms.all(),
                changes=True,
                source=text,
                problems=error.problems,
            )
        return RedirectResponse(f"{SCORECARDS}/forms/{made.form.name}/{made.version}", status_code=303)

    @router.post("/forms/{name}/{version}/activate")
    async def activate(name: str, version: int, account: Account = supervisor) -> Response:
        try:
            await forms.activate(name, version, account.person_id)
        except (FormFrozenError, FormUnknownError):
            raise HTTPException(status_code=409, detail="no_draft") from None
        await reviews.active.renew()
        return RedirectResponse(SCORECARDS, status_code=303)

    return router
