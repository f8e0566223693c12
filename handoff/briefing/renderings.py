"""A briefing as headers, as a ticket, and for the record of the call. The desk reads the facts themselves."""

import re
from dataclasses import dataclass

from calls.events import TransferBriefed
from handoff.briefing.types import MARKS, Briefing, Part, Spoken

HEADLINE = 256
"""Characters that a ticket's headline may have: what helpdesks show of a hand-over at most."""
TRANSFER_HEADER, CATEGORY_HEADER, UUI_HEADER = "X-Transfer-Id", "X-Transfer-Category", "User-to-User"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CATEGORY = re.compile(r"[a-z][a-z0-9_]{0,59}")
NO_CATEGORY = "other"
TITLES = {
    Part.WHO: "Who",
    Part.WANTS: "Wants",
    Part.TRIED: "Tried",
    Part.WHY: "Why a person",
    Part.MOOD: "Mood",
    Part.NEXT: "Next",
    Part.QUESTION: "Question",
}


class HeaderError(ValueError):
    """An id that cannot stand in a header; the text names the rule."""


@dataclass(frozen=True)
class Ticket:
    """A briefing as the text of a ticket. Personal data."""

    headline: str
    """At most `HEADLINE` characters, on one line."""
    details: str


def headers(transfer_id: str, briefing: Briefing) -> dict[str, str]:
    """What a human's leg carries: the transfer's id and what it is about in one word, and nothing of the caller.

    Headers are logged everywhere on the way. `User-to-User` (RFC 7433) holds the same for those who read nothing else.

    Raises:
        HeaderError: the id is none.
    """
    if not _ID.fullmatch(transfer_id):
        raise HeaderError("a transfer's id has 1 to 64 letters, digits, _ and -")
    category = briefing.category if _CATEGORY.fullmatch(briefing.category) else NO_CATEGORY
    uui = f"{transfer_id};{category}".encode().hex()
    return {
        TRANSFER_HEADER: transfer_id,
        CATEGORY_HEADER: category,
        UUI_HEADER: f"{uui};encoding=hex",
    }


def briefed(
    transfer_id: str, leg: int, briefing: Briefing, spoken: Spoken, seconds: float
) -> TransferBriefed:
    """What the record of the call keeps of what a human was told; `seconds` is how long it took."""
    return TransferBriefed(
        transfer_id=transfer_id,
        leg=leg,
        text=spoken.text,
        facts=tuple(fact.as_event() for fact in briefing.facts),
        seconds=seconds,
    )


def ticket(briefing: Briefing) -> Ticket:
    """The briefing for a helpdesk."""
    parts = (Part.QUESTION, Part.WHO, Part.WANTS, Part.WHY)
    headline = " ".join(fact.text for part in parts for fact in briefing.of(part))
    lines = [f"{TITLES[part]}: {_line(briefing, part)}" for part in Part if briefing.of(part)]
    return Ticket(_cut(headline), "\n".join(lines))


def _line(briefing: Briefing, part: Part) -> str:
    told = (
        f"{MARKS[fact.outcome]} {fact.text}" if fact.outcome is not None else fact.text
        for fact in briefing.of(part)
    )
    return " ".join(told)


def _cut(text: str) -> str:
    return text if len(text) <= HEADLINE else f"{text[: HEADLINE - 1].rpartition(' ')[0]}…"
