"""What `warmline callbacks` shows and does: promises that are open, and those that people must see to."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, tzinfo

from rich.console import Console
from rich.table import Table

from actions.desk.promises import reference
from calls.migrate import upgraded
from handoff.promises.promise import Promise
from handoff.promises.store import PromiseStore

WORDS = {"waiting": "waits", "calling": "is being called", "given_up": "tried too often: call them yourself"}


class PromiseCommandError(Exception):
    """What was asked for cannot be done; the text says why."""


@asynccontextmanager
async def open_promises(url: str) -> AsyncIterator[PromiseStore]:
    """The promises in the call store's database at `url`, brought up to date.

    Raises:
        StoreUrlError: the URL cannot be used.
    """
    async with upgraded(url) as engine:
        yield PromiseStore(engine)


async def list_promises(
    store: PromiseStore, console: Console, json_lines: bool, zone: tzinfo | None = None
) -> None:
    """Print the promises that are not kept, those first that people must see to; times in `zone`, or this machine's."""
    found = [*await store.given_up(), *await store.open()]
    if json_lines:
        for promise in found:
            console.out(json.dumps(_values(promise)), highlight=False)
    elif found:
        console.print(_table(found, zone))
    else:
        console.print("No call-backs are promised.")


async def close_promise(store: PromiseStore, promise_id: str) -> None:
    """People have called back, or seen to it otherwise. The start of the id is enough.

    Raises:
        PromiseCommandError: there is no such promise, or more than one, or it is being called just now.
    """
    known = [*await store.given_up(), *await store.open()]
    meant = [one for one in known if promise_id and one.promise_id.startswith(promise_id)]
    if len(meant) != 1:
        rule = "more than one open call-back begins" if meant else "no open call-back begins"
        raise PromiseCommandError(f"{rule} with {promise_id!r}")
    if not await store.close(meant[0].promise_id, datetime.now(UTC)):
        raise PromiseCommandError("it is being called just now: ask again when that is over")


def _values(promise: Promise) -> dict[str, object]:
    told = promise.model_dump(mode="json", exclude={"held_by", "held_until"})
    return {**told, "reference": reference(promise.promise_id)}


def _table(found: Sequence[Promise], zone: tzinfo | None) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Id", "Reference", "Number", "Queue", "About", "Due", "Tries", ""):
        table.add_column(column, overflow="fold")
    for one in found:
        table.add_row(
            one.promise_id[:8],
            str(reference(one.promise_id)),
            one.phone,
            one.queue,
            "".join(letter if letter.isprintable() else " " for letter in one.reason),
            f"{one.due_at.astimezone(zone):%Y-%m-%d %H:%M}",
            str(one.tries),
            WORDS.get(one.state, one.state),
        )
    return table
