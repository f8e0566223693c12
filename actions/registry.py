"""The registry of Python actions: what can be done in this process, and with which arguments.

It only knows them. `actions.runner.Actions` runs them, within what the playbook declares.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from actions.errors import ActionError, UnknownActionError

__all__ = ["Action", "ActionError", "Arguments", "Registry", "Run", "UnknownActionError"]


class Arguments(BaseModel):
    """Base of an action's arguments: strict, so that a misspelt name is an error and not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


A = TypeVar("A", bound=Arguments)
Run = Callable[[A, str], Awaitable[dict[str, JsonValue]]]
"""Does the work: arguments and idempotency key to what came of it.

Raises `ActionError` where surely nothing was changed, `OutcomeUnknownError` where nobody can say. Any other error of a
write counts as unknown.
"""


@dataclass(frozen=True)
class Action(Generic[A]):
    """One Python action."""

    name: str
    arguments: type[A]
    run: Run[A]
    reads: bool
    """Whether it changes nothing, so that it may be run early and again."""


class Registry:
    """The Python actions of one process. Holds no call's state."""

    def __init__(self) -> None:
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
