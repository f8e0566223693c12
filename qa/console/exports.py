"""What can be taken away of a list: its facts as CSV or JSON Lines, and its recordings."""

from collections.abc import AsyncIterator, Callable, Iterable

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from qa.access.log import Accessed
from qa.console.addresses import Listing, UnreadableAddressError, read_query
from qa.console.chips import without_persons
from qa.console.console import Console
from qa.console.listed import seen_of
from qa.console.places import LOOKING_BACK, QA
from qa.export.archive import MOST, archive
from qa.export.lines import csv_head, csv_lines, json_lines
from qa.facts.search import Finder
from qa.facts.types import CallFacts
from web.accounts import Account, Role
from web.app import Site

Lines = Callable[[Iterable[CallFacts]], str]


def create_exports_router(site: Site, console: Console) -> APIRouter:
    """The routes. Each notes the access before its first byte."""
    exports = _Exports(console)
    looks_back = Depends(site.door.needs(*LOOKING_BACK))
    listens = Depends(site.door.needs(Role.SUPERVISOR))
    router = APIRouter(prefix=QA, dependencies=[Depends(site.door.check_form)])

    @router.get("/calls.csv")
    async def as_csv(request: Request, account: Account = looks_back) -> Response:
        lines = await exports.lines(request, account, csv_lines, csv_head())
        return _file(lines, "calls.csv", "text/csv; charset=utf-8")

    @router.get("/calls.jsonl")
    async def as_json_lines(request: Request, account: Account = looks_back) -> Response:
        return _file(await exports.lines(request, account, json_lines), "calls.jsonl", "application/x-ndjson")

    @router.get("/recordings.zip")
    async def recordings(request: Request, account: Account = listens) -> Response:
        return _file(await exports.recordings(request, account), "recordings.zip", "application/zip")

    return router


class _Exports:
    """Reads the calls that an address asks for, and notes who takes them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._finder = Finder(console.facts.engine)

    async def lines(
        self, request: Request, account: Account, lines: Lines, head: str = ""
    ) -> AsyncIterator[str]:
        """Lines for all calls of a list."""
        listing = _listing(request)
        ids = await self._ids(listing, account)
        detail = f"{len(ids)} calls of {without_persons(listing)}"
        await self._console.access.note(account.person_id, Accessed.EXPORTED, detail=detail)
        return self._lines(ids, lines, head)

    async def _lines(self, ids: list[str], lines: Lines, head: str) -> AsyncIterator[str]:
        yield head
        async for calls in self._finder.many(ids):
            yield lines(calls)

    async def recordings(self, request: Request, account: Account) -> AsyncIterator[bytes]:
        """The recordings of the first calls of a list."""
        ids = await self._ids(_listing(request), account, MOST)
        calls = [call async for some in self._finder.many(ids) for call in some]

        async def note(call_id: str) -> None:
            await self._console.access.note(account.person_id, Accessed.EXPORTED, call_id, "recording")

        return archive(calls, self._console.data_dir, note)

    async def _ids(self, listing: Listing, account: Account, limit: int | None = None) -> list[str]:
        wanted = seen_of(listing, account, self._console)
        return await self._finder.ids(wanted, listing.order, limit)


def _listing(request: Request) -> Listing:
    try:
        return read_query(request.url.query)
    except UnreadableAddressError as error:
        raise HTTPException(status_code=400, detail="unreadable_address") from error


def _file(content: AsyncIterator[str] | AsyncIterator[bytes], name: str, media_type: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(content, media_type=media_type, headers=headers)
