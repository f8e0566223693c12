"""A call's turns with all that a comparison looks at. Pure."""

from collections.abc import Sequence
from itertools import takewhile

from pydantic import BaseModel, ConfigDict

from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    CallEnded,
    CallEvent,
    EscalationJudged,
    EventBody,
    TransferEnded,
    TransferRequested,
    TurnAnswered,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
)
from qa.rerun.deeds import until_handed_over

OF_TURN = (TurnHeard, TurnKeyed, TurnSilent, TurnPlanned)
TOLD = (TurnPlanned, TurnSaid, TurnAnswered, EscalationJudged)


class ActionView(BaseModel):
    """One action. `outcome` is `done`, `unknown`, or why it failed."""

    model_config = ConfigDict(frozen=True)

    action: str
    arguments: dict[str, object] = {}
    outcome: str = "unknown"
    reason: str | None = None


class TurnView(BaseModel):
    """One turn. What no event tells is None: it is not compared."""

    model_config = ConfigDict(frozen=True)

    number: int
    kind: str
    """`opening`, `spoken`, `keyed` or `silent`."""
    text: str = ""
    confidence: float | None = None
    start_s: float | None = None
    end_s: float | None = None
    planned: bool = False
    """Whether the record tells what was decided."""
    intent: str | None = None
    certainty: float | None = None
    repair: str = "none"
    why: tuple[str, ...] = ()
    flow: str | None = None
    step: str | None = None
    expect: str | None = None
    then: str | None = None
    said: tuple[str, ...] = ()
    actions: tuple[ActionView, ...] = ()
    escalation: str | None = None
    """The level that was judged."""
    reasons: tuple[str, ...] = ()
    hand_over: str | None = None
    """The reason of the transfer that was ordered."""
    answer_s: float | None = None


class CallView(BaseModel):
    """The assistant's part of one call."""

    model_config = ConfigDict(frozen=True)

    turns: tuple[TurnView, ...]
    transfer: str | None = None
    """The reason of the hand-over that ended it; None where there was none."""
    queue: str | None = None
    ended: str | None = None
    """Who ended it, where nobody took over."""
    playbook: str | None = None


def view(events: Sequence[CallEvent]) -> CallView:
    """One call's turns, up to the first order to hand over and what the caller is told of it."""
    reading = _Reading()
    ours = until_handed_over(events)
    for event in (*ours, *_told_of_order(ours, events)):
        reading.take(event)
    ended = next((event.body for event in reversed(list(events)) if isinstance(event.body, CallEnded)), None)
    started = next((event.body for event in events if event.body.name == "call.started"), None)
    return CallView(
        turns=tuple(TurnView.model_validate(turn) for turn in reading.turns),
        transfer=reading.transfer.reason if reading.transfer is not None else None,
        queue=reading.transfer.queue if reading.transfer is not None else None,
        ended=ended.reason.value if ended is not None and reading.transfer is None else None,
        playbook=getattr(started, "playbook", None),
    )


def _told_of_order(ours: Sequence[CallEvent], events: Sequence[CallEvent]) -> list[CallEvent]:
    """What belongs to the order and stands behind it, until the caller is told how it went.

    A live call's record has the order in front of the decision that gave it; the sentence that tells of it is noted
    when it has been heard.
    """
    if not ours or not isinstance(ours[-1].body, TransferRequested):
        return []
    turn = next((body.turn for event in reversed(ours) if isinstance(body := event.body, OF_TURN)), None)
    behind = takewhile(lambda event: not isinstance(event.body, TransferEnded), events[len(ours) :])
    return [event for event in behind if isinstance(event.body, TOLD) and event.body.turn == turn]


class _Reading:
    """One pass over the events."""

    def __init__(self) -> None:
        self.turns: list[dict[str, object]] = []
        self.transfer: TransferRequested | None = None
        self._asked: dict[str, ActionRequested] = {}

    def take(self, event: CallEvent) -> None:
        for part in (self._of_caller, self._of_assistant, self._of_work):
            part(event.body)

    def _of_caller(self, event_body: EventBody) -> None:
        match event_body:
            case TurnHeard() as body:
                told = body.model_dump(include={"text", "confidence", "start_s", "end_s"})
                self._begin(body.turn, "spoken", **told)
            case TurnKeyed() as body:
                self._begin(body.turn, "keyed", text=body.digits, start_s=body.start_s, end_s=body.end_s)
            case TurnSilent() as body:
                self._begin(body.turn, "silent", start_s=body.at_s, end_s=body.at_s)

    def _of_assistant(self, event_body: EventBody) -> None:
        match event_body:
            case TurnPlanned() as body:
                self._planned(body)
            case TurnSaid() as body if body.heard:
                self._add(self._turn(body.turn), "said", body.heard)
            case TurnAnswered() as body:
                self._turn(body.turn)["answer_s"] = body.total_s

    def _of_work(self, event_body: EventBody) -> None:
        match event_body:
            case ActionRequested() as body:
                self._asked[body.key] = body
                view = ActionView(action=body.action, arguments=dict(body.arguments))
                self._add(self._turn(body.turn), "actions", view)
            case ActionDone() | ActionFailed() as body:
                self._done(body)
            case EscalationJudged() as body:
                self._turn(body.turn).update(escalation=body.level, reasons=body.reasons)
            case TransferRequested() as body:
                self.transfer = body
                if self.turns:
                    self.turns[-1]["hand_over"] = body.reason

    def _begin(self, number: int, kind: str, **told: object) -> None:
        self.turns.append({"number": number, "kind": kind, **told})

    def _turn(self, number: int) -> dict[str, object]:
        found = next((turn for turn in reversed(self.turns) if turn["number"] == number), None)
        if found is None:
            found = {"number": number, "kind": "opening"}
            self.turns.append(found)
        return found

    def _planned(self, body: TurnPlanned) -> None:
        turn = self._turn(body.turn)
        turn["planned"] = True
        turn.update(then=body.then, expect=body.expect)
        for name in ("flow", "step"):
            turn[name] = body.state.get(name)
        if body.intent is not None and turn.get("intent") is None:
            turn["intent"] = body.intent
        if body.certainty is not None and turn.get("certainty") is None:
            turn["certainty"] = body.certainty
        if body.repair != "none":
            turn["repair"] = body.repair
        if body.why:
            self._add(turn, "why", body.why)

    def _done(self, body: ActionDone | ActionFailed) -> None:
        asked = self._asked.get(body.key)
        outcome = "done" if isinstance(body, ActionDone) else body.failure
        reason = None if isinstance(body, ActionDone) else body.reason
        turn = self._turn(asked.turn if asked is not None else body.turn)
        actions: list[ActionView] = list(turn.get("actions") or ())  # type: ignore[call-overload]
        for number, one in enumerate(actions):
            if one.action == body.action and one.outcome == "unknown":
                actions[number] = one.model_copy(update={"outcome": outcome, "reason": reason})
                turn["actions"] = tuple(actions)
                return

    @staticmethod
    def _add(turn: dict[str, object], name: str, value: object) -> None:
        turn[name] = (*(turn.get(name) or ()), value)  # type: ignore[misc]
