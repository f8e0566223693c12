"""What the pages show, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from calls.redaction.kinds import ALWAYS, Kind
from qa.facts.store import FactStore
from qa.facts.types import CallFacts
from qa.privacy.consent import Consent, consent_of
from qa.privacy.holds import Hold
from qa.privacy.parts import PrivacyParts
from qa.privacy.person import PersonsCalls
from qa.privacy.rules import Keep

KEPT = {
    "audio": "Recordings",
    "transcripts": "Transcripts",
    "events": "Events, ledger, transfers, one-time codes",
    "facts": "Facts for figures",
    "reviews": "Comments, evaluations, corrections",
    "access_log": "Log of accesses",
    "promises": "Numbers of settled call-backs",
}
"""Kinds of data for people, by the names of `privacy.yaml`."""
COUNTED = {**KEPT, "events": "Events", "facts": "Facts"}
ANSWERS = {"agreed": "agreed", "refused": "refused", "stayed": "was told, and stayed on the line"}


@dataclass(frozen=True)
class Retained:
    """One kind of data."""

    name: str
    days: int | None
    expired: int
    """How much of it would go in a sweep now."""


@dataclass(frozen=True)
class Sweep:
    """One sweep that did something."""

    at: datetime
    words: str
    whole: bool


@dataclass(frozen=True)
class Overview:
    """The first page."""

    kinds: tuple[tuple[str, bool], ...]
    """Each kind that may be redacted, and whether it is."""
    retained: tuple[Retained, ...]
    sweeps: tuple[Sweep, ...]
    holds: tuple[Hold, ...]


@dataclass(frozen=True)
class FoundCall:
    """One call of a person."""

    call_id: str
    state: str
    facts: CallFacts | None
    consent: Consent | None
    answer: str


async def overview(parts: PrivacyParts) -> Overview:
    """What is redacted, what expires, what was swept, what is held."""
    rules = parts.rules()
    would = (await parts.retention.sweep(rules.keep, dry=True)).done
    sweeps = [Sweep(at, _counts(done), whole) for at, done, whole in await parts.retention.last()]
    return Overview(
        kinds=tuple((kind.value.replace("_", " "), kind in rules.kinds or kind in ALWAYS) for kind in Kind),
        retained=tuple(
            Retained(KEPT[kind], getattr(rules.keep, kind), would.get(kind, 0)) for kind in Keep.model_fields
        ),
        sweeps=tuple(sweeps),
        holds=tuple(await parts.holds.all()),
    )


async def found_calls(parts: PrivacyParts, facts: FactStore, person: PersonsCalls) -> list[FoundCall]:
    """The calls of a person, with what was agreed to."""
    found = []
    for call_id in person.all:
        consent = consent_of(await parts.store.read(call_id))
        state = "goes on" if call_id in person.live else "held" if call_id in person.held else "over"
        answer = ANSWERS[consent.answer.value] if consent is not None else "nothing was said of it"
        found.append(FoundCall(call_id, state, await facts.get(call_id), consent, answer))
    return found


def _counts(done: Mapping[str, object]) -> str:
    counted = [f"{COUNTED.get(kind, kind)}: {count}" for kind, count in done.items() if count]
    return ", ".join(counted) or "nothing"
