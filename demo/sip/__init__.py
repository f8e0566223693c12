"""SIP telephones for the demo, for test calls and for the tests."""

import importlib.util
from contextlib import AbstractAsyncContextManager

from demo.sip.baresip_phone import BaresipTelephone
from demo.sip.own_phone import OwnTelephone
from demo.sip.telephone import CallRefusedError, Sound, Telephone, TelephoneError

__all__ = ["CallRefusedError", "Sound", "Telephone", "TelephoneError", "open_telephone"]


def open_telephone(caller_id: str) -> AbstractAsyncContextManager[Telephone]:
    """A telephone, to be opened with `async with`: baresip's where there is a build of it, else our own."""
    if importlib.util.find_spec("baresip") is not None:
        return BaresipTelephone(caller_id)
    return OwnTelephone(caller_id)
