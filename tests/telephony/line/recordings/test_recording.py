"""What is recorded, by TwiML and by REST."""

import asyncio
import io
import wave

import httpx
import numpy as np
import pytest

from telephony.line.leg import LegEnd
from telephony.line.recordings.recording import Recording, RecordingSource, RecordingStatus
from telephony.media import ulaw
from tests.telephony.line.conferences.test_conferencing import room, sit
from tests.telephony.line.lab import ACCOUNT, TOKEN, open_lab, talking, until
from tests.telephony.line.rest.test_calls import blocking, check, refused

HELLO, HI = (ulaw.encode(np.full(160, level, np.int16)) for level in (4000, -6000))
WAIT = "<Response><Pause length='30'/></Response>"


@pytest.fixture
async def lab():
    async with open_lab() as one:
        yield one


def channels(wav):
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
        sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return sound.reshape(-1, file.getnchannels()).T


def holds(channel, frame):
    """Whether the steady sound of a frame is in a channel."""
    return bool((channel == ulaw.decode(frame)[0]).any())


def test_two_channels_hold_the_party_first():
    one = Recording("RE1", "AC1", "CA1", RecordingSource.STARTED, None, "both", 2)
    one.tap(HELLO, HI)
    heard, played = channels(one.wav())
    assert holds(heard, HELLO)
    assert holds(played, HI)
    assert not holds(heard, HI)


def test_a_pause_is_silent_or_left_out():
    one = Recording("RE1", "AC1", "CA1", RecordingSource.STARTED, None, "inbound")
    one.status = RecordingStatus.PAUSED
    one.tap(HELLO, HI)
    assert not holds(channels(one.wav())[0], HELLO)
    assert one.duration_s == pytest.approx(0.02)
    one.skips_pauses = True
    one.tap(HELLO, HI)
    assert one.duration_s == pytest.approx(0.02)


async def test_a_call_is_recorded_paused_ended_and_fetched_by_the_sdk(lab, client):
    lab.customer.documents["/voice"] = WAIT
    leg = await lab.call_in()
    await leg.answered.wait()
    sid = lab.carrier.calls[0].sid
    made = await blocking(
        client.calls(sid).recordings.create,
        recording_channels="dual",
        recording_status_callback=f"{lab.customer.url}/recorded",
        recording_status_callback_event=["in-progress", "completed"],
    )
    assert (made.status, made.channels, made.call_sid) == ("in-progress", 2, sid)
    async with talking(leg, HELLO):
        await asyncio.sleep(0.2)
    current = client.calls(sid).recordings("Twilio.CURRENT")
    paused = await blocking(current.update, status="paused", pause_behavior="skip")
    assert paused.status == "paused"
    async with talking(leg, HI):
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.3)
    assert (await blocking(current.update, status="in-progress")).status == "in-progress"
    assert (await blocking(current.update, status="stopped")).status == "completed"
    kept = await blocking(client.recordings(made.sid).fetch)
    async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN)) as http:
        heard, _ = channels((await http.get(f"{kept.media_url}.wav")).content)
        assert (await http.get(f"{kept.media_url}.wav", auth=("x", "y"))).status_code == 401
    assert holds(heard, HELLO)
    assert not holds(heard, HI), "what was said in the pause is not kept"
    await until(lambda: len(lab.customer.asked("/recorded")) == 2)
    told = lab.customer.asked("/recorded")
    assert [form["RecordingStatus"] for form in told] == ["in-progress", "completed"]
    assert told[1]["RecordingUrl"] == kept.media_url
    assert [one.sid for one in await blocking(client.calls(sid).recordings.list)] == [made.sid]
    await blocking(client.recordings(made.sid).delete)
    assert (await refused(blocking(client.recordings(made.sid).fetch))).code == 20404


async def test_a_recording_ends_with_its_call(lab, client):
    lab.customer.documents["/voice"] = (
        f"<Response><Start><Recording recordingStatusCallback='{lab.customer.url}/recorded'/></Start>"
        "<Pause length='30'/></Response>"
    )
    leg = await lab.call_in()
    await leg.answered.wait()
    await asyncio.sleep(0.1)
    leg.end(LegEnd.HUNG_UP)
    await until(lambda: lab.customer.asked("/recorded"))
    assert lab.customer.asked("/recorded")[0]["RecordingStatus"] == "completed"
    sid = lab.carrier.calls[0].sid
    assert (await refused(blocking(client.calls(sid).recordings.create))).code == 21220


async def test_a_conference_is_recorded_from_its_start_without_the_music(lab):
    lab.customer.documents["/after"] = "<Response/>"
    recorded = room(lab, record="record-from-start", recordingStatusCallback=f"{lab.customer.url}/recorded")
    one = await sit(lab, "+11", recorded)
    async with talking(one, HI):
        await asyncio.sleep(0.1)
    other = await sit(lab, "+12", room(lab, endConferenceOnExit="true"))
    async with talking(one, HELLO):
        await until(lambda: HELLO in other.played)
        await asyncio.sleep(0.1)
    other.end(LegEnd.HUNG_UP)
    await until(lambda: lab.customer.asked("/recorded"))
    told = lab.customer.asked("/recorded")[0]
    recording = lab.carrier.recordings.get(told["RecordingSid"])
    (sound,) = channels(recording.wav())
    assert holds(sound, HELLO)
    assert not holds(sound, HI), "before the start nothing is recorded"
    assert told["ConferenceSid"] == lab.carrier.conferences.resources[0].sid


async def test_a_dial_is_recorded_with_each_side_on_its_channel(lab):
    lab.customer.documents["/voice"] = (
        "<Response><Dial record='record-from-answer-dual'><Sip>sip:a@127.0.0.1</Sip></Dial></Response>"
    )
    caller = await lab.call_in()
    await until(lambda: lab.dialler.legs)
    agent = lab.dialler.legs[0]
    agent.listener.on_answered()
    async with talking(caller, HELLO), talking(agent, HI):
        await until(lambda: HI in caller.played)
    agent.end(LegEnd.HUNG_UP)
    await caller.ended.wait()
    heard, played = channels(lab.carrier.recordings.of()[0].wav())
    assert holds(heard, HELLO)
    assert holds(played, HI)
    assert not holds(heard, HI)


RECORD = '<Response><Record {} action="{}/recorded"/><Say>n</Say></Response>'


async def test_a_message_ends_with_a_key_and_its_action_is_told(lab):
    lab.customer.documents["/voice"] = RECORD.format('playBeep="false"', lab.customer.url)
    lab.customer.documents["/recorded"] = "<Response/>"
    leg = await lab.call_in()
    await until(lab.carrier.recordings.of)
    async with talking(leg, HELLO):
        await asyncio.sleep(0.2)
    leg.listener.on_digit("#")
    await leg.ended.wait()
    told = lab.customer.asked("/recorded")[0]
    assert told["Digits"] == "#"
    recording = lab.carrier.recordings.get(told["RecordingSid"])
    assert told["RecordingUrl"].endswith(recording.sid)
    assert holds(channels(recording.wav())[0], HELLO)


async def test_a_message_ends_with_silence_or_after_its_longest_time(lab):
    lab.customer.documents["/recorded"] = "<Response/>"
    for attributes in ('playBeep="false" timeout="1"', 'playBeep="false" maxLength="1"'):
        lab.customer.documents["/voice"] = RECORD.format(attributes, lab.customer.url)
        leg = await lab.call_in()
        await until(lambda: lab.carrier.recordings.of()[:1] and not lab.carrier.recordings.of()[0].over)
        leg.listener.on_audio(HELLO)
        await asyncio.wait_for(leg.ended.wait(), 4.5)
    assert len(lab.customer.asked("/recorded")) == 2


async def test_where_nothing_was_said_the_next_verb_follows(lab):
    lab.customer.documents["/voice"] = RECORD.format('timeout="1"', lab.customer.url)
    leg = await lab.call_in()
    await asyncio.wait_for(leg.ended.wait(), 4.5)
    assert lab.customer.asked("/recorded") == []
    assert b"n" * 160 in leg.played


async def test_every_answer_is_as_twilio_describes_it(lab, description):
    lab.customer.documents["/voice"] = WAIT
    leg = await lab.call_in()
    await leg.answered.wait()
    base = f"/2010-04-01/Accounts/{ACCOUNT}"
    of_call = f"{base}/Calls/{lab.carrier.calls[0].sid}/Recordings"
    async with httpx.AsyncClient(base_url=lab.url, auth=(ACCOUNT, TOKEN)) as http:
        made = await http.post(f"{of_call}.json", data={"RecordingTrack": "inbound"})
        one = f"{of_call}/{made.json()['sid']}.json"
        account = f"{base}/Recordings/{made.json()['sid']}.json"
        await asyncio.sleep(0.05)
        call_path, path = "/Calls/{CallSid}/Recordings", "/Recordings"
        check(description, f"{call_path}.json", "post", made)
        check(description, f"{call_path}/{{Sid}}.json", "get", await http.get(one))
        check(description, f"{call_path}.json", "get", await http.get(f"{of_call}.json"))
        check(description, f"{path}.json", "get", await http.get(f"{base}/Recordings.json"))
        check(description, f"{path}/{{Sid}}.json", "get", await http.get(account))
        ended = await http.post(one, data={"Status": "stopped"})
        check(description, f"{call_path}/{{Sid}}.json", "post", ended)
        assert ended.json()["duration"] == "0"
        assert (await http.post(one, data={"Status": "dancing"})).json()["code"] == 20001
        assert (await http.delete(one)).status_code == 204
