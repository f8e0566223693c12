"""What was done in the company's systems: told by the session."""

from typing import Literal

from pydantic import JsonValue

from calls.events.body import Body


class ActionRequested(Body):
    """An action was started."""

    name: Literal["action.requested"] = "action.requested"
    turn: int
    action: str
    key: str
    arguments: dict[str, JsonValue] = {}


class ActionDone(Body):
    """An action had its effect."""

    name: Literal["action.done"] = "action.done"
    turn: int
    action: str
    key: str
    data: dict[str, JsonValue] = {}
    duration_s: float


class ActionFailed(Body):
    """An action did not have its effect; `failure` is a stable code."""

    name: Literal["action.failed"] = "action.failed"
    turn: int
    action: str
    key: str
    failure: str
    reason: str | None = None
    """What the company's system says of a refusal: a code of its own, such as `too_late`."""
    duration_s: float
