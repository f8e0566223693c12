"""Reads tickets from a CSV file, and their texts without what identifies people."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

LIKELY = ("text", "utterance", "description", "message", "body", "question", "subject", "summary", "content")
"""Columns that are taken where none is named, the first that is there."""
DIALECTS = ",;\t|"
SAMPLE = 64 * 1024
LONGEST = 600
"""Characters of a ticket: what is wanted stands at its beginning."""

_QUOTED = re.compile(r"^(?:>|On .{5,80} wrote:|-{2,} ?Original)", re.MULTILINE)
_MASKS = (
    (re.compile(r"\S+@\S+"), "[email]"),
    (re.compile(r"https?://\S+"), "[link]"),
    (re.compile(r"\{\{.*?\}\}"), "[number]"),
    (re.compile(r"[+(]?[\w-]*\d[\w()#./:-]*(?:[ -]\d[\d-]*)*"), "[number]"),
)


class TicketsError(ValueError):
    """A file that cannot be audited; the text names file and rule."""


@dataclass(frozen=True)
class Ticket:
    """One ticket, or what one caller wanted."""

    text: str
    """Masked: `[number]`, `[email]` and `[link]` stand for what they are."""


def read_tickets(path: Path, column: str | None = None) -> tuple[list[Ticket], str]:
    """The tickets of a file in UTF-8 with a head line, and the column that was read. Empty rows are left out.

    Raises:
        TicketsError: it cannot be read, has no such column, or no rows.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            sample = file.read(SAMPLE)
            file.seek(0)
            reader = csv.DictReader(file, delimiter=_delimiter(sample))
            rows = list(reader)
            names = list(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TicketsError(f"{path}: cannot be read: {error}") from None
    chosen = column or _chosen(names, rows)
    if chosen not in names:
        raise TicketsError(
            f"{path}: has no column {chosen or 'with texts'}; its columns are: {', '.join(names) or 'none'}"
        )
    tickets = tickets_of(row[chosen] or "" for row in rows)
    if not tickets:
        raise TicketsError(f"{path}: the column {chosen} is empty")
    return tickets, chosen


def tickets_of(texts: Iterable[str]) -> list[Ticket]:
    """Texts as tickets, without the empty ones."""
    return [Ticket(masked) for text in texts if (masked := mask(text))]


def mask(text: str) -> str:
    """A text on one line, without numbers, addresses and quoted mail."""
    text = _QUOTED.split(text, maxsplit=1)[0] or text
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    return " ".join(text.split())[:LONGEST]


def _delimiter(sample: str) -> str:
    head = sample.partition("\n")[0]
    return (
        Counter(letter for letter in head if letter in DIALECTS).most_common(1)[0][0] if _any(head) else ","
    )


def _any(head: str) -> bool:
    return any(letter in DIALECTS for letter in head)


def _chosen(names: Sequence[str], rows: Sequence[dict[str, str]]) -> str | None:
    by_name = {name.strip().lower(): name for name in names}
    found = next((by_name[one] for one in LIKELY if one in by_name), None)
    if found is not None or not rows:
        return found
    some = rows[:200]
    return max(names, key=lambda name: sum(" " in (row[name] or "") for row in some), default=None)
