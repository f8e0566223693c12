"""Streams that only listen, beside whatever the call does."""

import asyncio
import base64

import pytest
from websockets.asyncio.server import serve

from telephony.line.instructions import Instructions
from telephony.line.leg import LegEnd
from tests.telephony.line.conferences.test_conferencing import HELLO, HI, MediaServer, room, sit
from tests.telephony.line.lab import open_lab, talking, until


@pytest.fixture
async def lab():
    async with open_lab() as one:
        yield one


@pytest.fixture
async def media():
    one = MediaServer()
    async with serve(one.handle, "127.0.0.1", 0) as listening:
        one.url = f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}/listen"
        yield one


def start(lab, media, track, name="ear"):
    return (
        f'<Start><Stream url="{media.url}" name="{name}" track="{track}" '
        f'statusCallback="{lab.customer.url}/streams"><Parameter name="token" value="secret"/></Stream></Start>'
    )


def listening(document, started):
    return document.replace("<Response>", f"<Response>{started}")


def payloads(media, track):
    return [
        base64.b64decode(message["media"]["payload"])
        for message in media.all("media")
        if message["media"]["track"] == track
    ]


def events(lab):
    return [form["StreamEvent"] for form in lab.customer.asked("/streams")]


async def test_both_tracks_carry_what_is_said_and_what_is_heard_in_a_conference(lab, media):
    document = listening(room(lab), start(lab, media, "both_tracks"))
    one, other = await sit(lab, "+11", document), await sit(lab, "+12", room(lab))
    async with talking(one, HELLO), talking(other, HI):
        await until(lambda: HELLO in payloads(media, "inbound") and HI in payloads(media, "outbound"))
    assert HI not in payloads(media, "inbound")
    assert HELLO not in payloads(media, "outbound")
    begun = media.all("start")[0]["start"]
    assert begun["tracks"] == ["inbound", "outbound"]
    assert begun["customParameters"] == {"token": "secret"}
    assert begun["callSid"] == one.sid


async def test_what_is_sent_counts_on_for_each_track(lab, media):
    document = listening(room(lab), start(lab, media, "both_tracks"))
    await sit(lab, "+11", document)
    await until(lambda: len(payloads(media, "outbound")) > 5)
    sequences = [int(one["sequenceNumber"]) for one in media.messages if "sequenceNumber" in one]
    assert sequences == list(range(1, len(sequences) + 1))
    for track in ("inbound", "outbound"):
        chunks = [one["media"]["chunk"] for one in media.all("media") if one["media"]["track"] == track]
        assert chunks == [str(number + 1) for number in range(len(chunks))]


@pytest.mark.parametrize(("track", "only"), [("inbound_track", "inbound"), ("outbound_track", "outbound")])
async def test_one_track_carries_only_that(lab, media, track, only):
    await sit(lab, "+11", listening(room(lab), start(lab, media, track)))
    await until(lambda: payloads(media, only))
    assert {one["media"]["track"] for one in media.all("media")} == {only}


async def test_it_goes_on_when_the_call_is_sent_elsewhere_and_ends_with_the_call(lab, media):
    one = await sit(lab, "+11", listening(room(lab), start(lab, media, "inbound_track")))
    await until(lambda: media.all("media"))
    lab.carrier.redirect(one.sid, Instructions(twiml=room(lab, "elsewhere")))
    await until(lambda: lab.carrier.conferences.resources[0].name == "elsewhere")
    before = len(media.all("media"))
    await until(lambda: len(media.all("media")) > before + 5)
    assert media.all("stop") == []
    one.end(LegEnd.HUNG_UP)
    await until(lambda: media.all("stop"))
    await until(lambda: events(lab) == ["stream-started", "stream-stopped"])


async def test_it_ends_by_its_name_and_only_that(lab, media):
    started = start(lab, media, "inbound_track", "one") + start(lab, media, "inbound_track", "two")
    one = await sit(lab, "+11", listening(room(lab), started))
    await until(lambda: len(media.all("start")) == 2)
    stop = '<Response><Stop><Stream name="one"/></Stop><Pause length="30"/></Response>'
    lab.carrier.redirect(one.sid, Instructions(twiml=stop))
    await until(lambda: len(media.all("stop")) == 1)
    stopped = media.all("stop")[0]["streamSid"]
    count = len(media.all("media"))
    await until(lambda: len(media.all("media")) > count + 5)
    late = media.all("media")[count + 2 :]
    assert stopped not in {message["streamSid"] for message in late}


async def test_a_name_that_is_taken_begins_no_second_stream_and_the_call_goes_on(lab, media):
    document = listening(room(lab), start(lab, media, "inbound_track"))
    one = await sit(lab, "+11", document)
    await until(lambda: media.all("media"))
    lab.carrier.redirect(one.sid, Instructions(twiml=document.replace(">room<", ">again<")))
    await until(lambda: lab.carrier.conferences.resources[0].name == "again")
    await asyncio.sleep(0.1)
    assert len(media.all("start")) == 1
    assert not one.ended.is_set()


async def test_a_server_that_is_not_there_does_not_disturb_the_call(lab, media):
    nowhere = start(lab, media, "inbound_track").replace(media.url, "ws://127.0.0.1:9/listen")
    one = await sit(lab, "+11", listening(room(lab), nowhere))
    await until(lambda: events(lab) == ["stream-error"])
    assert lab.customer.asked("/streams")[0]["StreamError"] == "31901"
    assert not one.ended.is_set()


async def test_two_calls_are_listened_to_apart(lab, media):
    document = listening(room(lab, "a"), start(lab, media, "inbound_track"))
    one = await sit(lab, "+11", document)
    other = await sit(lab, "+21", document.replace(">a<", ">b<"))
    async with talking(one, HELLO), talking(other, HI):
        await until(lambda: {HELLO, HI} <= set(payloads(media, "inbound")))
    by_stream = {message["streamSid"]: message["start"]["callSid"] for message in media.all("start")}
    for message in media.all("media"):
        sound = base64.b64decode(message["media"]["payload"])
        if by_stream[message["streamSid"]] == one.sid:
            assert sound != HI
        else:
            assert sound != HELLO
