"""One call in text: the same dialog, the same actions and the same events as a live one, without sound.

Time is virtual: words take as long as they would on the phone, silences as long as the dialog allows, and actions as
long as they say they took. Everything about a call lives and dies with its object.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from actions.types import ActionRequest, ActionResult
from calls.events import (
    CallEnded,
    CallEndReason,
    CallEvent,
    CallStarted,
    EscalationJudged,
    EventBody,
    StreamEnded,
    StreamStarted,
    TransferEnded,
    TransferRequested,
    TurnKeyed,
    TurnSaid,
    TurnSilent,
)
from dialog.language_model.request import Consultation
from dialog.plan import UNKNOWN_CALLER, CallerFacts
from dialog.types import (
    DialogState,
    Done,
    Escalated,
    HandedBack,
    HandOver,
    Hearing,
    Moment,
    Next,
    Opened,
    Plan,
    Prosody,
    Silence,
)
from thinking import Thinking
from turn_events import action_event, asked_event, heard_event, planned_event, request_event

WORD_S = 0.35
"""Seconds that a word takes, the caller's or ours."""
KEY_S = 0.3
ANSWER_S = 0.4
"""From the caller's last word to our first."""
PAUSE_S = 0.2
"""Between two sentences of ours."""
REPLY_S = 0.8
"""From our last word to the caller's first."""
STREAM = "text"
MOST_ROUNDS = 50
"""So many results in a row without a word for the caller, and the playbook goes in a circle."""

Listener = Callable[[CallEvent], None]


class Verdict(Protocol):
    """How a call goes, after a turn."""

    @property
    def event(self) -> EscalationJudged:
        """For the record."""

    def instead_of(self, unsaid: tuple[str, ...]) -> Escalated | None:
        """What the dialog should do in place of saying these sentences; None: say them."""


class Judging(Protocol):
    """Judges a call from its events."""

    def noted(self, body: EventBody) -> Verdict | None:
        """Takes one event; a verdict where it has answered a turn of the caller's."""


class Doing(Protocol):
    """Runs actions."""

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run a request to its end."""


class NotOpenError(RuntimeError):
    """The call has not begun, or is over; the text says which."""


class EndlessActionsError(RuntimeError):
    """The dialog asks for one action after another and never comes back to the caller."""


@dataclass(frozen=True)
class People:
    """Who could take the call. Nobody is really rung: a hand-over is where a text call stops, until `hand_back`."""

    reachable: tuple[str, ...] = ()
    """The queues whose people can be rung."""
    judge: Judging | None = None
    """Of this call alone; None: nobody judges how it goes."""
    facts: CallerFacts = UNKNOWN_CALLER


NOBODY = People()


class TextCall:
    """One call in text. `open` it, then let the caller speak, key or be silent, and `close` it.

    Each of these comes back when the dialog listens again, or has said goodbye. After a goodbye the caller may still
    say something, as on the phone while we speak it.
    """

    def __init__(
        self,
        thinking: Thinking,
        actions: Doing,
        call_id: str,
        caller: str | None,
        began_at: datetime,
        on_event: Listener | None = None,
        people: People = NOBODY,
    ) -> None:
        """`began_at` must have a time zone; `on_event` is told each event when it happens."""
        if began_at.tzinfo is None:
            raise ValueError("began_at must have a time zone")
        self._thinking = thinking.telling(self._on_model_asked)
        self._actions = actions
        self._caller = caller
        self._began_at = began_at
        self._on_event = on_event
        self._now_s = 0.0
        self._events: list[CallEvent] = []
        self._judge = people.judge
        self._transfers = 0
        self._state = thinking.dialog.start(call_id, caller, began_at, people.reachable, people.facts)
        self._plan: Plan | None = None
        self._closed = False

    @property
    def events(self) -> tuple[CallEvent, ...]:
        """What has happened so far."""
        return tuple(self._events)

    @property
    def state(self) -> DialogState:
        """Where the conversation is."""
        return self._state

    @property
    def finished(self) -> bool:
        """Whether we have said goodbye."""
        return self._plan is not None and self._plan.then is Next.HANG_UP

    @property
    def handed(self) -> HandOver | None:
        """What a transfer was ordered by, while the caller waits for it."""
        return self._plan.hand_over if self._plan is not None else None

    async def open(self) -> tuple[str, ...]:
        """Answer the call. Returns what is said.

        Raises:
            NotOpenError: it was answered before.
        """
        if self._plan is not None or self._closed:
            raise NotOpenError("a call is answered once")
        version = self._thinking.dialog.playbook_version
        self._note(CallStarted(caller=self._caller, playbook=version))
        self._note(StreamStarted(stream_sid=STREAM))
        return await self._go_on(Opened())

    async def say(
        self,
        text: str,
        confidence: float = 1.0,
        *,
        unsure: bool = False,
        prosody: Prosody | None = None,
        cuts_in: bool = False,
    ) -> tuple[str, ...]:
        """The caller says something that the recogniser is this sure of, 0 to 1. Returns what is said to it.

        `unsure`: it doubts its own words; `prosody`: how it was said; `cuts_in`: into what we were saying.

        Raises:
            NotOpenError: the call is not open.
        """
        start_s, end_s = self._takes_part(WORD_S * len(text.split()))
        hearing = Hearing(
            text=text,
            confidence=confidence,
            unsure=unsure,
            prosody=prosody,
            start_s=start_s,
            end_s=end_s,
            heard_of_us="" if cuts_in else None,
        )
        self._note(heard_event(self._turn, hearing))
        return await self._go_on(hearing)

    async def key(self, keys: str) -> tuple[str, ...]:
        """The caller presses keys, `0-9*#`. Returns what is said to it.

        Raises:
            NotOpenError: the call is not open.
        """
        start_s, end_s = self._takes_part(KEY_S * len(keys))
        self._note(TurnKeyed(turn=self._turn, digits=keys, start_s=start_s, end_s=end_s))
        return await self._go_on(Hearing(keyed=keys, start_s=start_s, end_s=end_s))

    async def silence(self) -> tuple[str, ...]:
        """The caller says nothing for as long as we wait. Returns what is said to it.

        Raises:
            NotOpenError: the call is not open.
        """
        self._must_be_open()
        self._now_s += self._state.expect.no_input_s or 0.0
        self._note(TurnSilent(turn=self._turn, at_s=round(self._now_s, 3)))
        return await self._go_on(Silence())

    async def hand_back(self, moment: HandedBack) -> tuple[str, ...]:
        """The transfer is over, and the assistant goes on. Returns what is said.

        Raises:
            NotOpenError: the call is not open, or nobody was being reached.
        """
        self._must_be_open()
        if self.handed is None:
            raise NotOpenError("no transfer is under way")
        self._note(TransferEnded(transfer_id=self._transfer, outcome=moment.outcome, wait_s=0.0))
        return await self._go_on(moment)

    def close(self) -> None:
        """The call ends: by us after a goodbye, by the caller otherwise. A closed call stays closed."""
        if self._closed or self._plan is None:
            self._closed = True
            return
        self._closed = True
        reason = CallEndReason.ASSISTANT if self.finished else CallEndReason.CALLER
        self._note(StreamEnded(stream_sid=STREAM, reason="closed" if self.finished else "stopped"))
        self._note(CallEnded(reason=reason, duration_s=round(self._now_s, 3)))

    # What follows a moment

    @property
    def _turn(self) -> int:
        """The number that the dialog gives to the turn that comes now."""
        return self._state.turn + 1

    async def _go_on(self, moment: Moment) -> tuple[str, ...]:
        said, requests = await self._decide(moment)
        waiting = list(requests)
        for _ in range(MOST_ROUNDS):
            if not waiting:
                return said
            result = await self._act(waiting.pop(0))
            more, requests = await self._decide(Done(result=result))
            said, waiting = (*said, *more), [*waiting, *requests]
        raise EndlessActionsError(f"more than {MOST_ROUNDS} actions without a word for the caller")

    async def _decide(self, moment: Moment) -> tuple[tuple[str, ...], Sequence[ActionRequest]]:
        plan = await self._thinking.plan(self._state, moment)
        verdict = self._note(planned_event(moment, plan))
        escalated = verdict.instead_of(plan.say) if verdict is not None else None
        if escalated is not None:
            plan = await self._thinking.plan(plan.state, escalated)
            self._note(planned_event(escalated, plan))
        self._plan, self._state = plan, plan.state
        for request in plan.act:
            self._note(request_event(plan.state.turn, request))
        self._now_s += ANSWER_S if plan.say else 0.0
        for sentence in plan.say:
            self._speak(sentence)
        if plan.hand_over is not None:
            self._order(plan.hand_over)
        return plan.say, plan.act

    def _order(self, order: HandOver) -> None:
        self._transfers += 1
        self._note(
            TransferRequested(
                transfer_id=self._transfer,
                kind=order.kind,
                queue=order.queue,
                reason=order.reason,
                words=order.words,
            )
        )

    @property
    def _transfer(self) -> str:
        return f"TT{self._transfers}"

    async def _act(self, request: ActionRequest) -> ActionResult:
        turn = self._state.turn
        result = await self._actions.run(request)
        self._now_s += result.duration_s
        self._note(action_event(turn, result))
        return result

    def _speak(self, sentence: str) -> None:
        start_s = self._now_s
        self._now_s += WORD_S * len(sentence.split()) / self._speed
        self._note(
            TurnSaid(
                turn=self._state.turn,
                text=sentence,
                heard=sentence,
                start_s=round(start_s, 3),
                end_s=round(self._now_s, 3),
            )
        )
        self._now_s += PAUSE_S

    @property
    def _speed(self) -> float:
        return self._thinking.dialog.speed(self._plan) if self._plan is not None else 1.0

    # Time, and writing down

    def _on_model_asked(self, turn: int, consultation: Consultation) -> None:
        self._note(asked_event(turn, consultation))

    def _takes_part(self, takes_s: float) -> tuple[float, float]:
        """When the caller begins and ends."""
        self._must_be_open()
        start_s = self._now_s + REPLY_S
        self._now_s = start_s + takes_s
        return round(start_s, 3), round(self._now_s, 3)

    def _must_be_open(self) -> None:
        if self._closed:
            raise NotOpenError("the call is over")
        if self._plan is None:
            raise NotOpenError("the call has not been answered")

    def _note(self, body: EventBody) -> Verdict | None:
        """Keep an event, and what is judged by it."""
        self._keep(body)
        verdict = self._judge.noted(body) if self._judge is not None else None
        if verdict is not None:
            self._keep(verdict.event)
        return verdict

    def _keep(self, body: EventBody) -> None:
        event = CallEvent(
            call_id=self._state.call_id,
            seq=len(self._events) + 1,
            at=self._began_at.astimezone(UTC) + timedelta(seconds=self._now_s),
            body=body,
        )
        self._events.append(event)
        if self._on_event is not None:
            self._on_event(event)
