"""Conferences and participants by Twilio's own SDK, and against Twilio's own description of its API."""

import asyncio

import httpx
import pytest

from telephony.carrier_calls import CarrierCalls
from telephony.line.leg import LegEnd
from tests.telephony.line.conferences.test_conferencing import HELLO, HI, room, sit, told
from tests.telephony.line.lab import ACCOUNT, TOKEN, open_lab, talking, until
from tests.telephony.line.rest.test_calls import blocking, check, refused


@pytest.fixture
async def lab():
    async with open_lab() as one:
        one.customer.documents["/after"] = "<Response><Say>a</Say></Response>"
        yield one


async def two(lab, **attributes):
    one = await sit(lab, "+11", room(lab, participantLabel="caller", **attributes))
    other = await sit(lab, "+12", room(lab, participantLabel="agent"))
    return one, other, lab.carrier.conferences.resources[0].sid


async def test_a_conference_is_listed_fetched_and_ended(lab, client):
    one, other, sid = await two(lab)
    listed = await blocking(client.conferences.list, friendly_name="room", status="in-progress")
    assert [found.sid for found in listed] == [sid]
    assert await blocking(client.conferences.list, friendly_name="other") == []
    ended = await blocking(client.conferences(sid).update, status="completed")
    assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
    await asyncio.gather(one.ended.wait(), other.ended.wait())
    assert b"a" * 160 in one.played
    assert (await blocking(client.conferences(sid).fetch)).call_sid_ending_conference is None


async def test_we_learn_who_is_in_a_conference_and_whether_it_has_begun(lab):
    async with CarrierCalls(ACCOUNT, TOKEN, lab.url) as calls:
        assert await calls.participants("room") == (None, frozenset(), False)
        await sit(lab, "+11", room(lab, participantLabel="caller", startConferenceOnEnter="false"))
        (begun,) = lab.carrier.conferences.resources
        assert await calls.participants("room") == (begun.sid, {"caller"}, False)
        agent = await sit(lab, "+12", room(lab, participantLabel="agent", endConferenceOnExit="true"))
        assert await calls.participants("room") == (begun.sid, {"caller", "agent"}, True)
        agent.end(LegEnd.HUNG_UP)
        await until(lambda: lab.carrier.conferences.resources[0].over)
        assert await calls.participants("room") == (None, frozenset(), False)


async def test_a_participant_is_found_by_call_or_label_muted_and_heard_again(lab, client):
    one, other, sid = await two(lab)
    people = client.conferences(sid).participants
    assert [found.label for found in await blocking(people.list)] == ["caller", "agent"]
    assert (await blocking(client.conferences(sid).participants(one.sid).fetch)).label == "caller"
    caller = client.conferences(sid).participants("caller")
    assert (await blocking(caller.fetch)).call_sid == one.sid
    assert (await blocking(caller.update, muted=True)).muted is True
    assert [found.label for found in await blocking(people.list, muted=True)] == ["caller"]
    async with talking(one, HELLO), talking(other, HI):
        await until(lambda: HI in one.played)
        await asyncio.sleep(0.1)
        assert HELLO not in other.played
        await blocking(caller.update, muted=False)
        await until(lambda: HELLO in other.played)


async def test_on_hold_somebody_hears_music_and_nobody_hears_them(lab, client):
    lab.customer.documents["/hold"] = "<Response><Say>m</Say></Response>"
    one, other, sid = await two(lab)
    caller = client.conferences(sid).participants("caller")
    held = await blocking(caller.update, hold=True, hold_url=f"{lab.customer.url}/hold")
    assert held.hold is True
    count = len(one.played)
    async with talking(one, HELLO), talking(other, HI):
        await until(lambda: b"m" * 160 in one.played)
        await asyncio.sleep(0.1)
        assert HI not in one.played[count + 3 :]
        assert HELLO not in other.played
        await blocking(caller.update, hold=False)
        await until(lambda: HI in one.played and HELLO in other.played)


async def test_whoever_is_removed_goes_on_behind_the_dial(lab, client):
    one, other, sid = await two(lab)
    await blocking(client.conferences(sid).participants("caller").delete)
    await one.ended.wait()
    assert b"a" * 160 in one.played
    assert not other.ended.is_set()
    assert (await refused(blocking(client.conferences(sid).participants("caller").fetch))).code == 20404


async def test_something_is_announced_to_all_or_to_one(lab, client):
    lab.customer.documents["/all"] = "<Response><Say>p</Say></Response>"
    lab.customer.documents["/one"] = "<Response><Say>q</Say></Response>"
    one, other, sid = await two(
        lab, statusCallback=f"{lab.customer.url}/conf", statusCallbackEvent="announcement"
    )
    await blocking(client.conferences(sid).update, announce_url=f"{lab.customer.url}/all")
    await until(lambda: b"p" * 160 in one.played and b"p" * 160 in other.played)
    caller = client.conferences(sid).participants("caller")
    await blocking(caller.update, announce_url=f"{lab.customer.url}/one")
    await until(lambda: b"q" * 160 in one.played)
    assert b"q" * 160 not in other.played
    await blocking(caller.update, announce_url=f"{lab.customer.url}/nothing")
    await until(lambda: len(told(lab)) == 3)
    assert told(lab) == ["announcement-end", "announcement-end", "announcement-fail"]


async def test_whether_it_ends_with_somebody_can_be_changed(lab, client):
    one, other, sid = await two(lab)
    await blocking(client.conferences(sid).participants("agent").update, end_conference_on_exit=True)
    other.end(LegEnd.HUNG_UP)
    await one.ended.wait()
    assert b"a" * 160 in one.played


async def test_somebody_is_rung_into_a_conference(lab, client):
    one = await sit(lab, "+11", room(lab))
    added = await blocking(
        client.conferences("room").participants.create,
        from_="+15550100100",
        to="sip:agent@127.0.0.1:5999?X-Transfer-Id=7",
        label="agent",
        beep="false",
        end_conference_on_exit=True,
    )
    assert (added.status, added.label, added.conference_sid[:2]) == ("queued", "agent", "CF")
    assert lab.dialler.dialled[0][2] == {"X-Transfer-Id": "7"}
    agent = lab.dialler.legs[0]
    agent.listener.on_answered()
    async with talking(one, HELLO), talking(agent, HI):
        await until(lambda: HI in one.played and HELLO in agent.played)
    agent.end(LegEnd.HUNG_UP)
    await one.ended.wait()


async def test_a_conference_that_was_opened_for_somebody_who_never_came_ends(lab, client):
    added = await blocking(
        client.conferences("new").participants.create, from_="+1555", to="sip:agent@127.0.0.1:5999"
    )
    lab.dialler.legs[0].end(LegEnd.BUSY)
    conference = lab.carrier.conferences.get(added.conference_sid)
    await until(lambda: conference.resource.over)


async def test_what_is_unknown_or_wrong_is_refused_with_twilios_code(lab, client):
    _, _, sid = await two(lab)
    unknown = "CF" + "0" * 32
    assert (await refused(blocking(client.conferences(unknown).fetch))).code == 20404
    assert (await refused(blocking(client.conferences(sid).update, status="in-progress"))).code == 20001
    assert (await refused(blocking(client.conferences(sid).update, announce_url="x"))).code == 21205
    people = client.conferences(sid).participants
    elsewhere = {"from_": "+1555", "to": "sip:a@evil.example.com"}
    assert (await refused(blocking(people.create, **elsewhere))).code == 21216


async def test_every_answer_is_as_twilio_describes_it(lab, description):
    one, _, sid = await two(lab)
    base = f"/2010-04-01/Accounts/{ACCOUNT}/Conferences"
    path, people = "/Conferences", "/Conferences/{ConferenceSid}/Participants"
    async with httpx.AsyncClient(base_url=lab.url, auth=(ACCOUNT, TOKEN)) as http:
        here = f"{base}/{sid}/Participants"
        answers = [
            (f"{path}.json", "get", await http.get(f"{base}.json")),
            (f"{path}/{{Sid}}.json", "get", await http.get(f"{base}/{sid}.json")),
            (f"{people}.json", "get", await http.get(f"{here}.json")),
            (f"{people}/{{CallSid}}.json", "get", await http.get(f"{here}/{one.sid}.json")),
            (
                f"{people}.json",
                "post",
                await http.post(f"{here}.json", data={"To": "sip:a@127.0.0.1", "From": "+1555"}),
            ),
            (
                f"{people}/{{CallSid}}.json",
                "post",
                await http.post(f"{here}/agent.json", data={"Muted": "true"}),
            ),
            (
                f"{path}/{{Sid}}.json",
                "post",
                await http.post(f"{base}/{sid}.json", data={"Status": "completed"}),
            ),
            (f"{path}/{{Sid}}.json", "get", await http.get(f"{base}/{sid}.json")),
        ]
        for described, method, answer in answers:
            check(description, described, method, answer)
