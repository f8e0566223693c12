"""How an attempt at an action fails: what is known of its effect, and what a refusal says of its reason."""

from collections.abc import Mapping

from pydantic import JsonValue

from actions.types import Failure

MAY_PASS = frozenset({Failure.UNAVAILABLE, Failure.TIMED_OUT})
"""Failures without an effect that may be gone at the next attempt."""
ANSWERED = frozenset({Failure.NOT_FOUND, Failure.REFUSED, Failure.INVALID, Failure.FORBIDDEN, Failure.LIMIT})
"""Failures that a working system answers with: they say nothing against its health."""


class ActionError(Exception):
    """An action could not do what it was asked, and surely changed nothing. The text holds no secret and no caller."""

    def __init__(self, failure: Failure, text: str, data: Mapping[str, JsonValue] | None = None) -> None:
        super().__init__(text)
        self.failure = failure
        self.data = dict(data or {})
        """What the company's system says of the reason, such as `{"reason": "too_late"}`."""


class OutcomeUnknownError(ActionError):
    """The request was sent, and no usable answer came: it may or may not have had its effect.

    `failure` is what it comes to where nothing was changed: for a read, or when a look-up finds no effect.
    """

    def __init__(
        self,
        failure: Failure,
        text: str,
        data: Mapping[str, JsonValue] | None = None,
        *,
        over: bool = False,
        presumed: bool = False,
    ) -> None:
        super().__init__(failure, text, data)
        self.over = over
        """The far end has surely finished with the request. Otherwise an effect may still come after a look-up."""
        self.presumed = presumed
        """Where nobody can look it up, `failure` is what most likely happened."""


class UnknownActionError(LookupError):
    """No action of that name is declared or registered."""
