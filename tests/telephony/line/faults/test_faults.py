"""What goes wrong on demand: each fault does what it says, and only to the call that it is for."""

import asyncio

import httpx
import pytest
from pydantic import ValidationError
from websockets.asyncio.server import serve

from telephony.line.call import CallStatus
from telephony.line.faults.faults import FaultSet, LineFaults
from telephony.line.faults.faulty_leg import FaultyLeg
from telephony.line.instructions import Instructions
from telephony.line.leg import ULAW_SILENCE, LegEnd
from tests.telephony.line.conferences.test_conferencing import HELLO, MediaServer, stream
from tests.telephony.line.lab import ACCOUNT, TOKEN, FakeLeg, open_lab, talking, until
from tests.telephony.line.rest.test_calls import SIP, WAIT, blocking, place, refused

OTHER = "sip:other@127.0.0.1:5998"


@pytest.fixture
async def lab():
    async with open_lab() as one:
        one.customer.documents["/agent"] = WAIT
        one.customer.documents["/voice"] = WAIT
        yield one


@pytest.fixture
def faults(lab):
    return lab.carrier.faults


def test_a_call_has_its_own_faults_or_those_of_the_line():
    faults = LineFaults()
    faults.set(FaultSet(refuse=486), SIP)
    assert faults.of("CA1", SIP).refuse == 486
    assert faults.of("CA1", OTHER).refuse is None
    faults.set(FaultSet(refuse=503))
    assert faults.of("CA1", OTHER).refuse == 503
    faults.clear()
    assert faults.of(SIP) == FaultSet()


@pytest.mark.parametrize("wrong", [{"refuse": 200}, {"network_loss": 2}, {"typo": 1}, {"webhook_copies": 0}])
def test_faults_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValidationError):
        FaultSet(**wrong)


@pytest.mark.parametrize(
    ("code", "status"), [(486, "busy"), (603, "busy"), (480, "no-answer"), (503, "failed"), (404, "failed")]
)
async def test_a_call_out_is_refused_and_another_is_not(lab, client, faults, code, status):
    faults.set(FaultSet(refuse=code), SIP)
    call = await place(lab, client, status_callback=f"{lab.customer.url}/leg")
    other = await place(lab, client, to=OTHER)
    await until(lambda: lab.carrier.call(call.sid).over)
    assert lab.carrier.call(call.sid).status == status
    await until(lambda: lab.customer.asked("/leg"))
    assert lab.customer.asked("/leg")[0]["SipResponseCode"] == str(code)
    assert lab.carrier.call(other.sid).status is CallStatus.QUEUED


async def test_nobody_answers_for_as_long_as_it_rings(lab, client, faults):
    faults.set(FaultSet(no_answer=True))
    call = await place(lab, client, timeout=1)
    await until(lambda: lab.carrier.call(call.sid).status is CallStatus.RINGING)
    await until(lambda: lab.carrier.call(call.sid).status is CallStatus.NO_ANSWER)


async def test_a_queue_answers_early_with_music(lab, client, faults):
    media = MediaServer()
    async with serve(media.handle, "127.0.0.1", 0) as listening:
        media.url = f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}/media"
        lab.customer.documents["/agent"] = stream(media)
        faults.set(FaultSet(early_answer=True))
        call = await place(lab, client)
        await until(lambda: len(media.all("media")) > 10)
        assert lab.carrier.call(call.sid).status is CallStatus.IN_PROGRESS
        assert len({message["media"]["payload"] for message in media.all("media")}) > 3
        assert media.all("dtmf") == []


async def test_that_the_far_end_hangs_up_is_never_heard_of(lab, faults):
    leg = await lab.call_in()
    await leg.answered.wait()
    call = lab.carrier.calls[0]
    faults.set(FaultSet(lost_bye=True), call.sid)
    leg.end(LegEnd.HUNG_UP)
    await asyncio.sleep(0.1)
    assert call.status is CallStatus.IN_PROGRESS
    await lab.carrier.end(call.sid, CallStatus.COMPLETED)
    assert call.status is CallStatus.COMPLETED


async def test_callbacks_come_more_than_once_with_the_same_token(lab, faults):
    faults.set(FaultSet(webhook_copies=3))
    leg = await lab.call_in()
    await leg.answered.wait()
    leg.end(LegEnd.HUNG_UP)
    await until(lambda: len(lab.customer.asked("/status")) == 3)
    tokens = {
        headers["i-twilio-idempotency-token"]
        for _, path, _, headers in lab.customer.requests
        if path == "/status"
    }
    assert len(tokens) == 1


async def test_callbacks_overtake_each_other_and_none_is_lost(lab, client, faults):
    faults.set(FaultSet(webhooks_reordered=True))
    await place(
        lab,
        client,
        status_callback=f"{lab.customer.url}/leg",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    leg = lab.dialler.legs[0]
    leg.listener.on_ringing()
    leg.listener.on_answered()
    leg.end(LegEnd.HUNG_UP)
    await until(lambda: len(lab.customer.asked("/leg")) == 4)
    told = [form["SequenceNumber"] for form in lab.customer.asked("/leg")]
    assert sorted(told) == list("0123")
    assert told != sorted(told)


async def test_a_callback_that_nothing_overtakes_comes_all_the_same(lab, faults):
    faults.set(FaultSet(webhooks_reordered=True))
    leg = await lab.call_in()
    await leg.answered.wait()
    leg.end(LegEnd.HUNG_UP)
    await until(lambda: lab.customer.asked("/status"))


async def test_webhooks_are_late(lab, faults):
    faults.set(FaultSet(webhook_delay_s=1.0), "+1555")
    slow, quick = await lab.call_in("+1555"), await lab.call_in("+1556")
    await asyncio.wait_for(quick.answered.wait(), 10)
    assert not slow.answered.is_set()
    await asyncio.wait_for(slow.answered.wait(), 10)


async def test_the_api_fails_as_often_as_was_said_and_then_works(lab, client, faults):
    faults.set(FaultSet(rest_status=503), rest_times=1)
    assert (await refused(place(lab, client))).status == 503
    assert lab.dialler.legs == [], "a request that failed did nothing"
    assert (await place(lab, client)).status == "queued"


async def test_the_api_is_slow(lab, client, faults):
    faults.set(FaultSet(rest_delay_s=0.3))
    began = asyncio.get_running_loop().time()
    await place(lab, client)
    assert asyncio.get_running_loop().time() - began >= 0.3


async def test_moving_a_call_is_refused_and_another_is_moved(lab, client, faults):
    one, other = await lab.call_in("+11"), await lab.call_in("+12")
    await asyncio.gather(one.answered.wait(), other.answered.wait())
    second, first = lab.carrier.calls
    faults.set(FaultSet(rest_refuses_moves=True), first.sid)
    assert (await refused(blocking(client.calls(first.sid).update, twiml=WAIT))).code == 21220
    await blocking(client.calls(second.sid).update, twiml="<Response><Say>x</Say></Response>")
    await other.ended.wait()
    assert not one.ended.is_set()


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_stream_loses_its_connection_and_the_call_goes_on(lab, faults, at_once):
    media = MediaServer()
    async with serve(media.handle, "127.0.0.1", 0) as listening:
        media.url = f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}/media"
        lab.customer.documents["/voice"] = stream(media)
        if not at_once:
            faults.set(FaultSet(socket_drop_s=0.2))
        leg = await lab.call_in()
        await until(lambda: media.all("media"))
        if at_once:
            assert faults.drop_streams("CA-unknown") == 0
            assert faults.drop_streams(lab.carrier.calls[0].sid) == 1
        await asyncio.wait_for(leg.ended.wait(), 10)
        assert b"z" * 160 in leg.played, "what follows <Connect> runs"
        assert media.all("stop") == [], "nobody said stop"


async def test_sound_is_late_by_what_the_network_takes_each_way(lab, faults):
    faults.set(FaultSet(network_delay_ms=200, network_jitter_ms=20), "+11")
    lab.customer.documents["/voice"] = "<Response><Say>h</Say><Pause length='30'/></Response>"
    loop = asyncio.get_running_loop()
    late, prompt = await lab.call_in("+11"), await lab.call_in("+12")
    await until(lambda: b"h" * 160 in prompt.played)
    at = loop.time()
    assert b"h" * 160 not in late.played
    await until(lambda: b"h" * 160 in late.played)
    assert 0.1 < loop.time() - at < 0.6


async def test_jitter_never_changes_the_order(virtual_time):
    faults = LineFaults()
    faults.set(FaultSet(network_delay_ms=120, network_jitter_ms=100))
    leg = FakeLeg()
    bad = FaultyLeg(leg, faults)
    for number in range(50):
        bad.send(bytes([number]) * 160)
        await virtual_time.advance(0.02)
        assert number < 12 or leg.played, "it comes through while it is being sent"
    await virtual_time.advance(0.3)
    assert [frame[0] for frame in leg.played] == list(range(50))


async def test_a_hang_up_is_late_too(lab, faults):
    leg = await lab.call_in("+11")
    await leg.answered.wait()
    call = lab.carrier.calls[0]
    faults.set(FaultSet(network_delay_ms=150), "+11")
    leg.end(LegEnd.HUNG_UP)
    await asyncio.sleep(0.05)
    assert not call.over
    await until(lambda: call.over)


async def test_frames_are_lost(lab, faults):
    faults.set(FaultSet(network_loss=1.0), "+11")
    lost, clear = await lab.call_in("+11"), await lab.call_in("+12")
    await asyncio.gather(lost.answered.wait(), clear.answered.wait())
    await until(lambda: len(clear.played) > 5)
    assert lost.played == []


async def test_faults_are_set_and_cleared_over_http_by_the_account_only(lab):
    async with httpx.AsyncClient(base_url=lab.url, auth=(ACCOUNT, TOKEN)) as http:
        order = {"line": {"webhook_copies": 2}, "calls": {SIP: {"refuse": 486}}}
        assert (await http.put("/line/faults", json=order)).json() == order
        assert lab.carrier.faults.of(SIP).refuse == 486
        assert (await http.get("/line/faults")).json() == order
        assert (await http.put("/line/faults", json={"line": {"refuse": 1}})).status_code == 400
        assert (await http.put("/line/faults", content="no")).status_code == 400
        assert (await http.post("/line/faults/drop")).json() == {"dropped": 0}
        assert (await http.delete("/line/faults")).status_code == 204
        assert lab.carrier.faults.of(SIP) == FaultSet()
        for request in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/drop")):
            stranger = await http.request(request[0], f"/line/faults{request[1]}", auth=("AC", "x"))
            assert stranger.status_code == 401
    async with httpx.AsyncClient(base_url=lab.url) as nobody:
        assert (await nobody.get("/line/faults")).status_code == 401


async def test_without_faults_nothing_is_late_or_lost(lab):
    leg = await lab.call_in()
    await leg.answered.wait()
    async with talking(leg, HELLO):
        await asyncio.sleep(0.1)
    lab.carrier.redirect(lab.carrier.calls[0].sid, Instructions(twiml="<Response><Say>u</Say></Response>"))
    await asyncio.wait_for(leg.ended.wait(), 10)
    assert leg.played.count(ULAW_SILENCE) > 0
    assert b"u" * 160 in leg.played
