"""The list of calls."""

from fastapi import APIRouter, Depends, Request, Response

from qa.console.console import Console
from qa.console.places import NAVIGATION, QA
from qa.facts.filter import CallFilter
from web.accounts import Account, Role
from web.app import Site

PAGE = 50


def create_calls_router(site: Site, console: Console) -> APIRouter:
    """The routes."""
    door = site.door
    analyst = Depends(door.needs(Role.ANALYST, Role.SUPERVISOR))
    router = APIRouter(prefix=QA, dependencies=[Depends(door.check_form)])

    @router.get("/calls")
    async def calls(request: Request, account: Account = analyst) -> Response:
        wanted = CallFilter()
        return site.pages.page(
            "qa/calls.html",
            request,
            account,
            navigation=NAVIGATION,
            calls=await console.facts.page(wanted, limit=PAGE),
            count=await console.facts.count(wanted),
        )

    return router
