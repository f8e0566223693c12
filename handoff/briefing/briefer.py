"""Builds briefings for one playbook, and proves them."""

from collections.abc import Callable, Sequence

from calls.events import CallEvent
from dialog.playbook import Playbook
from handoff.briefing.log import Log, read
from handoff.briefing.parts.mood import mood
from handoff.briefing.parts.next import suggest
from handoff.briefing.parts.question import question
from handoff.briefing.parts.tried import tried
from handoff.briefing.parts.wants import category_of, title_of, wants
from handoff.briefing.parts.who import name_of, who
from handoff.briefing.parts.why import why
from handoff.briefing.proof import Code, Problem, UnprovenError, problems_of
from handoff.briefing.types import Briefing, Fact

CALL_BACK = "call_back"
"""The kind of a transfer that keeps a promise (`handoff.transfer.types.Kind`)."""
PARTS: tuple[Callable[[Log, Playbook], tuple[Fact, ...]], ...] = (
    who,
    wants,
    tried,
    why,
    mood,
    suggest,
    question,
)
"""In the order in which they are told."""


class NoEventsError(ValueError):
    """There is no briefing of a call of which nothing is known."""


class Briefer:
    """Briefings by the words of one playbook. Holds no call's state; pure."""

    def __init__(self, playbook: Playbook) -> None:
        self._playbook = playbook

    def build(self, events: Sequence[CallEvent]) -> Briefing:
        """The briefing of a call: `events` are all of it so far, and nothing else is asked.

        Whether it is a consultation, and what the human is asked, the last `transfer.requested` tells.

        Raises:
            NoEventsError: there are none.
        """
        if not events:
            raise NoEventsError("a briefing needs the events of its call")
        log = read(events)
        return Briefing(
            call_id=events[0].call_id,
            upto=max(event.seq for event in events),
            facts=self._facts(log),
            category=category_of(log, self._playbook),
            first_line=_first_line(name_of(log, self._playbook), title_of(log, self._playbook)),
            calls_back=log.requested is not None and log.requested.body.kind == CALL_BACK,
        )

    def problems(self, briefing: Briefing, events: Sequence[CallEvent]) -> tuple[Problem, ...]:
        """What the log does not bear out; empty where the briefing is proven."""
        found = list(problems_of(briefing, events, self._playbook, lambda some: self._facts(read(some))))
        known = [event for event in events if event.seq <= briefing.upto]
        again = self.build(known).model_copy(update={"facts": briefing.facts}) if known else None
        if again != briefing:
            found.append(Problem(Code.UNSUPPORTED))
        return tuple(found)

    def check(self, briefing: Briefing, events: Sequence[CallEvent]) -> None:
        """Prove every fact against the call's log.

        Raises:
            UnprovenError: with all that is not borne out, each with its code.
        """
        found = self.problems(briefing, events)
        if found:
            raise UnprovenError(found)

    def _facts(self, log: Log) -> tuple[Fact, ...]:
        return tuple(fact for part in PARTS for fact in part(log, self._playbook))


def _first_line(name: str | None, title: str | None) -> str:
    """How the human may begin, so that the caller hears at once that nothing need be said again."""
    greeting = f"Hello {name}" if name is not None else "Hello"
    about = f"it's about {title}" if title is not None else "you've been talking with our assistant"
    return f"{greeting}, I see {about}. I'll take it from here."
