"""Who calls: which flow shows it, and what a check of it changes."""

from actions.spec import ActionSpec
from actions.types import ActionResult, Failure
from dialog.draft import changed
from dialog.schema.identity import IdentityFile, Level
from dialog.types import DialogState, Identity
from dialog.values import FlowError

CALLERS_FAULT = frozenset({Failure.NOT_FOUND, Failure.REFUSED})
"""How a check of identity fails by what the caller has said, not by a fault of ours."""


def way_to(level: int, rules: IdentityFile) -> Level:
    """How a level is reached; where there is no such level, the next higher one.

    Raises:
        FlowError: there is none.
    """
    enough = [number for number in sorted(rules.levels) if number >= level]
    if not enough:
        raise FlowError(f"identity.yaml has no level {level}")
    return rules.levels[enough[0]]


def identified(state: DialogState, spec: ActionSpec, result: ActionResult, most_failures: int) -> DialogState:
    """The state after a check of identity. What was heard for it is forgotten once it has shown who calls.

    Raises:
        FlowError: the check was done, but does not say who it is.
    """
    known = state.identity
    if result.failure in CALLERS_FAULT:
        return _failed_once_more(state, most_failures)
    if result.failure is not None or spec.grants is None:
        return state
    level, customer = result.data.get("level"), result.data.get("customer")
    if not isinstance(level, int) or not isinstance(customer, str):
        raise FlowError(f"{result.action}: grants identity, but its result lacks level or customer")
    if known.customer is not None and customer != known.customer:
        return _failed_once_more(state, most_failures)
    granted = Identity(
        level=max(known.level, min(level, spec.grants)), customer=customer, failures=known.failures
    )
    return changed(state, identity=granted, recalled={})


def _failed_once_more(state: DialogState, most_failures: int) -> DialogState:
    failures = state.identity.failures + 1
    update = {"failures": failures, "locked": failures >= most_failures}
    return changed(state, identity=state.identity.model_copy(update=update))
