"""What an action is asked and what it answers: values that dialog, session and the log share."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, JsonValue


class Failure(StrEnum):
    """Why an action did not do what it was asked. Names never change meaning."""

    NOT_FOUND = "not_found"
    REFUSED = "refused"
    INVALID = "invalid"
    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"
    BROKEN = "broken"


class ActionRequest(BaseModel):
    """One thing to do in the company's systems."""

    model_config = ConfigDict(frozen=True)

    action: str
    """The action's name in the registry, such as `shop.order_status`."""
    arguments: dict[str, JsonValue] = {}
    key: str
    """Idempotency key: the same key means the same effect, however often it is sent."""


class ActionResult(BaseModel):
    """What came of one request. `failure` is None exactly when it was done."""

    model_config = ConfigDict(frozen=True)

    action: str
    key: str
    data: dict[str, JsonValue] = {}
    failure: Failure | None = None
    duration_s: float = 0.0

    @property
    def done(self) -> bool:
        """Whether the action had its effect."""
        return self.failure is None
