"""`warmline calls`: what it is given on the command line, and the store that it and others read."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from settings import StorageSettings
from terminal import JsonLines, console, fail

if TYPE_CHECKING:
    from calls.store import CallStore

Result = TypeVar("Result")
app = typer.Typer(invoke_without_command=True, help="The stored calls.")


@app.callback()
def calls_list(
    context: typer.Context,
    json_lines: JsonLines = False,
    limit: Annotated[int, typer.Option(help="How many at most.")] = 50,
) -> None:
    """List the calls, newest first."""
    if context.invoked_subcommand is None:
        from calls.command import list_calls

        asyncio.run(with_store(lambda store: list_calls(store, console, json_lines, limit)))


@app.command("show")
def calls_show(call_id: str, json_lines: JsonLines = False) -> None:
    """Show one call turn by turn; the start of its id is enough."""
    from calls.command import show_call
    from calls.store import CallNotFoundError

    try:
        asyncio.run(with_store(lambda store: show_call(store, call_id, console, json_lines)))
    except CallNotFoundError as error:
        fail(str(error))


@app.command("gaps")
def calls_gaps(
    json_lines: JsonLines = False,
    limit: Annotated[int, typer.Option(help="From so many calls at most, the newest that have any.")] = 50,
) -> None:
    """List the questions that no article answered, by the article that came nearest."""
    from calls.command import list_gaps

    asyncio.run(with_store(lambda store: list_gaps(store, console, json_lines, limit)))


async def with_store(work: "Callable[[CallStore], Awaitable[Result]]") -> Result:
    """What is found out from the store that the settings name."""
    from calls.store import open_store

    async with await open_store(StorageSettings().store_url) as store:
        return await work(store)
