"""`warmline privacy`: what it is given on the command line."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from settings import PlaybookSettings
from terminal import console, fail

if TYPE_CHECKING:
    from qa.privacy.parts import PrivacyParts

app = typer.Typer(no_args_is_help=True, help="What is kept of people, and for how long.")


@app.command("redact")
def privacy_redact() -> None:
    """Redact all calls that are over and were not looked through yet."""
    from qa.privacy.command import redact

    _with_privacy(lambda privacy: redact(privacy, console))


@app.command("sweep")
def privacy_sweep(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Delete nothing, and tell what would be.")
    ] = False,
) -> None:
    """Delete what was kept for as long as privacy.yaml says."""
    from qa.privacy.command import sweep

    _with_privacy(lambda privacy: sweep(privacy, console, dry=dry_run))


@app.command("export")
def privacy_export(
    number: Annotated[str, typer.Argument(help="A telephone number with its country code.")],
    out: Annotated[Path, typer.Option(help="The ZIP file to write; it must not exist.")],
) -> None:
    """All that is kept of a person, by their number."""
    from qa.privacy.command import export

    _with_privacy(lambda privacy: export(privacy, console, number, out))


@app.command("delete")
def privacy_delete(
    number: Annotated[str, typer.Argument(help="A telephone number with its country code.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete all that is kept of a person, by their number, here and with the carrier."""
    from qa.privacy.command import delete

    if not yes:
        typer.confirm("Delete everything that is kept of this number? It cannot be taken back", abort=True)
    _with_privacy(lambda privacy: delete(privacy, console, number))


@app.command("hold")
def privacy_hold(
    call_id: str, reason: Annotated[str, typer.Option(help="Why nobody may delete it.")]
) -> None:
    """Have nobody delete a call, by hand or by age, until it is released."""
    from qa.privacy.command import who

    _with_privacy(lambda privacy: privacy.holds.put(call_id, who(), reason))


@app.command("release")
def privacy_release(call_id: str) -> None:
    """Take a hold away."""
    _with_privacy(lambda privacy: privacy.holds.release(call_id))


def _with_privacy(work: "Callable[[PrivacyParts], Awaitable[bool | None]]") -> None:
    """Do something; what a user can mend is one line, and what was left undone a failure."""
    from calls.database import StoreUrlError
    from calls.store import StoreUnavailableError
    from dialog.source import PlaybookError
    from qa.privacy.command import open_privacy
    from qa.privacy.holds import HoldError
    from qa.privacy.person import NumberUnknownError

    async def run() -> bool | None:
        async with open_privacy(PlaybookSettings.load()) as privacy:
            return await work(privacy)

    mendable = (PlaybookError, StoreUrlError, StoreUnavailableError, HoldError, NumberUnknownError, OSError)
    try:
        if asyncio.run(run()) is False:
            raise typer.Exit(1)
    except mendable as error:
        fail(str(error))
