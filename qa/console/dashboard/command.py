"""What `warmline digest` does."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from calls.database import open_engine
from calls.store import open_store
from dialog.load import load_playbook
from qa.digests.made import currency_of, file_name, make, post, receiver_of, write
from qa.metrics.digest import Digest, yesterday
from qa.metrics.rules import Rules
from qa.metrics.rules_file import load_rules
from qa.metrics.webhook import NotToldError
from qa.metrics.words import value_words
from settings import DailySettings, PlaybookSettings


class DigestError(ValueError):
    """A digest that cannot be written, or alerts that nobody took. The text says what to change."""


class DigestSettings(PlaybookSettings, DailySettings):
    """What the command needs of the settings: no account."""

    public_url: str = ""
    """How people reach the server; without it, the file has no links."""


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
        made = await make(engine, chosen, playbook, rules, now)
    finally:
        await engine.dispose()
    path, base = out or (settings.warmline_digests or Path()) / file_name(chosen), _base(settings)
    try:
        write(made, path, playbook, rules, base)
    except OSError as error:
        raise DigestError(f"{path}: cannot be written ({error.strerror})") from error
    _print(made, rules, path, console)
    await _post(made, settings, base)
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


def _base(settings: DigestSettings) -> str | None:
    return settings.public_url.rstrip("/") or None


async def _post(made: Digest, settings: DigestSettings, base: str | None) -> None:
    """Tell whoever the operator has named of the alerts."""
    receiver = receiver_of(settings)
    if receiver is None:
        return
    try:
        await post(made, receiver, base, lambda: datetime.now(UTC))
    except NotToldError as error:
        raise DigestError(str(error)) from None


def _print(made: Digest, rules: Rules, path: Path, console: Console) -> None:
    for one in made.alerts:
        metric = one.figure.metric
        value, limit = (
            value_words(number, metric.unit, currency_of(rules))
            for number in (one.figure.now.value, one.alert.limit)
        )
        console.print(f"Alert: {metric.name} is {value}, {one.alert.sign} {limit}", highlight=False)
    console.print(str(path), highlight=False, soft_wrap=True)
