"""The page on versions of what was learnt."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from qa.console.console import Console
from qa.console.learning.learning import Learning
from qa.console.places import RERUNS, VERSIONS, navigation_of
from qa.learning.versions import BUILT_IN, VersionError
from web.accounts import Account, Role
from web.app import Site


def create_versions_router(site: Site, console: Console) -> APIRouter:
    """The routes; none where nothing is learnt."""
    router = APIRouter(prefix=VERSIONS, dependencies=[Depends(site.door.check_form)])
    if console.learning is not None:
        _add(router, site, console, console.learning)
    return router


def _add(router: APIRouter, site: Site, console: Console, learning: Learning) -> None:
    reader = Depends(site.door.needs(Role.ANALYST, Role.SUPERVISOR))
    supervisor = Depends(site.door.needs(Role.SUPERVISOR))

    def show(request: Request, account: Account, fault: str = "", status: int = 200) -> Response:
        return site.pages.page(
            "qa/learning/versions.html",
            request,
            account,
            status,
            navigation=navigation_of(account),
            versions=learning.versions.manifests(),
            promoted=learning.versions.promoted(),
            history=learning.versions.history()[:20],
            built_in=BUILT_IN,
            may_promote=account.has(Role.SUPERVISOR),
            fault=fault,
            here=VERSIONS,
            reruns=RERUNS,
        )

    @router.get("")
    async def listed(request: Request, account: Account = reader) -> Response:
        return show(request, account)

    @router.post("/{name}/promote")
    async def promote(request: Request, name: str, account: Account = supervisor) -> Response:
        try:
            learning.versions.promote(name, account.person_id, console.now())
        except VersionError as error:
            return show(request, account, str(error), 409)
        return RedirectResponse(VERSIONS, status_code=303)
