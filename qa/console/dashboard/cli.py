"""`warmline digest`: what it is given on the command line."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from terminal import console, fail, log_to_stderr


def digest(
    day: Annotated[str | None, typer.Option(help="A day such as 2026-11-27; without it, yesterday.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The file; without it, digest-<day>.html in WARMLINE_DIGESTS, or here."),
    ] = None,
) -> None:
    """Write one day in figures as an HTML file: what got worse first."""
    log_to_stderr("error")
    from calls.store import StoreUnavailableError
    from dialog.source import PlaybookError
    from qa.console.dashboard.command import DigestError, DigestSettings, write_digest
    from qa.metrics.rules_file import RulesError

    try:
        asyncio.run(write_digest(DigestSettings.load(), day, out, console))
    except (DigestError, RulesError, PlaybookError, StoreUnavailableError) as error:
        fail(str(error))
