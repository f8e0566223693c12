"""The registry of actions: what can be done, with which arguments, and how a run may end."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from loguru import logger
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from actions.types import ActionRequest, ActionResult, Failure

DEFAULT_TIMEOUT_S = 8.0


class Arguments(BaseModel):
    """Base of an action's arguments: strict, so that a misspelt name is an error and not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


A = TypeVar("A", bound=Arguments)
Run = Callable[[A, str], Awaitable[dict[str, JsonValue]]]
"""Does the work: arguments and idempotency key to what came of it."""


class ActionError(Exception):
    """An action could not do what it was asked; `failure` says why."""

    def __init__(self, failure: Failure, text: str) -> None:
        super().__init__(text)
        self.failure = failure


class UnknownActionError(Exception):
    """No action of that name is registered."""


@dataclass(frozen=True)
class Action(Generic[A]):
    """One declared action."""

    name: str
    arguments: type[A]
    run: Run[A]
    reads: bool
    """Whether it changes nothing, so that it may be run early and again."""
    timeout_s: float = DEFAULT_TIMEOUT_S


class Registry:
    """The actions of one process. Holds no call's state."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._actions: dict[str, Action[Any]] = {}

    def add(self, action: Action[Any]) -> None:
        """Register an action.

        Raises:
            ValueError: the name is taken.
        """
        if action.name in self._actions:
            raise ValueError(f"an action named {action.name} is registered already")
        self._actions[action.name] = action

    def action(self, name: str) -> Action[Any]:
        """The action called `name`.

        Raises:
            UnknownActionError: there is none.
        """
        try:
            return self._actions[name]
        except KeyError:
            known = ", ".join(sorted(self._actions)) or "none"
            raise UnknownActionError(f"there is no action {name}; registered are: {known}") from None

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run a request to its end. Whatever goes wrong becomes a typed failure of the result."""
        began = self._clock()
        data: dict[str, JsonValue] = {}
        failure: Failure | None = None
        try:
            data = await self._run(request)
        except ActionError as error:
            failure = error.failure
        except TimeoutError:
            failure = Failure.TIMED_OUT
        except (UnknownActionError, ValidationError) as error:
            logger.bind(action=request.action, error=type(error).__name__).error(
                "an action was asked wrongly"
            )
            failure = Failure.INVALID
        except Exception as error:  # noqa: BLE001 - an action is a company's own code: the call outlives it
            logger.bind(action=request.action).opt(exception=error).error("an action broke")
            failure = Failure.BROKEN
        return ActionResult(
            action=request.action,
            key=request.key,
            data=data,
            failure=failure,
            duration_s=self._clock() - began,
        )

    async def _run(self, request: ActionRequest) -> dict[str, JsonValue]:
        action = self.action(request.action)
        arguments = action.arguments.model_validate(request.arguments)
        async with asyncio.timeout(action.timeout_s):
            return await action.run(arguments, request.key)
