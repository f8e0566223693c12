"""Humans in made-up calls: who is handed over to whom, what is asked afterwards, and whether call-backs are kept."""

from collections.abc import Sequence
from datetime import timedelta

from calls.events import (
    CallBackPromised,
    CallBackTried,
    CallEnded,
    CallEndReason,
    StreamEnded,
    TransferRequested,
)
from dialog.playbook import Playbook
from handoff.transfer.types import Kind
from qa.seed.afterwards import disposed, next_try, satisfaction, satisfaction_with
from qa.seed.catalogue import MATTERS
from qa.seed.course import STREAM_S
from qa.seed.handing import HandOver, on_duty
from qa.seed.people import Agent
from qa.seed.traffic import Season
from qa.seed.under_way import CallUnderWay

GOES_WAITING = 0.09
"""The share of those on hold who hang up."""
KEPT, GIVEN_UP = 0.72, 0.1
FORGETS = 0.04
"""The share of calls of which the agent does not say what came of them."""
INTENTS = tuple(matter.intent for matter in MATTERS)


class WithPeople:
    """The people of a season."""

    def __init__(self, playbook: Playbook, season: Season) -> None:
        self._playbook = playbook
        self._season = season

    def hand_over(self, under: CallUnderWay, asked: TransferRequested, back: str | None) -> None:
        """The caller is handed over. `back` is how the transfer ends after which the assistant goes on, if it does."""
        transfer = under.transfer()
        agents = on_duty(asked.queue, under.rng)
        transfer.begin(asked, agents)
        if back in {"call_back", "voicemail", "stayed"}:
            transfer.caller_chooses(str(back))
        elif back is not None:
            transfer.nobody_answers(agents)
        elif under.rng.random() < GOES_WAITING:
            transfer.caller_leaves()
            self._caller_ends(under)
        else:
            self._is_taken(under, transfer, agents)

    def _is_taken(self, under: CallUnderWay, transfer: HandOver, agents: Sequence[Agent]) -> None:
        agent = transfer.rings(agents)
        if agent is None:
            transfer.caller_leaves()
            self._caller_ends(under)
            return
        leg = list(agents).index(agent) + 1
        first_line = transfer.briefs(leg, under.events, self._playbook)
        transfer.takes(leg, under.stream_sid)
        taken = transfer.talks(agent, first_line)
        course, rng = under.course, under.rng
        course.pass_by(8.0)
        course.note(satisfaction(under.bodies, under.is_worse, True, rng))
        course.pass_by(5.0)
        course.note(satisfaction_with(taken, rng))
        course.take(CallEnded(reason=CallEndReason.PEOPLE, duration_s=0.0))
        course.pass_by(rng.uniform(5.0, 60.0))
        if rng.random() >= FORGETS:
            course.note(disposed(taken, under.coming.intent, INTENTS, rng))
        under.over = True

    def _caller_ends(self, under: CallUnderWay) -> None:
        under.course.take(StreamEnded(stream_sid=under.stream_sid, reason="stopped"))
        under.course.take(CallEnded(reason=CallEndReason.CALLER, duration_s=0.0))
        under.over = True

    def keep_promise(self, under: CallUnderWay) -> None:
        """A promised call-back is kept, given up, or still to come."""
        promise, rng = under.promise, under.rng
        if promise is None or under.unfinished:
            return
        tries = 1 if rng.random() < KEPT else rng.randrange(2, 5)
        for number in range(1, tries + 1):
            at = next_try(
                under.coming.began_at + timedelta(seconds=under.course.now_s), self._season.zone, rng
            )
            if at >= self._season.until:
                return
            under.course.now_s = (at - under.coming.began_at).total_seconds() - STREAM_S
            if number == tries and rng.random() > GIVEN_UP:
                self._call_back(under, promise)
                return
            result = rng.choice(("no_answer", "no_agent", "busy"))
            under.course.note(CallBackTried(promise_id=promise.promise_id, result=result))
        under.course.note(CallBackTried(promise_id=promise.promise_id, result="given_up"))

    def _call_back(self, under: CallUnderWay, promise: CallBackPromised) -> None:
        agent = next(one for one in on_duty(promise.queue or "support", under.rng))
        transfer = under.transfer()
        asked = TransferRequested(
            transfer_id="", queue=promise.queue or "support", reason="asked_for_person", words=promise.reason
        )
        transfer.begin(asked, [agent], Kind.CALL_BACK, promise.promise_id)
        transfer.answers(1)
        first_line = transfer.briefs(1, under.events, self._playbook)
        transfer.takes(1, None)
        transfer.shift_s = under.course.now_s - under.recorded_s
        taken = transfer.talks(agent, first_line)
        under.course.note(CallBackTried(promise_id=promise.promise_id, result="kept"))
        under.course.pass_by(under.rng.uniform(5.0, 60.0))
        under.course.note(disposed(taken, under.coming.intent, INTENTS, under.rng))
