"""Saving and deleting views of the list of calls."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Response
from fastapi.responses import RedirectResponse

from qa.console.addresses import UnreadableAddressError, read_query
from qa.console.console import Console
from qa.console.places import CALLS, LOOKING_BACK, VIEWS
from qa.views.store import SavedView, ViewRefusedError, ViewStore
from web.accounts import Account, Role
from web.app import Site

MOST_QUERY = 20_000
"""Characters of an address that can be kept."""


def create_views_router(site: Site, console: Console) -> APIRouter:
    """The routes."""
    store = ViewStore(console.facts.engine)
    seer = Depends(site.door.needs(Role.AGENT, *LOOKING_BACK))
    router = APIRouter(prefix=VIEWS, dependencies=[Depends(site.door.check_form)])

    @router.post("")
    async def save(
        name: Annotated[str, Form()] = "",
        query: Annotated[str, Form(max_length=MOST_QUERY)] = "",
        shared: Annotated[bool, Form()] = False,
        first: Annotated[bool, Form()] = False,
        account: Account = seer,
    ) -> Response:
        try:
            # A view opens with its first page, whichever was open when it was saved.
            listing = read_query(query).model_copy(update={"page": 1})
            view = SavedView(
                person_id=account.person_id,
                name=" ".join(name.split()),
                query=listing.query,
                shared=shared,
                first=first,
            )
            await store.save(view)
        except (UnreadableAddressError, ViewRefusedError) as error:
            raise HTTPException(status_code=400, detail="view_refused") from error
        return RedirectResponse(listing.url, status_code=303)

    @router.post("/{view_id}/delete")
    async def delete(view_id: int, account: Account = seer) -> Response:
        owner = None if account.has(Role.ADMIN) else account.person_id
        if not await store.delete(view_id, owner):
            raise HTTPException(status_code=404, detail="unknown_view")
        return RedirectResponse(f"{CALLS}?order=newest", status_code=303)

    return router
