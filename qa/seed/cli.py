"""`warmline seed-demo`: what it is given on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from terminal import console, fail, log_to_stderr


def seed_demo(
    calls: Annotated[int, typer.Option(min=1, help="How many calls.")] = 10_000,
    audio: Annotated[int, typer.Option(min=0, help="How many of them are spoken.")] = 300,
    heard: Annotated[
        int,
        typer.Option(
            min=0, help="How many of these are really had with today's assistant (some 6 s of a core each)."
        ),
    ] = 40,
    seed: Annotated[int, typer.Option(help="The same seed and the same --until give the same calls.")] = 1,
    days: Annotated[int, typer.Option(min=1, help="Over so many days.")] = 60,
    until: Annotated[str | None, typer.Option(help="The last day, ISO 8601; without it, today.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where calls and recordings go; without it, as the settings say.")
    ] = None,
) -> None:
    """Fill a database with made-up calls, to try the QA console with."""
    log_to_stderr("critical")
    from calls.database import StoreUrlError
    from models.errors import ModelFileError
    from qa.seed.command import SeedError, run_seed_demo

    try:
        run_seed_demo(console, calls, audio, heard, seed, days, until, data_dir)
    except (SeedError, StoreUrlError, ModelFileError) as error:
        fail(str(error))
