"""A day's digest as a file, and its alerts told: what the command and the server do alike."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from dialog.playbook import Playbook
from handoff.desk.words import words_of
from qa.console.dashboard.digest_shown import digest_file
from qa.console.dashboard.query import digest_url
from qa.metrics.digest import BACK, Digest, digest_of
from qa.metrics.period import one_day
from qa.metrics.rules import Rules
from qa.metrics.source import CallSource
from qa.metrics.webhook import message_of, tell
from settings import DailySettings, signing_key


@dataclass(frozen=True)
class Receiver:
    """Whoever is told of alerts."""

    url: str
    """Often it holds a key: it is never logged."""
    key: bytes
    """Signs what is told."""


def receiver_of(settings: DailySettings) -> Receiver | None:
    """Whom the operator has named; None for nobody."""
    url = settings.warmline_alert_url.get_secret_value()
    return Receiver(url, signing_key(settings.warmline_alert_secret.get_secret_value())) if url else None


def file_name(day: date) -> str:
    """What the file of a day is called."""
    return f"digest-{day}.html"


def currency_of(rules: Rules) -> str:
    """What money is told in; empty where nothing costs."""
    return rules.costs.currency if rules.costs is not None else ""


async def make(engine: AsyncEngine, day: date, playbook: Playbook, rules: Rules, now: datetime) -> Digest:
    """The digest of a local day, from the facts that the server keeps."""
    zone = ZoneInfo(playbook.queues.timezone)
    tables = await CallSource(engine).around(one_day(day, zone), BACK, now)
    return await asyncio.to_thread(digest_of, tables, day, zone, rules, now)


def write(made: Digest, path: Path, playbook: Playbook, rules: Rules, base: str | None) -> None:
    """Write the file. `base` is the server's address; without it, the file has no links.

    Raises:
        OSError: it cannot be written.
    """
    path.write_text(digest_file(made, currency_of(rules), words_of(playbook).intent, base), encoding="utf-8")


async def post(made: Digest, receiver: Receiver, base: str | None, now: Callable[[], datetime]) -> None:
    """Tell of the day's alerts, if there are any.

    Raises:
        NotToldError: they were not taken.
    """
    message = message_of(made, now(), f"{base}{digest_url(made.day)}" if base is not None else None)
    if message is None:
        return
    async with httpx.AsyncClient() as client:
        await tell(client, receiver.url, message, receiver.key, now)
