"""A company with one line and a slow shop: who finds it busy, who waits for the shop, and what a kill leaves behind."""

import asyncio
import os
import signal
import sqlite3

import numpy as np
import pytest
import pytest_asyncio

from calls.events import (
    ActionDone,
    CallQueued,
    CallStarted,
    StreamStarted,
    TurnAnswered,
    TurnHeard,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
)
from demo.script import Line, until_quiet
from demo.sip import open_telephone
from demo.stack import open_stack
from tests.e2e.caller import newest, open_log
from tests.e2e.marks import REAL_CALLS
from tests.sound import RATE, contains, read_recording

pytestmark = [
    *REAL_CALLS,
    pytest.mark.timeout(180),
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stack(tmp_path_factory):
    """The last test kills it."""
    folder = tmp_path_factory.mktemp("one-line")
    async with open_stack(folder / "var", WARMLINE_MOST_CALLS="1", DEMO_SHOP_DELAY_S="5") as one:
        yield one


async def test_who_finds_all_lines_busy_hears_so_and_is_called_back_for_a_key(caller):
    stack = caller.stack
    async with open_telephone("+15550000021") as first, open_telephone("+15550000022") as second:
        await first.dial(stack.sip_address)
        await until_quiet(first, after=0)
        await second.dial(stack.sip_address)
        await until_quiet(second, after=0)
        await second.press("1")
        await asyncio.wait_for(second.ended.wait(), 20)
        waiting = await caller.record("+15550000022", second)
        await first.hang_up()
        await caller.record("+15550000021", first)

        assert waiting.bodies(CallQueued)
        assert not waiting.bodies(StreamStarted), "no stream that would take from the other call"
        (done,) = waiting.bodies(ActionDone)
        assert done.action == "desk.call_back"
        with sqlite3.connect(stack.data_dir / "warmline.db") as store:
            noted = store.execute("select phone, reason from promises").fetchall()
        assert noted == [("+15550000022", "all lines were busy")]


async def test_who_waits_for_a_slow_system_hears_that_we_are_at_it_and_then_the_answer(caller):
    asks = [caller.says("Where is my order?"), Line("4711", keys="4711")]
    # The answer comes in two parts: the caller says nothing in between.
    call = await caller.call(asks, "+15550000031", patience_s=12.0)
    (done,) = call.bodies(ActionDone)
    assert done.duration_s > 4
    moments = [body.moment for body in call.bodies(TurnPlanned)]
    assert moments[moments.index("waiting") :] == ["waiting", "done"]
    assert not call.bodies(TurnSilent), "it is us who were silent"
    heard = [body.text for body in call.bodies(TurnSaid)]
    at_it = heard.index("Let me have a look.")
    assert "has shipped" in heard[at_it + 1]
    answered = call.bodies(TurnAnswered)[-1]
    assert 1.0 < answered.parts["action"] < 3.0, "the first thing heard came while the action ran"


async def test_log_and_recording_of_a_killed_server(caller):
    stack = caller.stack
    question = caller.says("When are you open?").sound
    async with open_telephone("+15550009999") as telephone:
        await caller.connect(telephone, "+15550009999")
        heard = await until_quiet(telephone, after=0)
        telephone.play(question)
        await until_quiet(telephone, after=heard)
        seconds = telephone.heard().size / RATE
        os.kill(stack.server_pid, signal.SIGKILL)
        # The carrier asks what to do with the call, nobody answers, and the call ends: never silence.
        await asyncio.wait_for(telephone.ended.wait(), 20)

    async with open_log(stack.data_dir) as log:
        call_id = await newest(log, "+15550009999")
        events = await log.read(call_id)
    bodies = [event.body for event in events]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert isinstance(bodies[0], CallStarted)
    assert any(isinstance(body, TurnHeard) and "open" in body.text.lower() for body in bodies)
    assert any(isinstance(body, TurnPlanned) and body.intent == "opening_hours" for body in bodies)

    (recording,) = [body.recording for body in bodies if isinstance(body, StreamStarted)]
    sound = read_recording(stack.data_dir / recording)
    assert len(sound) / RATE >= seconds - 1.5
    assert contains(sound[:, 0], question) > 0.8
    assert np.abs(sound[:, 1].astype(int)).max() > 1000
