"""A promised call-back: where it stands, when it is due, and what a try comes to. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import JsonValue, ValidationError

from actions.desk.tables import PromiseState
from calls.events import CallBackPromised, CallBackTried
from dialog.hours import is_open
from dialog.schema.queues import QueuesFile
from handoff.roster.choose import hours_of
from handoff.transfer.types import Value

ACTION = "desk.call_back"
MOST_TRIES = 6
"""After so many, people must see to it."""
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=12),
)
"""After the first try, the second, and so on."""
NO_AGENT_PAUSE = timedelta(minutes=2)
"""Where no agent pressed 1, the caller was not rung: the next agent may be tried soon."""


class Result(StrEnum):
    """What a try came to. Names never change meaning."""

    KEPT = "kept"
    """Caller and agent have talked."""
    NO_AGENT = "no_agent"
    """No agent pressed 1; the caller was not rung."""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    """The carrier refused, or something of ours broke."""


class Promise(Value):
    """A promised call-back. Times are aware."""

    promise_id: str
    call_id: str
    """The call in which it was promised."""
    phone: str
    """E.164. The only number that may be dialled for it."""
    queue: str
    reason: str
    state: PromiseState = PromiseState.WAITING
    due_at: datetime
    """When it is due, or due again."""
    tries: int = 0
    """Those begun, the one under way included."""
    held_by: str | None = None
    held_until: datetime | None = None
    created_at: datetime

    @property
    def attempt(self) -> str:
        """The id of the try under way: the same after a crash, so that whoever dials dials it once. At most 32
        characters."""
        return f"{self.promise_id[:28]}-{self.tries:03d}"


def due(promises: Iterable[Promise], queues: QueuesFile, now: datetime) -> list[Promise]:
    """Those that somebody should take up now, the longest due first. `now` is aware.

    A try whose process died goes on at once, whatever the hours; a new one waits for its time and the queue's hours.
    """
    local = now.astimezone(ZoneInfo(queues.timezone)).replace(tzinfo=None)

    def is_due(one: Promise) -> bool:
        if one.held_until is not None and one.held_until > now:
            return False
        if one.state is PromiseState.CALLING:
            return True
        waits = one.state is PromiseState.WAITING and one.due_at <= now
        return waits and is_open(hours_of(one.queue, queues), local)

    return sorted(filter(is_due, promises), key=lambda one: (one.due_at, one.promise_id))


def after(promise: Promise, result: Result, now: datetime) -> Promise:
    """The promise after a try: kept, to be tried again later, or given up."""
    free = {"held_by": None, "held_until": None}
    if result is Result.KEPT:
        return promise.model_copy(update={**free, "state": PromiseState.KEPT})
    if promise.tries >= MOST_TRIES:
        return promise.model_copy(update={**free, "state": PromiseState.GIVEN_UP})
    pause = PAUSES[min(max(promise.tries, 1), len(PAUSES)) - 1]
    if result is Result.NO_AGENT:
        pause = NO_AGENT_PAUSE * max(promise.tries, 1)
    return promise.model_copy(update={**free, "state": PromiseState.WAITING, "due_at": now + pause})


def promised(action: str, data: Mapping[str, JsonValue]) -> CallBackPromised | None:
    """What the record says of an action that was done; None where it promised no call-back."""
    if action != ACTION:
        return None
    told = {name: data.get(name) for name in ("promise_id", "phone", "queue", "due_at", "reason")}
    try:
        return CallBackPromised.model_validate(told)
    except ValidationError:
        return None  # a company's own action of that name, which tells other things


def tried(promise: Promise, result: Result) -> tuple[CallBackTried, ...]:
    """What the record says of a try; `promise` as it is after it."""
    events = [CallBackTried(promise_id=promise.promise_id, result=result.value)]
    if promise.state is PromiseState.GIVEN_UP:
        events.append(CallBackTried(promise_id=promise.promise_id, result="given_up"))
    return tuple(events)
