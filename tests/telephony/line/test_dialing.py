"""Calls that ring another and are joined with it."""

import asyncio

import pytest

from telephony.line.call import CallStatus, Direction
from telephony.line.instructions import Instructions
from telephony.line.leg import ULAW_SILENCE, LegEnd
from tests.telephony.line.conferences.test_conferencing import HELLO, HI
from tests.telephony.line.lab import open_lab, talking, until

SIP = "sip:agent@127.0.0.1:5999"


@pytest.fixture
async def lab():
    async with open_lab() as one:
        one.customer.documents["/after"] = "<Response><Say>a</Say></Response>"
        yield one


def dial(lab, noun, **attributes):
    values = {"action": f"{lab.customer.url}/after"} | attributes
    written = " ".join(f'{name}="{value}"' for name, value in values.items())
    return f"<Response><Dial {written}>{noun}</Dial><Say>n</Say></Response>"


async def ring(lab, noun=f"<Sip>{SIP}</Sip>", caller="+11", **attributes):
    """A caller whose document dials; gives both legs."""
    lab.customer.documents["/voice"] = dial(lab, noun, **attributes)
    count = len(lab.dialler.legs)
    leg = await lab.call_in(caller)
    await until(lambda: len(lab.dialler.legs) > count)
    return leg, lab.dialler.legs[-1]


async def after(lab):
    await until(lambda: lab.customer.asked("/after"))
    return lab.customer.asked("/after")[0]


async def test_both_talk_until_the_far_end_hangs_up_and_the_action_is_told(lab):
    caller, agent = await ring(lab, f"<Sip>{SIP}?X-Transfer-Id=t1</Sip>", callerId="+15550100100")
    assert lab.dialler.dialled == [(SIP, "+15550100100", {"X-Transfer-Id": "t1"})]
    agent.listener.on_ringing()
    agent.listener.on_answered()
    async with talking(caller, HELLO), talking(agent, HI):
        await until(lambda: HI in caller.played and HELLO in agent.played)
        agent.end(LegEnd.HUNG_UP)
        told = await after(lab)
    child, parent = lab.carrier.calls
    assert (child.parent_sid, child.direction) == (parent.sid, Direction.OUTBOUND_DIAL)
    assert told["DialCallStatus"] == "completed"
    assert told["DialCallSid"] == child.sid
    assert told["DialBridged"] == "true"
    assert told["DialCallDuration"] == "0"
    await caller.ended.wait()
    assert b"a" * 160 in caller.played


async def test_a_caller_who_hangs_up_ends_the_other(lab):
    caller, agent = await ring(lab)
    agent.listener.on_answered()
    await until(lambda: lab.carrier.calls[0].status is CallStatus.IN_PROGRESS)
    caller.end(LegEnd.HUNG_UP)
    await asyncio.wait_for(agent.ended.wait(), 10)
    await until(lambda: all(call.over for call in lab.carrier.calls))


async def test_a_caller_who_hangs_up_while_it_rings_takes_the_call_back(lab):
    caller, agent = await ring(lab)
    agent.listener.on_ringing()
    caller.end(LegEnd.HUNG_UP)
    await asyncio.wait_for(agent.ended.wait(), 10)
    await until(lambda: lab.carrier.calls[0].status is CallStatus.CANCELED)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (LegEnd.BUSY, "busy"),
        (LegEnd.DECLINED, "busy"),
        (LegEnd.NO_ANSWER, "no-answer"),
        (LegEnd.FAILED, "failed"),
    ],
)
async def test_how_it_ends_that_nobody_answers(lab, end, status):
    _, agent = await ring(lab)
    agent.end(end)
    told = await after(lab)
    assert told["DialCallStatus"] == status
    assert told["DialBridged"] == "false"
    assert "DialCallDuration" not in told


async def test_the_far_end_rings_only_so_long(lab):
    _, agent = await ring(lab, timeout="1")
    agent.listener.on_ringing()
    assert (await after(lab))["DialCallStatus"] == "no-answer"
    assert agent.ended.is_set()


async def test_the_talk_lasts_only_so_long(lab):
    caller, agent = await ring(lab, timeLimit="1")
    agent.listener.on_answered()
    told = await after(lab)
    assert (told["DialCallStatus"], told["DialCallDuration"]) == ("completed", "1")
    assert agent.ended.is_set()
    assert not lab.carrier.calls[1].over or b"a" * 160 in caller.played


async def test_the_caller_hears_ringing_until_it_is_answered(lab):
    caller, agent = await ring(lab)
    await until(lambda: any(frame != ULAW_SILENCE for frame in caller.played))
    agent.listener.on_answered()
    await until(lambda: caller.played[-3:] == [ULAW_SILENCE] * 3)


async def test_with_answer_on_bridge_the_caller_is_answered_only_then(lab):
    caller, agent = await ring(lab, answerOnBridge="true")
    await asyncio.sleep(0.1)
    assert not caller.answered.is_set()
    agent.listener.on_answered()
    await asyncio.wait_for(caller.answered.wait(), 10)


async def test_a_number_rings_where_the_line_says(lab):
    await ring(lab, "<Number>+15550199000</Number>")
    assert lab.dialler.dialled[0][0] == SIP
    assert lab.carrier.calls[0].callee == "+15550199000"


@pytest.mark.parametrize(
    "noun",
    [
        "<Number>+15550000000</Number>",
        "<Sip>sip:a@evil.example.com</Sip>",
        "<Sip>sip:a@127.0.0.1?Via=1</Sip>",
    ],
)
async def test_what_may_not_be_dialled_fails_and_the_call_goes_on(lab, noun):
    lab.customer.documents["/voice"] = dial(lab, noun)
    caller = await lab.call_in()
    assert (await after(lab))["DialCallStatus"] == "failed"
    assert lab.dialler.legs == []
    await caller.ended.wait()
    assert b"a" * 160 in caller.played


async def test_the_first_of_several_who_answers_gets_the_call(lab):
    second = "sip:second@127.0.0.1"
    caller, _ = await ring(lab, f"<Sip>{SIP}</Sip><Sip>{second}</Sip>")
    first_leg, second_leg = lab.dialler.legs
    first_leg.end(LegEnd.BUSY)
    await asyncio.sleep(0.05)
    second_leg.listener.on_answered()
    async with talking(second_leg, HI):
        await until(lambda: HI in caller.played)
    second_leg.end(LegEnd.HUNG_UP)
    assert (await after(lab))["DialCallStatus"] == "completed"


async def test_two_who_answer_at_once_are_not_both_joined(lab):
    caller, _ = await ring(lab, f"<Sip>{SIP}</Sip><Sip>sip:second@127.0.0.1</Sip>")
    for leg in lab.dialler.legs:
        leg.listener.on_answered()
    await until(lambda: any(leg.ended.is_set() for leg in lab.dialler.legs))
    (joined,) = [leg for leg in lab.dialler.legs if not leg.ended.is_set()]
    async with talking(joined, HI):
        await until(lambda: HI in caller.played)
    assert not caller.ended.is_set()


async def test_progress_of_the_far_end_is_told(lab):
    noun = (
        f'<Sip statusCallback="{lab.customer.url}/leg" '
        f'statusCallbackEvent="initiated ringing answered completed">{SIP}</Sip>'
    )
    _, agent = await ring(lab, noun)
    agent.listener.on_ringing()
    agent.listener.on_answered()
    await asyncio.sleep(0.05)
    agent.end(LegEnd.HUNG_UP)
    await until(lambda: len(lab.customer.asked("/leg")) == 4)
    told = lab.customer.asked("/leg")
    assert [form["CallStatus"] for form in told] == ["queued", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in told] == list("0123")
    assert {form["ParentCallSid"] for form in told} == {lab.carrier.calls[1].sid}


async def test_the_far_end_is_sent_elsewhere_and_the_caller_goes_on(lab):
    caller, agent = await ring(lab)
    agent.listener.on_answered()
    child = lab.carrier.calls[0]
    await until(lambda: child.status is CallStatus.IN_PROGRESS)
    lab.carrier.redirect(child.sid, Instructions(twiml="<Response><Pause length='30'/></Response>"))
    assert (await after(lab))["DialCallStatus"] == "completed"
    await caller.ended.wait()
    assert not agent.ended.is_set()


async def test_two_pairs_at_once_never_cross(lab):
    one, one_agent = await ring(lab, caller="+11")
    other, other_agent = await ring(lab, caller="+12")
    for leg in (one_agent, other_agent):
        leg.listener.on_answered()
    async with talking(one_agent, HI), talking(other_agent, HELLO):
        await until(lambda: HI in one.played and HELLO in other.played)
    assert HELLO not in one.played
    assert HI not in other.played
