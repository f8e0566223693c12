"""What `warmline privacy` does."""

import getpass
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from calls.database import open_engine
from calls.store import open_store
from qa.privacy.erase import Erased
from qa.privacy.parts import PrivacyParts, privacy_parts
from qa.privacy.rules import read_rules
from settings import PlaybookSettings, Settings, SettingsError
from telephony.carrier_data import CarrierData

NO_CARRIER = "The carrier is not asked: no account is set. What it keeps stays there."


@asynccontextmanager
async def open_privacy(settings: PlaybookSettings) -> AsyncIterator[PrivacyParts]:
    """On the data that the settings name; with the carrier, where they name an account.

    Raises:
        PlaybookError: `privacy.yaml` breaks a rule; names file, line, field and rule.
        StoreUrlError, StoreUnavailableError: see `open_store`.
    """
    rules = read_rules(settings.warmline_playbook)
    data_dir = settings.warmline_data_dir
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(await open_store(settings.store_url))
        engine = open_engine(settings.store_url)
        stack.push_async_callback(engine.dispose)
        carrier = carrier_of()
        if carrier is not None:
            await stack.enter_async_context(carrier)
        yield privacy_parts(store, engine, data_dir, lambda: rules, carrier, _now)


def carrier_of() -> CarrierData | None:
    """The carrier's data, where an account is set."""
    try:
        settings = Settings.load()
    except SettingsError:
        return None
    return CarrierData(settings.twilio_account_sid, settings.auth_token, settings.twilio_api_base_url)


async def sweep(privacy: PrivacyParts, console: Console, *, dry: bool) -> bool:
    """Delete what is old enough, or tell what that would be. Returns whether nothing failed."""
    swept = await privacy.retention.sweep(privacy.rules().keep, dry=dry)
    if not swept.done:
        console.print("Nothing expires: privacy.yaml gives no days to keep.")
    for kind, count in swept.done.items():
        console.print(
            f"{'would delete' if dry else 'deleted'}  {kind.replace('_', ' ')}: {count}", highlight=False
        )
    problems = list(swept.problems)
    if not dry:
        there = await privacy.people.at_carrier.finish()
        if there.deleted:
            console.print(f"deleted  at the carrier, of earlier deletions: {there.deleted}", highlight=False)
        problems += there.problems
    for problem in problems:
        console.print(f"failed  {problem}", highlight=False, markup=False)
    return not problems


async def redact(privacy: PrivacyParts, console: Console) -> None:
    """Redact what is over and was not looked through yet."""
    console.print(f"{await privacy.redactor.catch_up()} calls had something to mask.", highlight=False)


async def export(privacy: PrivacyParts, console: Console, number: str, out: Path) -> bool:
    """Write all of a person's data into a ZIP file. Returns whether it is whole.

    Raises:
        NumberUnknownError, FileExistsError, OSError: see `PeoplesData.export`.
    """
    exported = await privacy.people.export(number, out, who())
    console.print(f"{exported.calls} calls are in {exported.path}.", highlight=False, markup=False)
    if not privacy.with_carrier:
        console.print(NO_CARRIER)
    for problem in exported.problems:
        console.print(problem, highlight=False, markup=False)
    return not exported.problems


async def delete(privacy: PrivacyParts, console: Console, number: str) -> bool:
    """Delete all of a person's data. Returns whether nothing is left.

    Raises:
        NumberUnknownError: see `PeoplesData.delete`.
    """
    erased = await privacy.people.delete(number, who())
    for line in told(erased):
        console.print(line, highlight=False, markup=False)
    if not privacy.with_carrier:
        console.print(NO_CARRIER)
    return not erased.problems


def told(erased: Erased) -> list[str]:
    """What was deleted, and what was not, a line each."""
    rows = ", ".join(f"{table} {count}" for table, count in sorted(erased.rows.items()))
    lines = [
        f"{erased.calls} calls, {erased.files} files and {erased.carrier} entries at the carrier are deleted.",
        f"Rows: {rows or 'none'}.",
    ]
    if erased.earlier:
        lines.append(
            f"Of deletions before this one, {erased.earlier} entries at the carrier are deleted too."
        )
    return lines + [f"Not deleted: {problem}" for problem in erased.problems]


def who() -> str:
    """Who asks, for the log of accesses: on the command line, the machine's user."""
    try:
        return f"cli:{getpass.getuser()}"[:40]
    except (OSError, KeyError):
        return "cli"


def _now() -> datetime:
    return datetime.now(UTC)
