"""`warmline callbacks`: what it is given on the command line."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from terminal import JsonLines, console, with_stored

if TYPE_CHECKING:
    from handoff.promises.store import PromiseStore

app = typer.Typer(invoke_without_command=True, help="The call-backs that are promised.")


@app.callback()
def callbacks(context: typer.Context, json_lines: JsonLines = False) -> None:
    """Those that are not kept yet, and first those that people must see to."""
    if context.invoked_subcommand is None:
        from handoff.promises.command import list_promises

        _with_promises(lambda promises: list_promises(promises, console, json_lines))


@app.command("done")
def callback_done(promise_id: Annotated[str, typer.Argument(help="Its id, or the start of it.")]) -> None:
    """People have seen to it: nobody is called any more."""
    from handoff.promises.command import close_promise

    _with_promises(lambda promises: close_promise(promises, promise_id))


def _with_promises(work: "Callable[[PromiseStore], Awaitable[None]]") -> None:
    from handoff.promises.command import PromiseCommandError, open_promises

    with_stored(open_promises, work, PromiseCommandError)
