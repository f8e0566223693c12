"""A process that is killed in the middle of a call leaves a log one can read and a recording one can play."""

import asyncio
import os
import signal

import numpy as np
import pytest

from calls.events import CallStarted, StreamStarted, TurnHeard, TurnPlanned
from demo.script import until_quiet
from demo.sip import open_telephone
from demo.stack import open_stack
from tests.e2e.caller import Caller, newest, open_log
from tests.sound import RATE, contains, read_recording

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.sip,
    pytest.mark.models,
    pytest.mark.slow,
    pytest.mark.timeout(180),
]


async def test_log_and_recording_of_a_killed_server(tmp_path, voice):
    async with open_stack(tmp_path / "var") as stack:
        caller = Caller(stack, voice)
        question = caller.says("When are you open?").sound
        async with open_telephone("+15550009999") as telephone:
            await telephone.dial(stack.sip_address)
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
