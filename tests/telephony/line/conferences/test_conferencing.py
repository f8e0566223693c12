"""Calls in conferences, told as stories: who hears what, what is told, and how calls come in and out."""

import asyncio
import json

import pytest
from websockets.asyncio.server import serve

from telephony.line.conferences.conference import ConferenceStatus
from telephony.line.instructions import Instructions
from telephony.line.leg import ULAW_SILENCE, LegEnd
from tests.telephony.line.lab import open_lab, talking, until

HELLO, HI, HO = b"\x21" * 160, b"\x22" * 160, b"\x23" * 160


@pytest.fixture
async def lab():
    async with open_lab() as one:
        yield one


def room(lab, name="room", *, action=True, **attributes):
    """A document that leads into a conference, without beeps and music unless asked for."""
    values = {"beep": "false", "waitUrl": ""} | attributes
    written = " ".join(f'{attribute}="{value}"' for attribute, value in values.items())
    dial = f'<Dial action="{lab.customer.url}/after">' if action else "<Dial>"
    return f"<Response>{dial}<Conference {written}>{name}</Conference></Dial><Say>z</Say></Response>"


def told(lab, path="/conf"):
    return [form["StatusCallbackEvent"] for form in lab.customer.asked(path)]


async def sit(lab, number, document):
    """A call that the customer's server sends into a conference."""
    lab.customer.documents["/voice"] = lambda form: lab.documents[form["From"]]
    lab.documents = {**getattr(lab, "documents", {}), number: document}
    before = {call.sid for call in lab.carrier.calls}
    leg = await lab.call_in(number)
    await leg.answered.wait()
    leg.sid = next(call.sid for call in lab.carrier.calls if call.sid not in before)
    await until(lambda: any(leg.sid in one.participants for one in lab.carrier.conferences.resources))
    return leg


async def test_two_callers_hear_each_other_and_not_themselves(lab):
    one, other = await sit(lab, "+11", room(lab)), await sit(lab, "+12", room(lab))
    async with talking(one, HELLO), talking(other, HI):
        await until(lambda: HI in one.played and HELLO in other.played)
    assert HELLO not in one.played
    assert HI not in other.played


async def test_three_hear_the_sum_of_the_others(lab):
    legs = [await sit(lab, f"+1{number}", room(lab)) for number in range(3)]
    async with talking(legs[0], HELLO), talking(legs[1], HI), talking(legs[2], HO):
        await asyncio.sleep(0.3)
    assert all(HELLO not in frames for frames in (legs[0].played,))
    both = [frame for frame in legs[0].played if frame not in {ULAW_SILENCE, HI, HO}]
    assert len(set(both)) == 1, "the sum of two steady voices is one steady voice"


async def test_two_conferences_at_once_never_cross(lab):
    a1, b1 = await sit(lab, "+11", room(lab, "a")), await sit(lab, "+21", room(lab, "b"))
    a2, b2 = await sit(lab, "+12", room(lab, "a")), await sit(lab, "+22", room(lab, "b"))
    async with talking(a1, HELLO), talking(b1, HI):
        await until(lambda: HELLO in a2.played and HI in b2.played)
        await asyncio.sleep(0.1)
    assert HI not in a2.played
    assert HELLO not in b2.played
    assert HI not in a1.played
    assert len(lab.carrier.conferences.resources) == 2


async def test_before_the_start_nobody_hears_anybody_but_the_music(lab):
    lab.customer.documents["/wait"] = "<Response><Say>w</Say></Response>"
    waiting = room(lab, startConferenceOnEnter="false", waitUrl=f"{lab.customer.url}/wait")
    one, other = await sit(lab, "+11", waiting), await sit(lab, "+12", waiting)
    async with talking(one, HELLO), talking(other, HI):
        await until(lambda: one.played.count(b"w" * 160) > 3 and b"w" * 160 in other.played)
        assert HI not in one.played
        await sit(lab, "+13", room(lab))
        await until(lambda: HI in one.played)
        music = one.played.count(b"w" * 160)
        await asyncio.sleep(0.1)
    assert one.played.count(b"w" * 160) == music
    asked = lab.customer.asked("/wait")
    assert {form["CallSid"] for form in asked} == {one.sid, other.sid}
    assert len({form["ConferenceSid"] for form in asked}) == 1


@pytest.mark.parametrize("document", ["<Response><Hangup/></Response>", None, "no xml"])
async def test_music_that_cannot_be_had_is_silence_and_the_call_goes_on(lab, document):
    lab.customer.documents["/wait"] = document
    one = await sit(lab, "+11", room(lab, waitUrl=f"{lab.customer.url}/wait"))
    await until(lambda: lab.customer.asked("/wait"))
    other = await sit(lab, "+12", room(lab))
    async with talking(other, HI):
        await until(lambda: HI in one.played)


async def test_every_event_is_told_in_order_with_what_twilio_sends(lab):
    callback = {
        "statusCallback": f"{lab.customer.url}/conf",
        "statusCallbackEvent": "start end join leave",
        "endConferenceOnExit": "true",
        "participantLabel": "caller",
    }
    lab.customer.documents["/after"] = "<Response/>"
    caller = await sit(lab, "+11", room(lab, **callback))
    other = {"statusCallback": f"{lab.customer.url}/other", "statusCallbackEvent": "start end join leave"}
    agent = await sit(lab, "+12", room(lab, participantLabel="agent", **other))
    caller.end(LegEnd.HUNG_UP)
    await agent.ended.wait()
    await until(lambda: "conference-end" in told(lab))
    assert told(lab) == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    forms = lab.customer.asked("/conf")
    assert [form["SequenceNumber"] for form in forms] == list("123456")
    join, end = forms[0], forms[-1]
    assert join["FriendlyName"] == "room"
    assert join["CallSid"] == caller.sid
    assert join["ParticipantLabel"] == "caller"
    assert (join["StartConferenceOnEnter"], join["EndConferenceOnExit"]) == ("true", "true")
    assert (join["Muted"], join["Hold"], join["Coaching"]) == ("false", "false", "false")
    assert forms[3]["ReasonParticipantLeft"] == "participant_hung_up"
    assert forms[4]["ReasonParticipantLeft"] == "moderator_ended_conference"
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert end["CallSidEndingConference"] == caller.sid
    assert len({form["ConferenceSid"] for form in forms}) == 1
    assert lab.customer.asked("/other") == [], "only the first participant's callback counts"


async def test_only_events_that_were_asked_for_are_told(lab):
    callback = {"statusCallback": f"{lab.customer.url}/conf", "statusCallbackEvent": "start"}
    await sit(lab, "+11", room(lab, **callback))
    await sit(lab, "+12", room(lab))
    await until(lambda: told(lab))
    assert told(lab) == ["conference-start"]


async def test_a_label_taken_twice_is_not_added_and_the_call_goes_on(lab):
    lab.customer.documents["/after"] = "<Response><Say>a</Say></Response>"
    await sit(lab, "+11", room(lab, participantLabel="caller"))
    lab.documents["+12"] = room(lab, participantLabel="caller")
    second = await lab.call_in("+12")
    await second.ended.wait()
    assert b"a" * 160 in second.played
    assert lab.customer.asked("/after")[0]["DialCallStatus"] == "failed"
    assert len(lab.carrier.conferences.resources[0].participants) == 1


async def test_when_it_ends_the_other_goes_on_at_the_action(lab):
    lab.customer.documents["/after"] = "<Response><Say>a</Say></Response>"
    caller = await sit(lab, "+11", room(lab))
    agent = await sit(lab, "+12", room(lab, endConferenceOnExit="true"))
    agent.end(LegEnd.HUNG_UP)
    await caller.ended.wait()
    assert b"a" * 160 in caller.played
    asked = lab.customer.asked("/after")
    assert [form["CallSid"] for form in asked] == [caller.sid]
    assert asked[0]["DialCallStatus"] == "answered"


async def test_without_an_action_the_next_verb_follows(lab):
    caller = await sit(lab, "+11", room(lab, action=False))
    agent = await sit(lab, "+12", room(lab, endConferenceOnExit="true"))
    agent.end(LegEnd.HUNG_UP)
    await caller.ended.wait()
    assert b"z" * 160 in caller.played


async def test_the_time_limit_of_the_dial_ends_the_stay(lab):
    document = room(lab, action=False).replace("<Dial>", '<Dial timeLimit="1">')
    caller = await sit(lab, "+11", document)
    await asyncio.wait_for(caller.ended.wait(), 10)
    assert b"z" * 160 in caller.played


class MediaServer:
    """The customer's media stream: keeps what it is told, by stream."""

    def __init__(self):
        self.messages = []
        self.sockets = []

    async def handle(self, socket):
        self.sockets.append(socket)
        async for text in socket:
            self.messages.append(json.loads(text))

    def all(self, event):
        return [message for message in self.messages if message["event"] == event]


@pytest.fixture
async def media():
    one = MediaServer()
    async with serve(one.handle, "127.0.0.1", 0) as listening:
        one.url = f"ws://127.0.0.1:{listening.sockets[0].getsockname()[1]}/media"
        yield one


def stream(media):
    return f'<Response><Connect><Stream url="{media.url}"/></Connect><Say>z</Say></Response>'


async def test_a_call_is_moved_out_of_its_stream_into_a_conference_and_back(lab, media):
    lab.customer.documents["/voice"] = stream(media)
    leg = await lab.call_in()
    sid = lab.carrier.calls[0].sid
    await until(lambda: media.all("media"))
    for turn in range(1, 3):
        lab.carrier.redirect(sid, Instructions(twiml=room(lab)))
        await until(lambda: lab.carrier.conferences.resources[:1] and not _empty(lab))
        assert len(media.all("stop")) == turn, "the stream was told its end before the conference began"
        lab.carrier.redirect(sid, Instructions(twiml=stream(media)))
        await until(lambda turn=turn: len(media.all("start")) == turn + 1)
        assert lab.carrier.conferences.resources[0].status is ConferenceStatus.COMPLETED
    assert not leg.ended.is_set()
    assert lab.customer.asked("/after") == [], "a call that is moved does not ask the action"


def _empty(lab):
    return not lab.carrier.conferences.resources[0].participants


@pytest.mark.parametrize("pause_s", [0.0, 0.001, 0.005, 0.02])
async def test_moving_a_call_many_times_in_a_row_leaves_one_thing_running(lab, media, pause_s):
    lab.customer.documents["/voice"] = stream(media)
    leg = await lab.call_in()
    await leg.answered.wait()
    sid = lab.carrier.calls[0].sid
    for number in range(10):
        document = room(lab, f"room{number}") if number % 2 else stream(media)
        lab.carrier.redirect(sid, Instructions(twiml=document))
        await asyncio.sleep(pause_s)
    await until(lambda: len(media.all("start")) == len(media.all("stop")))
    await until(lambda: lab.carrier.conferences.resources)
    await until(lambda: not _empty(lab))
    rooms = [one for one in lab.carrier.conferences.resources if one.participants]
    assert [one.name for one in rooms] == ["room9"]
    assert not leg.ended.is_set()


async def test_a_call_that_is_moved_while_its_stream_connects_does_not_wait_for_it(lab):
    async def deaf(reader, _writer):
        await reader.read()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    lab.customer.documents["/voice"] = (
        f'<Response><Connect><Stream url="ws://127.0.0.1:{port}/"/></Connect></Response>'
    )
    leg = await lab.call_in()
    await leg.answered.wait()
    await asyncio.sleep(0.1)
    lab.carrier.redirect(lab.carrier.calls[0].sid, Instructions(twiml=room(lab)))
    await until(lambda: lab.carrier.conferences.resources)
    server.close()


async def test_a_call_does_not_wait_for_a_server_that_is_slow_to_say_goodbye(lab, monkeypatch):
    monkeypatch.setattr("telephony.line.streams.wire.CLOSE_TIMEOUT_S", 60.0)
    opened = asyncio.Event()

    async def deaf(socket):
        socket.transport.pause_reading()
        opened.set()
        await asyncio.sleep(60)

    async with serve(deaf, "127.0.0.1", 0, close_timeout=0.1) as listening:
        port = listening.sockets[0].getsockname()[1]
        lab.customer.documents["/voice"] = (
            f'<Response><Connect><Stream url="ws://127.0.0.1:{port}/"/></Connect></Response>'
        )
        leg = await lab.call_in()
        await opened.wait()
        lab.carrier.redirect(lab.carrier.calls[0].sid, Instructions(twiml=room(lab)))
        await until(lambda: lab.carrier.conferences.resources)
        assert not leg.ended.is_set()
        for socket in listening.connections:
            socket.transport.abort()


async def test_a_beep_says_that_somebody_has_come(lab):
    one = await sit(lab, "+11", room(lab))
    await sit(lab, "+12", room(lab))
    await sit(lab, "+13", room(lab, beep="onEnter"))
    await until(lambda: any(frame != ULAW_SILENCE for frame in one.played))
