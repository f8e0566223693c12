"""The versions of forms, to look at."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from qa.console.places import SCORECARDS, navigation_of
from qa.console.scorecards.anew_routes import anew_values
from qa.scorecards.anew import DAYS, ScoringAnew
from qa.scorecards.form_store import FormUnknownError
from qa.scorecards.reviews import Reviews
from qa.scorecards.values import FormVersion
from web.accounts import Account, Role
from web.app import Site


def create_form_router(site: Site, reviews: Reviews, scoring: ScoringAnew | None) -> APIRouter:
    """The routes."""
    seer = Depends(site.door.needs(Role.ANALYST, Role.SUPERVISOR))
    router = APIRouter(prefix=SCORECARDS, dependencies=[Depends(site.door.check_form)])
    forms = reviews.active.store

    @router.get("")
    async def versions(request: Request, account: Account = seer) -> Response:
        page = FormsPage(reviews, scoring)
        return await forms_page(site, page, request, account)

    @router.get("/forms/{name}/{version}")
    async def version(request: Request, name: str, version: int, account: Account = seer) -> Response:
        try:
            found = await forms.get(name, version)
        except FormUnknownError:
            raise HTTPException(status_code=404, detail="unknown_form") from None
        return form_page(site, request, account, found)

    return router


@dataclass(frozen=True)
class FormsPage:
    """What the page of all forms shows."""

    reviews: Reviews
    scoring: ScoringAnew | None


async def forms_page(
    site: Site,
    shown: FormsPage,
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
        versions=await shown.reviews.active.store.all(),
        changes=account.has(Role.SUPERVISOR),
        source=source if source is not None else shown.reviews.form.source,
        problems=problems,
        **await anew_values(shown.scoring),
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
        days=DAYS,
        changes=account.has(Role.SUPERVISOR),
        problems=problems,
    )
