"""The pages as one ASGI application, to be mounted behind the routes of the telephone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.exceptions import HTTPException

from web.accounts import Account, Accounts
from web.assets import Assets, AssetsMissingError
from web.door import Door, ForgedFormError, RoleNeededError, SignInNeededError
from web.failures import Failures
from web.headers import PageHeaders
from web.pages import Pages
from web.server_sent import EVENT_STREAM
from web.sessions import Sessions
from web.sign_in import SIGN_IN, create_sign_in_router

TROUBLE = {
    400: ("That could not be read", "Something in the request is not as it should be."),
    403: ("Not for you", "Your account may not see this page. Ask an admin for the role you need."),
    404: ("Nothing here", "There is no such page, or it is not yours to see."),
    409: ("Too late", "This has changed in the meantime. Go back and look again."),
}
FORGED = (
    "Please try again",
    "The page was open for too long. Go back, load it again, and repeat what you did.",
)


@dataclass(frozen=True)
class Site:
    """What the pages of one server share."""

    assets: Assets
    sessions: Sessions
    accounts: Accounts
    door: Door
    pages: Pages


def create_site(
    accounts: Accounts, key: bytes, secure: bool, now: Callable[[], float], folders: Sequence[Path] = ()
) -> Site:
    """A site. `folders` each have `templates` and `static`; `now` gives seconds since the epoch."""
    assets = Assets.load(*(folder / "static" for folder in folders))
    sessions = Sessions(key, secure, now)
    pages = Pages(assets, sessions, *(folder / "templates" for folder in folders))
    return Site(assets, sessions, accounts, Door(sessions, accounts), pages)


def create_web_app(
    site: Site,
    routers: Sequence[APIRouter],
    home: Callable[[Account], str],
    clock: Callable[[], float],
) -> FastAPI:
    """All pages. `home` tells where an account begins; `clock` counts the seconds between failed sign-ins."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(PageHeaders)
    app.include_router(site.assets.router())
    app.include_router(
        create_sign_in_router(site.pages, site.door, site.sessions, site.accounts, Failures(clock))
    )
    for router in routers:
        app.include_router(router)

    @app.get("/")
    async def first(request: Request) -> Response:
        account = await site.door.account(request)
        return RedirectResponse(home(account) if account is not None else SIGN_IN, status_code=303)

    _Troubles(site).add_to(app)
    return app


class _Troubles:
    """What a person sees when a request cannot be met."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def add_to(self, app: FastAPI) -> None:
        app.add_exception_handler(SignInNeededError, self.sign_in_needed)
        app.add_exception_handler(RoleNeededError, self.role_needed)
        app.add_exception_handler(ForgedFormError, self.forged)
        app.add_exception_handler(RequestValidationError, self.unreadable)
        app.add_exception_handler(HTTPException, self.failed)
        app.add_exception_handler(AssetsMissingError, self.assets_missing)

    async def sign_in_needed(self, request: Request, _error: Exception) -> Response:
        if request.headers.get("hx-request"):
            return Response(status_code=401, headers={"hx-redirect": SIGN_IN})
        if EVENT_STREAM in request.headers.get("accept", "") or request.method != "GET":
            return PlainTextResponse("sign_in_needed", status_code=401)
        onward = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{SIGN_IN}?onward={quote(onward, safe='/')}", status_code=303)

    async def role_needed(self, request: Request, _error: Exception) -> Response:
        return await self._show(request, 403, *TROUBLE[403])

    async def forged(self, request: Request, _error: Exception) -> Response:
        return await self._show(request, 403, *FORGED)

    async def unreadable(self, request: Request, _error: Exception) -> Response:
        return await self._show(request, 400, *TROUBLE[400])

    async def failed(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status in TROUBLE:
            return await self._show(request, status, *TROUBLE[status])
        return PlainTextResponse(str(getattr(error, "detail", "failed")), status_code=status)

    async def assets_missing(self, _request: Request, error: Exception) -> Response:
        return PlainTextResponse(str(error), status_code=503)

    async def _show(self, request: Request, status: int, title: str, text: str) -> Response:
        account = await self._site.door.account(request)
        try:
            return self._site.pages.page("trouble.html", request, account, status, title=title, text=text)
        except AssetsMissingError as error:
            return PlainTextResponse(f"{title}. {text}\n\n{error}", status_code=status)
