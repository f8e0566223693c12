"""How a `<Dial>` goes on: its action is asked, or the next verb follows."""

from collections.abc import Mapping

from telephony.line.instructions import Instructions
from telephony.line.twiml.verbs import Dial


def after_dial(verb: Dial, told: Mapping[str, str]) -> Instructions | None:
    """Where the call goes on; the action is told how the `<Dial>` ended."""
    if verb.action is None:
        return None
    return Instructions(url=verb.action, method=verb.method, told=tuple(told.items()))
