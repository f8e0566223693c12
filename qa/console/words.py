"""The console's words for what the facts of calls hold as codes."""

from collections.abc import Callable

from dialog.playbook import Playbook
from handoff.desk.words import DeskWords, readable, words_of
from handoff.escalation.reasons import WORDS as ESCALATIONS
from qa.facts.store import Order
from qa.facts.types import CallOutcome

OUTCOMES = {
    CallOutcome.OPEN: "Goes on",
    CallOutcome.CONTAINED: "Contained",
    CallOutcome.HANDED_OVER: "Handed over",
    CallOutcome.CALL_BACK: "Call-back promised",
    CallOutcome.VOICEMAIL: "Left a message",
    CallOutcome.ABANDONED: "Abandoned",
    CallOutcome.ABANDONED_WAITING: "Abandoned waiting",
    CallOutcome.REFUSED: "No room",
    CallOutcome.LOST: "Broke off",
}
ORDERS = {
    Order.NEWEST: "Newest first",
    Order.OLDEST: "Oldest first",
    Order.LONGEST: "Longest first",
    Order.WORST_MOOD: "Worst mood first",
    Order.LEAST_CONFIDENT: "Least confident first",
    Order.SLOWEST: "Slowest answers first",
    Order.WORST_SCORE: "Worst score first",
}


class ConsoleWords:
    """The words of the playbook that answers now; made anew only when that changes."""

    def __init__(self, playbook: Callable[[], Playbook]) -> None:
        self._playbook = playbook
        self._known: tuple[Playbook, DeskWords] | None = None

    def intent(self, name: str) -> str:
        """An intent or an article."""
        return self._words.intent(name)

    def queue(self, name: str) -> str:
        """A queue."""
        return self._words.queue(name).name

    def escalation(self, reason: str) -> str:
        """A reason for a hand-over, as it goes on from "the caller ..."."""
        return {one.value: words for one, words in ESCALATIONS.items()}.get(reason, readable(reason).lower())

    def same(self, name: str) -> str:
        """What has no other name: a person's id."""
        return name

    @property
    def _words(self) -> DeskWords:
        playbook = self._playbook()
        if self._known is None or self._known[0] is not playbook:
            self._known = (playbook, words_of(playbook))
        return self._known[1]
