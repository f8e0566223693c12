"""What every kind of action can do: check its arguments, and make one attempt."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import JsonValue, ValidationError

from actions.errors import ActionError, OutcomeUnknownError
from actions.registry import Action
from actions.types import Failure


class Runner(Protocol):
    """One declared action, ready to run."""

    @property
    def circuit(self) -> str:
        """What fails together with it: a host, a server, the action itself."""

    async def names(self) -> frozenset[str]:
        """The arguments that it takes.

        Raises:
            ActionError: they cannot be told now.
        """

    async def check(self, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """The arguments in their declared types. Changes nothing, and is told nothing of who asks.

        Raises:
            ActionError: INVALID, or why they cannot be checked now.
        """

    async def attempt(
        self, arguments: Mapping[str, JsonValue], key: str, timeout_s: float
    ) -> dict[str, JsonValue]:
        """Make one attempt, at most `timeout_s` long, with checked arguments.

        Raises:
            ActionError: it surely had no effect.
            OutcomeUnknownError: it may have had its effect.
        """


class PythonRunner:
    """Runs a registered function."""

    def __init__(self, action: Action[Any]) -> None:
        self._action = action

    @property
    def circuit(self) -> str:
        """A function fails alone."""
        return f"python:{self._action.name}"

    async def names(self) -> frozenset[str]:
        """The fields of its model."""
        return frozenset(self._action.arguments.model_fields)

    async def check(self, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """The arguments as its model reads them."""
        try:
            model = self._action.arguments.model_validate(dict(given))
        except ValidationError as error:
            broken = error.errors(include_url=False, include_input=False, include_context=False)[0]
            place = ".".join(str(part) for part in broken["loc"]) or "the arguments"
            raise ActionError(Failure.INVALID, f"{place}: {broken['type']}") from None
        checked: dict[str, JsonValue] = model.model_dump(mode="json", exclude_unset=True)
        return checked

    async def attempt(
        self, arguments: Mapping[str, JsonValue], key: str, timeout_s: float
    ) -> dict[str, JsonValue]:
        """Call the function. What it does not promise to have left undone may be done."""
        model = self._action.arguments.model_validate(dict(arguments))
        try:
            async with asyncio.timeout(timeout_s):
                data = await self._action.run(model, key)
        except ActionError:
            raise
        except TimeoutError as error:
            raise OutcomeUnknownError(
                Failure.TIMED_OUT, f"{self._action.name} took longer than {timeout_s} s"
            ) from error
        except Exception as error:  # an action is a company's own code: the call outlives it
            raise OutcomeUnknownError(
                Failure.BROKEN, f"{self._action.name} broke with {type(error).__name__}", over=True
            ) from error
        if not isinstance(data, dict):
            raise OutcomeUnknownError(Failure.BROKEN, f"{self._action.name} returned no object", over=True)
        return data
