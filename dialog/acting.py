"""From a step that acts to the request that is made, and what it may not ask for."""

from collections.abc import Mapping

from pydantic import JsonValue

from actions.spec import ActionSpec
from actions.types import ActionRequest, ActionResult, Authority, Failure
from dialog.draft import changed
from dialog.schema import EscalationFile
from dialog.types import DialogState, Identity
from dialog.values import FlowError

CALLERS_FAULT = frozenset({Failure.NOT_FOUND, Failure.REFUSED})
"""How a check of identity fails by what the caller has said, not by a fault of ours."""


def request_for(
    state: DialogState, action: str, arguments: Mapping[str, JsonValue], spec: ActionSpec
) -> ActionRequest:
    """What is asked of an action, with why it may run."""
    authority = Authority(
        identity=state.identity.level, customer=state.identity.customer, agreed=state.agreed
    )
    request = ActionRequest(action=action, arguments=dict(arguments), key="", authority=authority)
    # The same change asked twice in a call is one change; a look-up is looked up anew in every turn.
    part = f"{state.turn}:{action}" if spec.reads else f"{action}:{request.fingerprint}"
    return request.model_copy(update={"key": f"{state.call_id}:{part}"})


def agreed_already(request: ActionRequest) -> ActionRequest:
    """The request as if it had been agreed to: who agreed to a step agreed to its being taken back."""
    authority = request.authority.model_copy(update={"agreed": request.fingerprint})
    return request.model_copy(update={"authority": authority})


def above_the_line(rules: EscalationFile, spec: ActionSpec, request: ActionRequest) -> str | None:
    """Why a change is too valuable for us, if it is."""
    name = spec.limits.amount
    if rules.value_line is None or name is None or spec.reads:
        return None
    try:
        amount = float(str(request.arguments.get(name, 0)))
    except ValueError:
        return None
    if amount < rules.value_line:
        return None
    return f"{amount:.2f} is above the line of {rules.value_line:.2f}"


def identified(state: DialogState, spec: ActionSpec, result: ActionResult, most_failures: int) -> DialogState:
    """The state after a check of identity.

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
    return changed(state, identity=granted)


def _failed_once_more(state: DialogState, most_failures: int) -> DialogState:
    failures = state.identity.failures + 1
    update = {"failures": failures, "locked": failures >= most_failures}
    return changed(state, identity=state.identity.model_copy(update=update))
