"""A call that a request wants to be placed. Pure."""

from telephony.line.carrier import OutgoingCall
from telephony.line.destinations import Destination, DialPlan, NotDialledError
from telephony.line.rest.request import Form, RestError, callback_of, whole
from telephony.line.stage import Script

LONGEST_TIMEOUT_S = 600
STATUS_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})


def read_order(form: Form, plan: DialPlan, script: Script) -> OutgoingCall:
    """The call; `script` is what it does once it is answered.

    Raises:
        RestError: 21201 no To, 21213 no From, 21626 bad events, and what the plan does not dial.
    """
    to, caller = form.get("To"), form.get("From")
    if not to:
        raise RestError(400, 21201, "No 'To' number is specified.")
    if not caller:
        raise RestError(400, 21213, "No 'From' number is specified.")
    destination = _destination(to, plan)
    events = form.all("StatusCallbackEvent")
    if not STATUS_EVENTS.issuperset(events):
        raise RestError(400, 21626, f"StatusCallbackEvent must be of {', '.join(sorted(STATUS_EVENTS))}.")
    return OutgoingCall(
        to=destination.address,
        callee=to.partition("?")[0],
        caller=caller,
        script=script,
        callback=callback_of(form, "StatusCallback", frozenset(events or {"completed"})),
        timeout_s=min(LONGEST_TIMEOUT_S, whole(form.get("Timeout"), "Timeout", 60)),
        limit_s=whole(form.get("TimeLimit"), "TimeLimit", 14400),
        headers=destination.headers,
        credentials=_credentials(form),
    )


def _destination(to: str, plan: DialPlan) -> Destination:
    """Only `sip:` to the hosts on the list is dialled, and numbers that have an address there."""
    try:
        return plan.number(to) if to in plan.numbers else plan.sip(to)
    except NotDialledError as error:
        raise RestError(400, error.code, f"Invalid 'To': {error}.") from None


def _credentials(form: Form) -> tuple[str, str] | None:
    name = form.get("SipAuthUsername")
    return (name, form.get("SipAuthPassword")) if name else None
