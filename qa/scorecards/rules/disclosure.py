"""The caller is told that they talk with a machine."""

import re

from qa.scorecards.finding import Finding
from qa.scorecards.reading import Call
from qa.scorecards.rules.telling import told

WORDS = re.compile(
    r"\b(automated|automatic|virtual|artificial|digital (assistant|agent)|voice assistant|AI"
    r"|bot|robot|machine|computer)\b",
    re.IGNORECASE,
)


def disclosure(call: Call) -> Finding:
    """By any sentence that the caller has heard."""
    return told(call, WORDS, "that they talk with a machine")
