"""Whole calls over real SIP, speech included."""

import asyncio
import shutil
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from twilio.rest import Client

from calls.events import (
    ActionDone,
    CallEnded,
    CallEndReason,
    StreamStarted,
    TurnAnswered,
    TurnDropped,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
)
from demo.script import Line, read_wav, until_quiet
from demo.sip import open_telephone
from tests.e2e.caller import Caller, started
from tests.e2e.marks import REAL_CALLS
from tests.sound import RATE, contains, lag_s

pytestmark = [
    *REAL_CALLS,
    pytest.mark.timeout(300),
]
BEAT_S = 0.020
ALIGNED_BEATS = 3
"""Of 20 ms: one at the line on the way there, one on the way back, one that the telephone keeps in hand."""
NOT_THERE = 0.5
"""Voices resemble each other: a line of under a second finds up to 0.31 of itself in somebody else's."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def order_call(stack, voice):
    """Somebody who asks for their order, and the call's record."""
    caller = Caller(stack, voice)
    lines = [
        caller.says("Hi, where is my order?"),
        Line("4711", keys="4711"),
        caller.says("No, thank you. Goodbye."),
    ]
    return lines, await caller.call(lines)


async def test_an_order_is_asked_for_by_voice_keyed_and_told(order_call):
    _, call = order_call
    print(call.told)  # noqa: T201
    heard = call.bodies(TurnHeard)
    assert heard[0].text
    assert any(body.intent == "order_status" for body in call.bodies(TurnPlanned))
    assert 0 < heard[0].confidence <= 1
    assert heard[0].start_s < heard[0].end_s
    assert [body.digits for body in call.bodies(TurnKeyed)] == ["4711"]
    assert call.bodies(ActionDone)[0].data["status"] == "shipped"
    assert "has shipped with Parcel Express" in call.said
    assert call.bodies(CallEnded)[0].reason is CallEndReason.ASSISTANT
    assert len(call.bodies(TurnAnswered)) == 3
    assert len(call.bodies(StreamStarted)) == 1
    assert [event.seq for event in call.events] == list(range(1, len(call.events) + 1))


async def test_what_the_caller_heard_is_what_the_recording_holds(order_call):
    """Both ends on one axis: each line and its answer tell how the telephone's clock then lies to the recording's.

    The better of the two counts: where the machine stalls, silence gets into a line on its way.
    """
    lines, call = order_call
    print(call.told)  # noqa: T201
    left, right = call.recording[:, 0], call.recording[:, 1]
    fits, offsets_beats = [], []
    for line in (line for line in lines if line.sound is not None):
        reply = _first_said_after(call, lag_s(left, line.sound))
        spoken = right[int(reply.start_s * RATE) : int(reply.end_s * RATE)]
        assert np.abs(spoken.astype(int)).max() > 1000
        assert contains(call.sent, line.sound) > 0.99
        fits.append(min(contains(left, line.sound), contains(call.heard, spoken)))
        round_trip_here_s = lag_s(right, spoken) - lag_s(left, line.sound)
        round_trip_there_s = lag_s(call.heard, spoken) - lag_s(call.sent, line.sound)
        offsets_beats.append(round(abs(round_trip_there_s - round_trip_here_s) / BEAT_S))
    assert min(fits) > 0.3
    assert max(fits) > 0.95
    assert min(offsets_beats) <= ALIGNED_BEATS, offsets_beats


def _first_said_after(call, at_s):
    """What the assistant said next, all of which was heard."""
    return next(body for body in call.bodies(TurnSaid) if body.start_s > at_s and not body.interrupted)


async def test_two_calls_at_once_never_mix(caller):
    asks_one, asks_other = caller.says("How do I return something?"), caller.says("How much is shipping?")
    one, other = await asyncio.gather(
        caller.call([asks_one, caller.says("No, goodbye.")], "+15550000001"),
        caller.call([asks_other, caller.says("No, goodbye.")], "+15550000002"),
    )
    assert started(one).caller == "+15550000001"
    assert started(other).caller == "+15550000002"
    assert "thirty days" in one.said
    assert "thirty days" not in other.said
    assert "four euros ninety" in other.said
    assert "four euros ninety" not in one.said
    assert {event.call_id for event in one.events}.isdisjoint({event.call_id for event in other.events})
    for call, own, others in ((one, asks_one, asks_other), (other, asks_other, asks_one)):
        assert contains(call.recording[:, 0], own.sound) > 0.8
        assert contains(call.recording[:, 0], others.sound) < NOT_THERE
        assert {body.state["call_id"] for body in call.bodies(TurnPlanned)} == {call.events[0].call_id}
    for call, others in ((one, other), (other, one)):
        answer = max(call.bodies(TurnSaid), key=lambda body: body.end_s - body.start_s)
        spoken = call.recording[int(answer.start_s * RATE) : int(answer.end_s * RATE), 1]
        assert contains(call.heard, spoken) > 0.8
        assert contains(others.heard, spoken) < NOT_THERE


async def test_who_speaks_over_us_is_heard_and_we_stop(caller):
    async with open_telephone("+15550000003") as telephone:
        await caller.connect(telephone, "+15550000003")
        await asyncio.sleep(2.0)
        telephone.play(caller.says("Excuse me, where is my order?").sound)
        await telephone.played()
        await until_quiet(telephone, after=telephone.heard().size)
        await telephone.hang_up()
        call = await caller.record("+15550000003", telephone)
    cut = [body for body in call.bodies(TurnSaid) if body.interrupted]
    assert cut
    assert len(cut[0].heard) < len(cut[0].text)
    assert call.bodies(TurnHeard)[0].heard_of_us is not None
    assert any(body.intent == "order_status" for body in call.bodies(TurnPlanned))


async def test_the_assistant_calls_out_and_understands_keys(caller):
    """Placed by the official SDK, as a company's own code would."""
    stack = caller.stack
    client = Client(stack.account_sid, stack.auth_token)
    client.api.base_url = stack.line_url
    async with open_telephone("15550000004") as telephone:
        placed = await asyncio.to_thread(
            client.calls.create,
            to=telephone.address,
            from_=stack.number,
            url=f"{stack.server_url}/twilio/voice",
        )
        await asyncio.wait_for(telephone.incoming(), 10)
        await telephone.answer()
        heard = await until_quiet(telephone, after=0)
        await telephone.press("0")
        await until_quiet(telephone, after=heard)
        await asyncio.to_thread(client.calls(placed.sid).update, status="completed")
        await asyncio.wait_for(telephone.ended.wait(), 10)
        call = await caller.record("15550000004", telephone)
    assert call.events[0].call_id == placed.sid
    assert started(call).direction == "outbound"
    assert [body.digits for body in call.bodies(TurnKeyed)] == ["0"]
    assert [body.intent for body in call.bodies(TurnPlanned) if body.entities.get("keys") == "0"] == [
        "person"
    ]
    within_hours, outside = "what is it about?", "call you back"
    assert (within_hours in call.said) != (outside in call.said), "whatever the hour is at which this runs"


@pytest.mark.parametrize("pair", [(0, 1), pytest.param((2, 3), marks=pytest.mark.soak)])
async def test_real_telephone_speech(caller, shared_data, pair):
    """Recorded callers of another company, two at a time: every utterance is in the log, and the call ends well."""
    files = sorted((shared_data / "telephone_calls" / "caller").glob("*.wav"))
    calls = await asyncio.gather(*(_play(caller, files[index], f"+1555000010{index}") for index in pair))
    for call, index in zip(calls, pair, strict=True):
        heard = call.bodies(TurnHeard)
        assert len(heard) >= 3
        assert any(body.text for body in heard)
        assert all(0 <= body.confidence <= 1 and body.start_s < body.end_s for body in heard)
        loudest = np.abs(call.recording.astype(int)).max(axis=0)
        assert (loudest > 1000).all()
        assert call.bodies(CallEnded)
        began_s = lag_s(call.recording[:, 0], read_wav(files[index]))
        for start_s, end_s, said in _utterances(shared_data, files[index].stem):
            assert _texts(call, began_s + start_s, began_s + end_s), (files[index].name, start_s, end_s, said)


async def _play(caller, path, number):
    """The whole file in one go, as its caller spoke; the telephone hangs up afterwards."""
    async with open_telephone(number) as telephone:
        await caller.connect(telephone, number)
        telephone.play(read_wav(path))
        await telephone.played()
        await asyncio.sleep(3)
        await telephone.hang_up()
        return await caller.record(number, telephone)


def _utterances(shared_data, call_id):
    """Where the caller's speech lies in their own file, seconds."""
    lines = (shared_data / "telephone_calls" / "segments.tsv").read_text().splitlines()
    names = lines[0].split("\t")
    rows = [dict(zip(names, line.split("\t"), strict=False)) for line in lines[1:]]
    for row in rows:
        if row["sid"] == call_id and row["speaker"] == "caller":
            start_s = int(row["start_ms_in_channel_wav"]) / 1000
            yield start_s, start_s + int(row["duration_ms"]) / 1000, row["human_transcript"]


def _texts(call, start_s, end_s):
    """What the log holds of that time; an "alright" while we speak is kept as a back-channel."""
    return [
        body.text
        for body in (*call.bodies(TurnHeard), *call.bodies(TurnDropped))
        if body.start_s < end_s and body.end_s > start_s and body.text
    ]


async def test_the_command_line_shows_the_calls(caller):
    command = shutil.which("warmline") or str(Path(".venv/bin/warmline").resolve())
    process = await asyncio.create_subprocess_exec(
        command,
        "calls",
        "--json",
        env={"WARMLINE_DATA_DIR": str(caller.stack.data_dir), "PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert b'"call_id"' in out
