"""Escalation in a live call: give it each event in the order in which the record gets it."""

from calls.events import EventBody
from handoff.escalation.judge import Course, Judgement, step
from handoff.escalation.weights import Weights


class EscalationWatch:
    """One call. Holds nothing but what the events have told."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._course = Course()

    def noted(self, body: EventBody) -> Judgement | None:
        """Take one event in; a judgement where it has answered a turn of the caller's. Takes well under 1 ms."""
        self._course, judgement = step(self._course, body, self._weights)
        return judgement
