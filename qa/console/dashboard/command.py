"""What `warmline digest` does."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from rich.console import Console

from calls.database import open_engine
from calls.store import open_store
from dialog.load import load_playbook
from handoff.desk.words import words_of
from qa.console.dashboard.digest_shown import digest_file
from qa.console.dashboard.query import digest_url
from qa.metrics.digest import BACK, Digest, digest_of, yesterday
from qa.metrics.period import one_day
from qa.metrics.rules import Rules
from qa.metrics.rules_file import load_rules
from qa.metrics.source import CallSource
from qa.metrics.webhook import NotToldError, key_of, message_of, tell
from qa.metrics.words import value_words
from settings import LOOPBACK, PlaybookSettings


class DigestError(ValueError):
    """A digest that cannot be written, or alerts that nobody took. The text says what to change."""


class DigestSettings(PlaybookSettings):
    """What the command needs of the settings: no account."""

    public_url: str = ""
    """How people reach the server; without it, the file has no links."""
    warmline_alert_url: SecretStr = SecretStr("")
    """Where alerts are posted, and nowhere else; without it, they are only printed. Often it holds a key."""
    warmline_alert_secret: Annotated[SecretStr, Field(validate_default=True)] = SecretStr("")
    """Signs what is posted: `whsec_` and 24 to 64 bytes in base64."""

    @field_validator("warmline_alert_url")
    @classmethod
    def _alert_url(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        on_this_machine = parts.scheme == "http" and parts.hostname in LOOPBACK
        if value.get_secret_value() and not (parts.hostname and (parts.scheme == "https" or on_this_machine)):
            raise ValueError("must be an https address, or an http one on this machine")
        return value

    @field_validator("warmline_alert_secret")
    @classmethod
    def _alert_secret(cls, value: SecretStr, known: ValidationInfo) -> SecretStr:
        url = known.data.get("warmline_alert_url")
        if url is not None and url.get_secret_value():
            key_of(value.get_secret_value())
        return value


async def write_digest(
    settings: DigestSettings, day: str | None, out: Path | None, console: Console, now: datetime | None = None
) -> Path:
    """Write the digest of a local day (ISO 8601, or yesterday), print its alerts and post them. Returns the file.

    The facts are those that the server keeps.

    Raises:
        DigestError: the day is none, or is not over, or the file cannot be written, or the alerts were not taken.
        RulesError, PlaybookError, StoreUnavailableError: with what to do.
    """
    now = now or datetime.now(UTC)
    playbook, rules = load_playbook(settings.warmline_playbook), load_rules(settings.warmline_metrics)
    zone = ZoneInfo(playbook.queues.timezone)
    chosen = _day(day, yesterday(now, zone))
    # Opened for its migrations: the command may be the first that a new version runs.
    await (await open_store(settings.store_url)).close()
    engine = open_engine(settings.store_url)
    try:
        tables = await CallSource(engine).around(one_day(chosen, zone), BACK, now)
    finally:
        await engine.dispose()
    made = digest_of(tables, chosen, zone, rules, now)
    path, base = out or Path(f"digest-{chosen}.html"), settings.public_url.rstrip("/") or None
    _write(path, digest_file(made, _currency(rules), words_of(playbook).intent, base))
    _print(made, rules, path, console)
    await _post(made, settings, now, base)
    return path


def _day(text: str | None, last: date) -> date:
    if text is None:
        return last
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DigestError("--day must be a date such as 2026-11-27") from None
    if day > last:
        raise DigestError(f"--day must be a day that is over: {last} or earlier")
    return day


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DigestError(f"{path}: cannot be written ({error.strerror})") from error


async def _post(made: Digest, settings: DigestSettings, now: datetime, base: str | None) -> None:
    """Tell whoever the operator has named of the alerts."""
    url = settings.warmline_alert_url.get_secret_value()
    message = message_of(made, now, f"{base}{digest_url(made.day)}" if base is not None else None)
    if not url or message is None:
        return
    key = key_of(settings.warmline_alert_secret.get_secret_value())
    try:
        async with httpx.AsyncClient() as client:
            await tell(client, url, message, key, lambda: datetime.now(UTC))
    except NotToldError as error:
        raise DigestError(str(error)) from None


def _print(made: Digest, rules: Rules, path: Path, console: Console) -> None:
    for one in made.alerts:
        metric = one.figure.metric
        value, limit = (
            value_words(number, metric.unit, _currency(rules))
            for number in (one.figure.now.value, one.alert.limit)
        )
        console.print(f"Alert: {metric.name} is {value}, {one.alert.sign} {limit}", highlight=False)
    console.print(str(path), highlight=False, soft_wrap=True)


def _currency(rules: Rules) -> str:
    return rules.costs.currency if rules.costs is not None else ""
