"""The versions of forms, to look at."""

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from qa.console.places import SCORECARDS, navigation_of
from qa.scorecards.form_store import FormUnknownError
from qa.scorecards.reviews import Reviews
from qa.scorecards.values import FormVersion
from web.accounts import Account, Role
from web.app import Site


def create_form_router(site: Site, reviews: Reviews) -> APIRouter:
    """The routes."""
    seer = Depends(site.door.needs(Role.ANALYST, Role.SUPERVISOR))
    router = APIRouter(prefix=SCORECARDS, dependencies=[Depends(site.door.check_form)])
    forms = reviews.active.store

    @router.get("")
    async def versions(request: Request, account: Account = seer) -> Response:
        return await forms_page(site, reviews, request, account)

    @router.get("/forms/{name}/{version}")
    async def version(request: Request, name: str, version: int, account: Account = seer) -> Response:
        try:
            found = await forms.get(name, version)
        except FormUnknownError:
            raise HTTPException(status_code=404, detail="unknown_form") from None
        return form_page(site, request, account, found)

    return router


async def forms_page(
    site: Site,
    reviews: Reviews,
    request: Request,
    account: Account,
    source: str | None = None,
    problems: tuple[str, ...] = (),
) -> Response:
    """All versions, and a place to write another."""
    return site.pages.page(
        "qa/scorecards/forms.html",
        request,
        account,
        422 if problems else 200,
        navigation=navigation_of(account),
        versions=await reviews.active.store.all(),
        changes=account.has(Role.SUPERVISOR),
        source=source if source is not None else reviews.form.source,
        problems=problems,
    )


def form_page(
    site: Site, request: Request, account: Account, version: FormVersion, problems: tuple[str, ...] = ()
) -> Response:
    """One version; a draft can be changed there."""
    return site.pages.page(
        "qa/scorecards/form.html",
        request,
        account,
        422 if problems else 200,
        navigation=navigation_of(account),
        version=version,
        changes=account.has(Role.SUPERVISOR),
        problems=problems,
    )
