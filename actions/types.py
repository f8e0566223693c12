"""What an action is asked and what it answers: values that dialog, session and the log share."""

import hashlib
import json
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, JsonValue


class Failure(StrEnum):
    """Why an action did not do what it was asked. Names never change meaning."""

    NOT_FOUND = "not_found"
    REFUSED = "refused"
    """The company's system says no: too late, not returnable, already done otherwise."""
    INVALID = "invalid"
    """It was asked wrongly: a playbook or program error."""
    FORBIDDEN = "forbidden"
    """It lacks the identity level or the caller's agreement: nothing was tried."""
    LIMIT = "limit"
    """Beyond what the assistant may do: nothing was tried."""
    TIMED_OUT = "timed_out"
    """No answer in time, and surely no effect."""
    UNAVAILABLE = "unavailable"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """It may or may not have had its effect, and nobody could tell us."""
    FORGOTTEN = "forgotten"
    """What it needs was said in private and not kept: nothing was sent, and the caller must be asked again."""


class Authority(BaseModel):
    """Why an action may run: what `actions` checks once more, whatever the dialog believed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    identity: int = 0
    """The caller's identity level when the dialog decided."""
    customer: str | None = None
    """Who the caller is, once identified."""
    agreed: str | None = None
    """Fingerprint of the request that was read back and agreed to."""


class ActionRequest(BaseModel):
    """One thing to do in the company's systems."""

    model_config = ConfigDict(frozen=True)

    action: str
    """The action's name in the registry, such as `shop.order_status`."""
    arguments: dict[str, JsonValue] = {}
    key: str
    """Idempotency key: the same key means the same effect, however often it is sent. It starts with the call's id and a
    colon, and has at most 200 characters."""
    authority: Authority = Authority()

    @property
    def fingerprint(self) -> str:
        """What exactly is asked: what a caller agrees to."""
        return fingerprint(self.action, self.arguments)


class ActionResult(BaseModel):
    """What came of one request. `failure` is None exactly when it was done."""

    model_config = ConfigDict(frozen=True)

    action: str
    key: str
    data: dict[str, JsonValue] = {}
    """The result, or what a refusal says of its reason."""
    failure: Failure | None = None
    duration_s: float = 0.0

    @property
    def done(self) -> bool:
        """Whether the action had its effect."""
        return self.failure is None


def fingerprint(action: str, arguments: dict[str, JsonValue]) -> str:
    """A short digest of an action and its arguments."""
    text = json.dumps([action, arguments], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
