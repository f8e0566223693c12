"""What a server, its pages and its commands share of the work on privacy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from calls.store import CallStore
from qa.privacy.holds import Holds
from qa.privacy.people import PeoplesData
from qa.privacy.redactor import Redactor
from qa.privacy.retention import Retention
from qa.privacy.rules import PrivacyRules
from telephony.carrier_data import CarrierData


@dataclass(frozen=True)
class PrivacyParts:
    """All of them, on one database and one data directory."""

    store: CallStore
    people: PeoplesData
    redactor: Redactor
    retention: Retention
    holds: Holds
    rules: Callable[[], PrivacyRules]
    """Those of now."""
    with_carrier: bool
    """Whether what the carrier keeps is deleted too."""


def privacy_parts(
    store: CallStore,
    engine: AsyncEngine,
    data_dir: Path,
    rules: Callable[[], PrivacyRules],
    carrier: CarrierData | None,
    now: Callable[[], datetime],
) -> PrivacyParts:
    """The parts. `carrier` is None where no account is known; who gave it closes it. `now` gives aware times."""
    return PrivacyParts(
        store,
        PeoplesData(store, engine, data_dir, rules, carrier, now),
        Redactor(store, engine, data_dir, rules, now),
        Retention(store, engine, data_dir, now),
        Holds(engine, now),
        rules,
        carrier is not None,
    )
