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
    calls: Annotated[
        int, typer.Option(min=0, help="So many recorded calls at most are run again with both versions.")
    ] = 20,
    json_lines: JsonLines = False,
) -> None:
    """Learn from accepted corrections; what is better on held-out items and on calls run again is promoted."""
    log_to_stderr("error")
    from authoring.command import ready_encoder
    from calls.database import StoreUrlError
    from calls.store import StoreUnavailableError
    from classifiers import ClassifierSettingError
    from dialog.load import load_playbook
    from dialog.source import PlaybookError
    from models.errors import ModelFileError
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
            from qa.calls_again import stored_calls_again

            trial = stored_calls_again(settings, calls, dry_run=dry_run)
            round_of = train_round(settings.store_url, versions, playbook, encoder, trial, dry_run=dry_run)
            done = asyncio.run(round_of)
            show_round(console, done, json_document=json_lines)
    except (
        ClassifierSettingError,
        ModelFileError,
        PlaybookError,
        StoreUnavailableError,
        StoreUrlError,
        VersionError,
    ) as error:
        fail(str(error))
