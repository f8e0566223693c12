"""Calls that follow their TwiML, told as stories over a real customer's server."""

import asyncio

import pytest
from twilio.request_validator import RequestValidator

from telephony.line.call import CallStatus
from telephony.line.instructions import Instructions
from telephony.line.leg import LegEnd
from tests.telephony.line.lab import NUMBER, TOKEN, FakeLeg, open_lab, until


@pytest.fixture
async def lab():
    async with open_lab() as one:
        yield one


def the_call(lab):
    return lab.carrier.calls[0]


async def test_a_call_comes_in_is_asked_for_answered_and_ended(lab):
    lab.customer.documents["/voice"] = "<Response><Say>h</Say><Hangup/></Response>"
    leg = await lab.call_in()
    await leg.ended.wait()
    await until(lambda: lab.customer.asked("/status"))

    asked = lab.customer.asked("/voice")[0]
    assert asked["CallStatus"] == "ringing"
    assert asked["From"] == "+15550142000"
    assert asked["To"] == NUMBER
    assert asked["Direction"] == "inbound"
    assert b"h" * 160 in leg.heard()
    told = lab.customer.asked("/status")[0]
    assert told["CallStatus"] == "completed"
    assert told["CallSid"] == asked["CallSid"]
    assert "CallDuration" in told


async def test_webhooks_are_signed_and_callbacks_carry_a_token(lab):
    lab.customer.documents["/voice"] = "<Response><Hangup/></Response>"
    await (await lab.call_in()).ended.wait()
    await until(lambda: lab.customer.asked("/status"))
    for _, path, form, headers in lab.customer.requests:
        assert RequestValidator(TOKEN).validate(lab.customer.url + path, form, headers["x-twilio-signature"])
    assert lab.customer.requests[-1][3]["i-twilio-idempotency-token"]


async def test_reject_refuses_without_answering(lab):
    lab.customer.documents["/voice"] = '<Response><Reject reason="busy"/></Response>'
    leg = await lab.call_in()
    await leg.ended.wait()
    assert leg.rejected is LegEnd.BUSY
    assert not leg.answered.is_set()
    await until(lambda: the_call(lab).status is CallStatus.BUSY)


async def test_another_number_is_not_here(lab):
    leg = FakeLeg()
    await lab.carrier.on_incoming(leg, "+15559999999")
    assert leg.rejected is LegEnd.NOT_FOUND
    assert lab.carrier.calls == []


async def test_redirect_goes_on_elsewhere(lab):
    url = lab.customer.url
    lab.customer.documents["/voice"] = f"<Response><Redirect>{url}/next</Redirect></Response>"
    lab.customer.documents["/next"] = "<Response><Say>n</Say></Response>"
    leg = await lab.call_in()
    await leg.ended.wait()
    assert b"n" * 160 in leg.heard()


async def test_a_circle_of_redirects_ends(lab):
    lab.customer.documents["/voice"] = f"<Response><Redirect>{lab.customer.url}/voice</Redirect></Response>"
    leg = await lab.call_in()
    await asyncio.wait_for(leg.ended.wait(), 5)
    assert not leg.answered.is_set()


@pytest.mark.parametrize("document", [None, "<Response><Dial/></Response>", "not xml"])
async def test_a_server_that_does_not_answer_well_ends_the_call_and_only_that(lab, document):
    lab.customer.documents["/voice"] = lambda form: (
        "<Response><Pause length='30'/></Response>" if form["From"] == "+1555" else document
    )
    other = await lab.call_in("+1555")
    await other.answered.wait()
    leg = await lab.call_in()
    await asyncio.wait_for(leg.ended.wait(), 5)
    assert not other.ended.is_set()


async def test_an_update_interrupts_what_is_running(lab):
    lab.customer.documents["/voice"] = "<Response><Pause length='30'/></Response>"
    leg = await lab.call_in()
    await leg.answered.wait()
    lab.carrier.redirect(the_call(lab).sid, Instructions(twiml="<Response><Say>u</Say></Response>"))
    await asyncio.wait_for(leg.ended.wait(), 5)
    assert b"u" * 160 in leg.heard()


async def test_a_caller_who_hangs_up_ends_the_call(lab):
    lab.customer.documents["/voice"] = "<Response><Pause length='30'/></Response>"
    leg = await lab.call_in()
    await leg.answered.wait()
    leg.end(LegEnd.HUNG_UP)
    await until(lambda: the_call(lab).over)
    assert the_call(lab).status is CallStatus.COMPLETED


async def test_two_calls_at_once_never_hear_each_other(lab):
    lab.customer.documents["/voice"] = lambda form: f"<Response><Say>{form['From'][-1]}</Say></Response>"
    one, other = await asyncio.gather(lab.call_in("+15550000001"), lab.call_in("+15550000002"))
    await asyncio.gather(one.ended.wait(), other.ended.wait())
    assert b"1" * 160 in one.heard()
    assert b"2" not in one.heard()
    assert b"2" * 160 in other.heard()
    assert b"1" not in other.heard()


async def test_keypad_tones_and_files_can_be_played(lab):
    lab.customer.documents["/voice"] = "<Response><Play digits='12'/></Response>"
    leg = await lab.call_in()
    await leg.ended.wait()
    assert len(set(leg.heard())) > 50


GATHER = (
    '<Response><Gather numDigits="1" timeout="1" action="{url}/keyed"><Say>hhhh</Say></Gather>'
    "<Say>n</Say><Hangup/></Response>"
)


async def test_a_key_ends_the_prompt_and_is_told_to_the_action(lab):
    lab.customer.documents["/voice"] = GATHER.format(url=lab.customer.url)
    lab.customer.documents["/keyed"] = "<Response><Say>k</Say><Hangup/></Response>"
    leg = await lab.call_in()
    await until(lambda: b"h" * 160 in leg.heard())
    leg.listener.on_digit("1")
    await leg.ended.wait()
    assert lab.customer.asked("/keyed")[0]["Digits"] == "1"
    assert b"k" * 160 in leg.heard()
    assert b"n" * 160 not in leg.heard()


async def test_without_a_key_the_call_goes_on_behind_the_gather(lab):
    lab.customer.documents["/voice"] = GATHER.format(url=lab.customer.url)
    leg = await lab.call_in()
    await leg.ended.wait()
    assert lab.customer.asked("/keyed") == []
    assert b"n" * 160 in leg.heard()
