"""Conditions of flows, in CEL (the Common Expression Language): no loops without end, no access to anything but values.

CEL is strict about types: `order.total > 100.0` for money, `count > 1` for whole numbers.
"""

from collections.abc import Mapping
from functools import lru_cache

import cel


class ConditionError(ValueError):
    """A condition that cannot be read or decided; the text names the rule, not the values."""


def holds(condition: str, values: Mapping[str, object]) -> bool:
    """Whether `condition` is true for `values`.

    Raises:
        ConditionError: it uses a value that is missing or of another type, or is neither true nor false.
    """
    try:
        result = _compiled(condition).execute(dict(values))
    except (ValueError, RuntimeError, TypeError, KeyError) as error:
        raise ConditionError(f"{condition}: cannot be decided: {error}") from error
    if not isinstance(result, bool):
        raise ConditionError(f"{condition}: is neither true nor false")
    return result


def names_in(condition: str) -> set[str]:
    """The names that a condition uses.

    Raises:
        ConditionError: it cannot be read.
    """
    return set(_compiled(condition).variables())


@lru_cache(maxsize=1024)
def _compiled(condition: str) -> cel.Program:
    try:
        return cel.compile(condition)
    except ValueError as error:
        raise ConditionError(f"is not a condition: {error}") from error
