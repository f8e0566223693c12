"""What independent SIP peers do to the line, and what the product makes of it."""

import asyncio
import socket

import pytest

from handoff.connections import leg_result
from handoff.transfer.types import LegResult
from telephony.line.faults.faults import FaultSet
from tests.interop.sipp import needs_sipp, open_peer
from tests.telephony.line.lab import NUMBER, open_lab, until
from tests.telephony.line.rest.test_calls import blocking

pytestmark = [pytest.mark.sip, pytest.mark.slow, needs_sipp]
STATUSES = ["initiated", "ringing", "answered", "completed"]
TALKS = "<Response><Say loop='0'>hello</Say></Response>"


@pytest.fixture
async def lab():
    async with open_lab(sip=True) as one:
        one.customer.documents["/agent"] = TALKS
        yield one


async def ring(lab, client, peer, name="agent", **options):
    """Ring a peer as a transfer rings a human. Returns the call's sid."""
    call = await blocking(
        client.calls.create,
        to=peer.address,
        from_=NUMBER,
        url=f"{lab.customer.url}/agent",
        status_callback=f"{lab.customer.url}/{name}/status",
        status_callback_event=STATUSES,
        **options,
    )
    return call.sid


def told(lab, name="agent"):
    """The statuses that the customer was told, in order."""
    return [form["CallStatus"] for form in lab.customer.asked(f"/{name}/status")]


def result(lab, name="agent"):
    """Why the leg is over, as a transfer takes it; None while it is not."""
    forms = lab.customer.asked(f"/{name}/status")
    code = forms[-1].get("SipResponseCode") if forms else None
    return leg_result(forms[-1]["CallStatus"], int(code) if code else None) if forms else None


async def over(lab):
    await until(lambda: lab.carrier.calls and all(call.over for call in lab.carrier.calls), 10)


async def test_each_refusal_of_a_human_or_a_queue_has_its_meaning(lab, client, tmp_path):
    meanings = {
        (486, "Busy Here"): LegResult.BUSY,
        (480, "Temporarily Unavailable"): LegResult.NO_ANSWER,
        (603, "Decline"): LegResult.DECLINED,
        (503, "Service Unavailable"): LegResult.UNREACHABLE,
        (404, "Not Found"): LegResult.UNREACHABLE,
    }

    async def refused(code, phrase):
        async with open_peer(tmp_path, "refuses", code=code, phrase=phrase) as peer:
            await ring(lab, client, peer, str(code))
            await peer.finished()

    await asyncio.gather(*(refused(*answer) for answer in meanings))
    await over(lab)
    for (code, _), meaning in meanings.items():
        await until(lambda code=code: result(lab, str(code)) is not None)
        assert result(lab, str(code)) is meaning, f"what {code} means"


@pytest.mark.parametrize(
    ("code", "phrase"), [(180, "Ringing"), (183, "Session Progress")], ids=["slowly", "early_media"]
)
async def test_a_far_end_that_answers_slowly_rings_until_it_does(lab, client, tmp_path, code, phrase):
    async with open_peer(tmp_path, "answers", pause_ms=1200, code=code, phrase=phrase) as peer:
        sid = await ring(lab, client, peer)
        await until(lambda: told(lab)[-1:] == ["ringing"])
        await asyncio.sleep(0.6)
        assert told(lab)[-1] == "ringing", "early sound is no answer"
        assert not lab.customer.asked("/agent"), "nobody is told anything yet"
        await until(lambda: told(lab)[-1] == "in-progress")
        await until(lambda: lab.customer.asked("/agent"))
        await blocking(client.calls(sid).update, status="completed")
        await peer.finished()
    await until(lambda: told(lab)[-1] == "completed")


async def test_a_call_that_is_taken_back_while_it_rings_is_cancelled_at_the_far_end(lab, client, tmp_path):
    async with open_peer(tmp_path, "rings") as peer:
        sid = await ring(lab, client, peer)
        await until(lambda: told(lab)[-1:] == ["ringing"])
        await blocking(client.calls(sid).update, status="canceled")
        await peer.finished()
    await until(lambda: told(lab)[-1] == "canceled")


async def test_a_phone_that_rings_for_too_long_is_no_answer_though_it_picks_up_in_that_moment(
    lab, client, tmp_path
):
    async with open_peer(tmp_path, "answers_too_late") as peer:
        await ring(lab, client, peer, timeout=1)
        await peer.finished()
    await until(lambda: told(lab)[-1] == "no-answer", 10)
    assert result(lab) is LegResult.NO_ANSWER
    assert not lab.customer.asked("/agent"), "a leg that is over is told nothing"


async def test_a_far_end_whose_hanging_up_got_lost_is_hung_up_by_us(lab, client, tmp_path):
    async with open_peer(tmp_path, "vanishes") as peer:
        await ring(lab, client, peer, time_limit=2)
        await until(lambda: told(lab)[-1:] == ["in-progress"])
        await peer.finished()
    await over(lab)
    await until(lambda: told(lab)[-1] == "completed")
    assert result(lab) is LegResult.HUNG_UP
    assert not lab.dialler._legs, "no leg is left"


async def test_a_far_end_that_holds_is_sent_no_sound_until_it_takes_the_call_back_elsewhere(
    lab, client, tmp_path
):
    with sound_port() as first, sound_port() as second:
        ports = {"rtp": first.getsockname()[1], "rtp2": second.getsockname()[1]}
        async with open_peer(tmp_path, "holds", **ports) as peer:
            await ring(lab, client, peer)
            await peer.finished()
        at_first, then = arrivals(first), arrivals(second)
    assert 20 < at_first < 60, "sound until the hold, and none while it lasts"
    assert 20 < then < 60, "and then where the far end is now"
    await over(lab)
    await until(lambda: told(lab)[-1] == "completed")


def sound_port():
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.setblocking(False)
    return receiver


def arrivals(receiver):
    """How many packets have come in."""
    count = 0
    try:
        while receiver.recv(2048):
            count += 1
    except BlockingIOError:
        return count


async def test_a_caller_who_hangs_up_while_it_rings_is_gone_and_nobody_answers(lab, tmp_path):
    lab.customer.documents["/voice"] = TALKS
    lab.carrier.faults.set(FaultSet(webhook_delay_s=1.0))
    line = f"sip:{NUMBER}@127.0.0.1:{lab.dialler.port}"
    async with open_peer(tmp_path, "cancels", calls=line, pause_ms=300, caller="+15550142000") as peer:
        await peer.finished()
    await over(lab)
    await until(lambda: lab.customer.asked("/status"))
    assert [call.status for call in lab.carrier.calls] == ["no-answer"]
    assert [form["CallStatus"] for form in lab.customer.asked("/status")] == ["no-answer"]
