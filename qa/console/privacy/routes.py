"""Look a number up, export it, delete it; what expires when, the last sweeps, and what is held."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from qa.access.log import Accessed
from qa.console.console import Console
from qa.console.places import PRIVACY, navigation_of
from qa.console.privacy.view import found_calls, overview
from qa.privacy.command import told
from qa.privacy.holds import HoldError
from qa.privacy.parts import PrivacyParts
from qa.privacy.person import NumberUnknownError
from web.accounts import Account, Role
from web.app import Site

WORD = "delete"
"""What an admin types before anything is deleted."""
NOTICES = {
    "held": "The call is held: nobody can delete it until the hold is taken away.",
    "released": "The hold is taken away.",
}
"""What the page says after something was done, by code."""


def create_privacy_router(site: Site, console: Console) -> APIRouter:
    """The routes."""
    return _Routes(site, console).router()


class _Routes:
    """What each route does."""

    def __init__(self, site: Site, console: Console) -> None:
        self._site = site
        self._console = console

    def router(self) -> APIRouter:
        door = self._site.door
        admin = Depends(door.needs(Role.ADMIN))
        router = APIRouter(prefix=PRIVACY, dependencies=[Depends(door.check_form)])

        @router.get("")
        async def first(request: Request, account: Account = admin, notice: str = "") -> Response:
            return await self._page(request, account, said=NOTICES.get(notice, ""))

        @router.post("/person")
        async def person(
            request: Request, number: Annotated[str, Form()], account: Account = admin
        ) -> Response:
            """A form and no address with the number in it: addresses end up in logs and histories."""
            return await self._person(request, account, number)

        @router.post("/export")
        async def export(
            request: Request, number: Annotated[str, Form()], account: Account = admin
        ) -> Response:
            return await self._export(request, account, number)

        @router.post("/delete")
        async def delete(
            request: Request,
            number: Annotated[str, Form()],
            word: Annotated[str, Form()] = "",
            account: Account = admin,
        ) -> Response:
            return await self._delete(request, account, number, word)

        @router.post("/hold")
        async def hold(
            request: Request,
            call_id: Annotated[str, Form(max_length=64)],
            reason: Annotated[str, Form()] = "",
            account: Account = admin,
        ) -> Response:
            try:
                await self._parts.holds.put(call_id.strip(), account.person_id, reason)
            except HoldError as error:
                return await self._page(request, account, status=400, problem=f"{str(error).capitalize()}.")
            return RedirectResponse(f"{PRIVACY}?notice=held", status_code=303)

        @router.post("/release")
        async def release(
            request: Request, call_id: Annotated[str, Form(max_length=64)], account: Account = admin
        ) -> Response:
            try:
                await self._parts.holds.release(call_id)
            except HoldError as error:
                return await self._page(request, account, status=400, problem=f"{str(error).capitalize()}.")
            return RedirectResponse(f"{PRIVACY}?notice=released", status_code=303)

        return router

    @property
    def _parts(self) -> PrivacyParts:
        if self._console.privacy is None:
            raise HTTPException(404)
        return self._console.privacy

    async def _page(
        self,
        request: Request,
        account: Account,
        *,
        status: int = 200,
        said: str = "",
        problem: str = "",
        number: str = "",
        result: list[str] | None = None,
    ) -> Response:
        parts = self._parts
        return self._site.pages.page(
            "qa/privacy/first.html",
            request,
            account,
            status,
            navigation=navigation_of(account),
            said=said,
            problem=problem,
            number=number,
            result=result or [],
            with_carrier=parts.with_carrier,
            view=await overview(parts),
        )

    async def _person(
        self, request: Request, account: Account, number: str, *, status: int = 200, problem: str = ""
    ) -> Response:
        parts = self._parts
        try:
            person = await parts.people.find(number)
        except NumberUnknownError as error:
            return await self._unknown(request, account, number, error)
        for call_id in person.all:
            # The page shows what was agreed to, which is a part of the call.
            await self._console.access.note(account.person_id, Accessed.OPENED, call_id, "found by number")
        return self._site.pages.page(
            "qa/privacy/person.html",
            request,
            account,
            status,
            navigation=navigation_of(account),
            person=person,
            calls=await found_calls(parts, self._console.facts, person),
            word=WORD,
            problem=problem,
            with_carrier=parts.with_carrier,
        )

    async def _export(self, request: Request, account: Account, number: str) -> Response:
        folder = Path(tempfile.mkdtemp(prefix="warmline-export-"))
        path = folder / "export.zip"
        try:
            await self._parts.people.export(number, path, account.person_id)
        except NumberUnknownError as error:
            _remove(folder)
            return await self._unknown(request, account, number, error)
        except BaseException:
            _remove(folder)
            raise
        return FileResponse(
            path,
            media_type="application/zip",
            filename="person.zip",
            background=BackgroundTask(_remove, folder),
        )

    async def _delete(self, request: Request, account: Account, number: str, word: str) -> Response:
        if word.strip().lower() != WORD:
            problem = f"Nothing was deleted: type the word “{WORD}” to confirm."
            return await self._person(request, account, number, status=400, problem=problem)
        try:
            erased = await self._parts.people.delete(number, account.person_id)
        except NumberUnknownError as error:
            return await self._unknown(request, account, number, error)
        return await self._page(request, account, result=told(erased))

    async def _unknown(
        self, request: Request, account: Account, number: str, error: NumberUnknownError
    ) -> Response:
        problem = f"{str(error).capitalize()}."
        return await self._page(request, account, status=400, problem=problem, number=number)


def _remove(folder: Path) -> None:
    """Delete an export once it is sent."""
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
