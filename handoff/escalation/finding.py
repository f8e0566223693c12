"""What a rule finds."""

from dataclasses import dataclass

from handoff.escalation.levels import Level
from handoff.escalation.reasons import Reason


@dataclass(frozen=True)
class Finding:
    """What is to be done, and why."""

    level: Level
    reason: Reason
    words: str
    """For people, with the numbers that it rests on."""
    queue: str | None = None
    """Where the rule knows it."""
