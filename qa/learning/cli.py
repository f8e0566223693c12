"""`warmline train`: what it is given on the command line."""

import asyncio
from typing import Annotated

import typer

from settings import PlaybookSettings
from terminal import JsonLines, console, fail, log_to_stderr


def train(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Compare only; write and promote nothing.")
    ] = False,
    list_all: Annotated[bool, typer.Option("--list", help="Show all versions.")] = False,
    rollback: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Use an earlier version, or built-in.")
    ] = None,
    json_lines: JsonLines = False,
) -> None:
    """Learn from accepted corrections; what is better on held-out items is promoted."""
    log_to_stderr("error")
    from authoring.command import ready_encoder
    from calls.database import StoreUrlError
    from calls.store import StoreUnavailableError
    from dialog.load import load_playbook
    from dialog.source import PlaybookError
    from qa.learning.command import list_versions, roll_back, show_round
    from qa.learning.command import train as train_round
    from qa.learning.versions import VersionError, Versions

    settings = PlaybookSettings.load()
    versions = Versions(settings.warmline_data_dir)
    try:
        if list_all:
            list_versions(console, versions, json_lines=json_lines)
        elif rollback is not None:
            roll_back(versions, rollback)
            console.print(f"{rollback} is in use: servers take it up within seconds.", highlight=False)
        else:
            encoder = ready_encoder()
            if encoder is None:
                fail("The models are not prepared. Run: warmline models prepare")
            playbook = load_playbook(settings.warmline_playbook)
            done = asyncio.run(train_round(settings.store_url, versions, playbook, encoder, dry_run=dry_run))
            show_round(console, done, json_document=json_lines)
    except (VersionError, PlaybookError, StoreUrlError, StoreUnavailableError) as error:
        fail(str(error))
