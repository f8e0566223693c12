"""Drafts of forms: to write, to change, to activate."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from qa.console.places import SCORECARDS
from qa.console.scorecards.form_routes import FormsPage, form_page, forms_page
from qa.scorecards.anew import MOST_DAYS, ScoringAnew
from qa.scorecards.form_store import FormFrozenError, FormUnknownError
from qa.scorecards.reviews import Reviews
from qa.scorecards.source import PlaybookError, read_text
from web.accounts import Account, Role
from web.app import Site

MOST_SOURCE = 100_000
"""Characters of a form."""


def create_draft_router(site: Site, reviews: Reviews, scoring: ScoringAnew | None) -> APIRouter:
    """The routes."""
    supervisor = Depends(site.door.needs(Role.SUPERVISOR))
    router = APIRouter(prefix=SCORECARDS, dependencies=[Depends(site.door.check_form)])
    forms = reviews.active.store

    @router.post("/forms")
    async def write(
        request: Request,
        source: Annotated[str, Form(max_length=MOST_SOURCE)] = "",
        file: UploadFile | None = None,
        account: Account = supervisor,
    ) -> Response:
        text = await _sent(source, file)
        try:
            made = await forms.add_draft(read_text(text), text, account.person_id)
        except PlaybookError as error:
            page = FormsPage(reviews, scoring)
            return await forms_page(site, page, request, account, text, error.problems)
        return RedirectResponse(f"{SCORECARDS}/forms/{made.form.name}/{made.version}", status_code=303)

    @router.post("/forms/{name}/{version}")
    async def change(
        request: Request,
        name: str,
        version: int,
        source: Annotated[str, Form(max_length=MOST_SOURCE)],
        account: Account = supervisor,
    ) -> Response:
        text = source.replace("\r\n", "\n")
        try:
            await forms.change_draft(name, version, read_text(text), text)
        except FormUnknownError:
            raise HTTPException(status_code=404, detail="unknown_form") from None
        except FormFrozenError:
            raise HTTPException(status_code=409, detail="no_draft") from None
        except PlaybookError as error:
            found = await forms.get(name, version)
            return form_page(
                site, request, account, found.model_copy(update={"source": text}), error.problems
            )
        return RedirectResponse(f"{SCORECARDS}/forms/{name}/{version}", status_code=303)

    @router.post("/forms/{name}/{version}/activate")
    async def activate(
        name: str,
        version: int,
        account: Account = supervisor,
        days: Annotated[int, Form(ge=0, le=MOST_DAYS)] = 0,
    ) -> Response:
        try:
            await forms.activate(name, version, account.person_id)
        except (FormFrozenError, FormUnknownError):
            raise HTTPException(status_code=409, detail="no_draft") from None
        await reviews.active.renew()
        if scoring is not None and days:
            await scoring.begin(days)
        return RedirectResponse(SCORECARDS, status_code=303)

    return router


async def _sent(source: str, file: UploadFile | None) -> str:
    """What a file holds, where one was sent, else what was written."""
    sent = await file.read(MOST_SOURCE) if file is not None and file.filename else b""
    return sent.decode("utf-8", "replace") if sent else source.replace("\r\n", "\n")
