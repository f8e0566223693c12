"""Who has looked at, listened to or taken away what."""

from fastapi import APIRouter, Depends, Query, Request, Response

from qa.access.log import Accessed
from qa.console.console import Console
from qa.console.places import ACCESSES, CALLS, navigation_of
from web.accounts import Account, Role
from web.app import Site

PAGE = 100
WORDS = {
    Accessed.OPENED: "opened",
    Accessed.LISTENED: "listened to",
    Accessed.SEARCHED: "searched",
    Accessed.EXPORTED: "exported",
    Accessed.DELETED: "deleted",
}


def create_accesses_router(site: Site, console: Console) -> APIRouter:
    """The routes."""
    supervisor = Depends(site.door.needs(Role.SUPERVISOR))
    router = APIRouter(prefix=ACCESSES)

    @router.get("")
    async def accesses(
        request: Request,
        account: Account = supervisor,
        call: str = "",
        person: str = "",
        page: int = Query(1, ge=1, le=1_000_000),
    ) -> Response:
        call, person = call.strip(), person.strip()
        # One more than is shown tells whether there is a next page.
        lines = await console.access.lines(
            call or None, PAGE + 1, (page - 1) * PAGE, person_id=person or None
        )
        return site.pages.page(
            "qa/accesses.html",
            request,
            account,
            navigation=navigation_of(account),
            lines=lines[:PAGE],
            more=len(lines) > PAGE,
            call=call,
            person=person,
            page=page,
            words=WORDS,
            calls=CALLS,
        )

    return router
