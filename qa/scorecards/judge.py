"""Gives every call the score that the rules come to, when its facts are made."""

from collections.abc import Callable, Sequence

from loguru import logger

from calls.events import CallEvent
from dialog.playbook import Playbook
from qa.facts.types import CallFacts, CallOutcome
from qa.scorecards.automatic import answers, given_by
from qa.scorecards.scoring import score
from qa.scorecards.values import FormVersion

FAULTS = (ValueError, LookupError, TypeError, AttributeError)
"""What a log that breaks a rule's expectations leads to."""


class ScorecardJudge:
    """A judge for `qa.facts.projector`. `form` and `playbook` give those of now."""

    def __init__(self, form: Callable[[], FormVersion], playbook: Callable[[], Playbook]) -> None:
        self._form = form
        self._playbook = playbook

    def __call__(self, known: CallFacts, events: Sequence[CallEvent]) -> CallFacts:
        """The facts with their score; as they are where the call is not over, or a rule cannot read its log."""
        if known.outcome is CallOutcome.OPEN:
            return known
        by = self._form()
        form = by.form
        try:
            scored = score(form, answers(form, known, events, self._playbook()))
        except FAULTS as error:
            # One odd call must not keep all others from being known.
            logger.bind(call=known.call_id, error=type(error).__name__).error("a call could not be scored")
            return known
        given = {"score": scored.points, "auto_fail": scored.auto_fail, "scored_by": given_by(by)}
        return known.model_copy(update=given)
