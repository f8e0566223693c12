"""From a step that acts to the request that is made, and what it may not ask for."""

from collections.abc import Mapping

from pydantic import JsonValue

from actions.spec import ActionSpec
from actions.types import ActionRequest, Authority
from dialog.draft import changed
from dialog.schema.escalation import EscalationFile
from dialog.types import DialogState


def request_for(
    state: DialogState, action: str, arguments: Mapping[str, JsonValue], spec: ActionSpec
) -> ActionRequest:
    """What is asked of an action, with why it may run."""
    authority = Authority(
        identity=state.identity.level, customer=state.identity.customer, agreed=state.agreed
    )
    request = ActionRequest(action=action, arguments=dict(arguments), key="", authority=authority)
    # The same change asked twice in a call is one change; a look-up is looked up anew in every turn.
    part = f"{state.turn}:{action}" if spec.reads else _numbered(state, change_of(request))
    return request.model_copy(update={"key": f"{state.call_id}:{part}"})


def change_of(request: ActionRequest) -> str:
    """What makes a change the same within a call: the action and all that it is asked."""
    return f"{request.action}:{request.fingerprint}"


def begun_anew(state: DialogState, change: str) -> DialogState:
    """The state in which the same change, asked for again, is another one."""
    return changed(state, anew={**state.anew, change: state.anew.get(change, 0) + 1})


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


def _numbered(state: DialogState, change: str) -> str:
    count = state.anew.get(change, 0)
    return f"{change}:{count}" if count else change
