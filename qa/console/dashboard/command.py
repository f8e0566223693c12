"""What `warmline digest` does."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from calls.database import open_engine
from calls.store import open_store
from dialog.load import load_playbook
from handoff.desk.words import words_of
from qa.console.dashboard.digest_shown import digest_file
from qa.metrics.digest import BACK, Digest, digest_of, yesterday
from qa.metrics.period import one_day
from qa.metrics.rules import Rules
from qa.metrics.rules_file import load_rules
from qa.metrics.source import CallSource
from qa.metrics.words import value_words
from settings import PlaybookSettings


class DigestError(ValueError):
    """A digest that cannot be written. The text says what to change."""


class DigestSettings(PlaybookSettings):
    """What the command needs of the settings: no account."""

    public_url: str = ""
    """How people reach the server; without it, the file has no links."""


async def write_digest(
    settings: DigestSettings, day: str | None, out: Path | None, console: Console, now: datetime | None = None
) -> Path:
    """Write the digest of a local day (ISO 8601, or yesterday) and print its alerts. Returns the file.

    The facts are those that the server keeps.

    Raises:
        DigestError: the day is none, or is not over, or the file cannot be written.
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
    path = out or Path(f"digest-{chosen}.html")
    text = digest_file(
        made, _currency(rules), words_of(playbook).intent, settings.public_url.rstrip("/") or None
    )
    _write(path, text)
    _tell(made, rules, path, console)
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


def _tell(made: Digest, rules: Rules, path: Path, console: Console) -> None:
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
