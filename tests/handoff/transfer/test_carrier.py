"""What the carrier is asked for."""

from xml.etree import ElementTree

import pytest

from handoff.transfer.carrier import TwilioLegs
from handoff.transfer.table import start
from handoff.transfer.types import Kind
from telephony.transfer_twiml import TransferTwiml
from tests.handoff.transfer.scene import ANNA, order


class Calls:
    """Keeps the document that a call is to go on with."""

    async def redirect(self, sid, twiml):
        self.document = twiml


@pytest.mark.parametrize(("user", "password"), [("warmline", "secret"), ("", "")])
async def test_a_caller_who_is_put_through_signs_in_at_the_humans_sip_side(user, password):
    calls = Calls()
    twiml = TransferTwiml("https://phone.example.com", lambda path: f"wss://phone.example.com{path}", str)
    legs = TwilioLegs(calls, twiml, str, None, None, caller_id="+15550100100", user=user, password=password)
    transfer, (command,) = start(order(ANNA, kind=Kind.COLD), 0.0)
    await legs.put_through(transfer, command.target, command.timeout_s)
    sip = ElementTree.fromstring(calls.document).find("Dial/Sip")
    assert sip.text == ANNA.address
    assert (sip.get("username", ""), sip.get("password", "")) == (user, password)
    assert legs.document(transfer) == calls.document, "and again when another worker is asked"
