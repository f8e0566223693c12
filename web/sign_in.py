"""Signing in and out."""

from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from loguru import logger

from web.accounts import Accounts
from web.door import Door
from web.failures import Failures
from web.pages import Pages
from web.sessions import Sessions

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
HOME = "/"
WRONG = "The name or the password is not right."


def create_sign_in_router(
    pages: Pages, door: Door, sessions: Sessions, accounts: Accounts, failures: Failures
) -> APIRouter:
    """The routes."""
    router = APIRouter(dependencies=[Depends(door.check_form)])

    def page(request: Request, onward: str, status: int = 200, problem: str = "", name: str = "") -> Response:
        return pages.page(
            "sign_in.html", request, None, status, problem=problem, name=name, onward=local_path(onward)
        )

    @router.get(SIGN_IN)
    async def ask(request: Request, onward: str = HOME) -> Response:
        if await door.account(request) is not None:
            return RedirectResponse(local_path(onward), status_code=303)
        return page(request, onward)

    @router.post(SIGN_IN)
    async def sign_in(
        request: Request,
        name: Annotated[str, Form(max_length=120)] = "",
        password: Annotated[str, Form(max_length=1000)] = "",
        onward: Annotated[str, Form(max_length=2000)] = HOME,
    ) -> Response:
        name = name.strip().lower()
        address = request.client.host if request.client is not None else ""
        wait_s = failures.begin(name, address)
        if wait_s is not None:
            logger.bind(address=address).warning("sign-in refused: too many failures")
            problem = f"Too many tries. Please wait {ceil(wait_s / 60)} minutes."
            response = page(request, onward, 429, problem, name)
            response.headers["retry-after"] = str(ceil(wait_s))
            return response
        account = await accounts.sign_in(name, password)
        if account is None:
            return page(request, onward, 401, WRONG, name)
        failures.succeeded(name, address)
        response = RedirectResponse(local_path(onward), status_code=303)
        sessions.begin(response, account.person_id, account.sessions)
        return response

    @router.post(SIGN_OUT)
    async def sign_out() -> Response:
        response = RedirectResponse(SIGN_IN, status_code=303)
        sessions.end(response)
        return response

    return router


def local_path(path: str) -> str:
    """`path` where it is one on this site, else the first page: nobody is sent on to another site.

    Browsers read a backslash as a slash and skip control characters, so both could hide a host's name.
    """
    plain = path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else HOME
