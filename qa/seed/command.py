"""`warmline seed-demo`: from what was given on the command line to made-up calls in a database."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from authoring.command import ready_encoder
from dialog.load import load_playbook
from models.shelf import ModelShelf
from qa.seed.demo import SeedError, SeedOptions, seed_demo
from qa.seed.heard import ACME
from settings import StorageSettings
from voice.speaking.renderer import Renderer

__all__ = ["SeedError", "run_seed_demo"]
DATABASE = "warmline.db"


def run_seed_demo(
    console: Console,
    calls: int,
    audio: int,
    heard: int,
    seed: int,
    days: int,
    until: str | None,
    data_dir: Path | None,
) -> None:
    """Make the calls, and tell where they are.

    Raises:
        SeedError: the date is none, or the database has these calls already.
        StoreUrlError: the database's address cannot be used.
        ModelFileError: models are damaged, or calls are to be spoken or heard and they are not prepared.
    """
    # The scripts are the demo company's: with another playbook nothing would be understood.
    playbook = load_playbook(ACME)
    settings = StorageSettings()
    folder = data_dir if data_dir is not None else settings.warmline_data_dir
    url = f"sqlite:///{folder / DATABASE}" if data_dir is not None else settings.store_url
    options = SeedOptions(
        calls, audio, heard, seed, days, _end_of(until, ZoneInfo(playbook.queues.timezone)), folder, url
    )
    encoder = ready_encoder()
    if encoder is None:
        console.print("The models are not prepared: only words are understood. Run: warmline models prepare")

    def voice() -> Renderer:
        return Renderer.load(ModelShelf().voice_path(), playbook.pronunciation)

    asyncio.run(seed_demo(options, playbook, encoder, voice, console))
    console.print(f"{calls} calls are in {folder}.", soft_wrap=True)


def _end_of(until: str | None, zone: ZoneInfo) -> datetime:
    """The end of a day, but for today the hour that has begun."""
    try:
        day = date.fromisoformat(until) if until is not None else None
    except ValueError:
        raise SeedError("--until must be a date such as 2026-11-27") from None
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    if day is None or day == now.astimezone(zone).date():
        return now
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
