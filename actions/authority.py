"""Whether a request may run at all: identity, agreement, and whose data it is. Pure."""

import math
from collections.abc import Collection, Mapping

from pydantic import JsonValue

from actions.errors import ActionError
from actions.spec import ActionSpec, Limits
from actions.types import ActionRequest, Failure

CUSTOMER = "customer"
"""The argument that says whose data it is: filled in from the caller's identity, and refused when it is another's."""


def check_authority(spec: ActionSpec, request: ActionRequest) -> None:
    """Refuse what lacks its identity level or the caller's agreement to exactly this request.

    Raises:
        ActionError: FORBIDDEN.
    """
    authority = request.authority
    if authority.identity < spec.identity:
        raise ActionError(Failure.FORBIDDEN, f"{request.action} needs identity level {spec.identity}")
    if spec.identity > 0 and not authority.customer:
        raise ActionError(Failure.FORBIDDEN, f"{request.action} needs to know the customer")
    if spec.needs_confirmation and authority.agreed != request.fingerprint:
        raise ActionError(Failure.FORBIDDEN, f"{request.action} was not agreed to")


def own_arguments(request: ActionRequest, names: Collection[str]) -> dict[str, JsonValue]:
    """The request's arguments with `customer` as the caller's identity says, where the action takes one (`names`).

    Raises:
        ActionError: FORBIDDEN, when they name another customer.
    """
    arguments = dict(request.arguments)
    known = request.authority.customer
    if known is None:
        return arguments
    named = arguments.get(CUSTOMER)
    if named not in (None, "") and str(named) != known:
        raise ActionError(Failure.FORBIDDEN, f"{request.action} asks for another customer's")
    if CUSTOMER in names:
        arguments[CUSTOMER] = known
    return arguments


def check_amount(limits: Limits, arguments: Mapping[str, JsonValue]) -> None:
    """Refuse an amount that is too large.

    Raises:
        ActionError: LIMIT; INVALID where there is no amount to compare.
    """
    if limits.amount is None or limits.most is None:
        return
    amount = _amount(arguments.get(limits.amount))
    if amount is None or amount < 0:
        raise ActionError(Failure.INVALID, f"{limits.amount} must be an amount")
    if amount > limits.most:
        raise ActionError(
            Failure.LIMIT, f"{limits.amount} may be at most {limits.most}", {"most": limits.most}
        )


def _amount(value: JsonValue) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return None
    return amount if math.isfinite(amount) else None
