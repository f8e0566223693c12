"""Facts of calls as CSV and as JSON Lines. Pure."""

import csv
import io
from collections.abc import Iterable

from qa.facts.types import CallFacts

COLUMNS = (
    "call_id",
    "started_at",
    "ended_at",
    "duration_s",
    "direction",
    "caller",
    "customer",
    "intent",
    "intents",
    "outcome",
    "end_reason",
    "escalation",
    "queue",
    "agent",
    "transfers",
    "transfer_outcome",
    "wait_s",
    "human_talk_s",
    "turns",
    "no_match",
    "no_input",
    "corrections",
    "interruptions",
    "sentiment",
    "discontent",
    "confidence",
    "answer_p50_s",
    "answer_p95_s",
    "actions",
    "action_failures",
    "sources",
    "unanswered",
    "disposition",
    "needless",
    "wrong",
    "intended",
    "csat_assistant",
    "csat_agent",
    "score",
    "auto_fail",
    "playbook",
    "recording",
    "language_model_asked",
    "language_model_untold",
    "tokens_in",
    "tokens_out",
)
"""The columns of the CSV, each a field of `CallFacts`; a later version may add some at the end."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With these a text begins that spreadsheets run (OWASP, CSV Injection); an apostrophe before them keeps it a text."""


def csv_head() -> str:
    """The first line of the CSV."""
    return _csv([COLUMNS])


def csv_lines(calls: Iterable[CallFacts]) -> str:
    """A line each (RFC 4180). Times are ISO 8601 in UTC, seconds as numbers; what is not known is empty."""
    return _csv([_cell(getattr(call, name)) for name in COLUMNS] for call in calls)


def json_lines(calls: Iterable[CallFacts]) -> str:
    """All facts of each call as one JSON object a line."""
    return "".join(f"{call.model_dump_json()}\n" for call in calls)


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return str(value)  # a number of ours: its sign is no formula
        case tuple():
            return _harmless(" ".join(map(str, value)))
    return _harmless(value.isoformat() if hasattr(value, "isoformat") else str(value))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
