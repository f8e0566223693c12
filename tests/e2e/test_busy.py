"""More callers than can be served well, on the real line."""

import asyncio
import sqlite3

import pytest

from calls.events import ActionDone, CallQueued, StreamStarted
from demo.script import until_quiet
from demo.sip import open_telephone
from demo.stack import open_stack
from tests.e2e.caller import Caller

pytestmark = [pytest.mark.sip, pytest.mark.models, pytest.mark.slow, pytest.mark.timeout(180)]


async def test_who_finds_all_lines_busy_hears_so_and_is_called_back_for_a_key(tmp_path, voice):
    async with (
        open_stack(tmp_path / "var", WARMLINE_MOST_CALLS="1") as stack,
        open_telephone("+15550000021") as first,
        open_telephone("+15550000022") as second,
    ):
        caller = Caller(stack, voice)
        await first.dial(stack.sip_address)
        await until_quiet(first, after=0)
        await second.dial(stack.sip_address)
        await until_quiet(second, after=0)
        await second.press("1")
        await asyncio.wait_for(second.ended.wait(), 20)
        waiting = await caller.record("+15550000022", second)
        await first.hang_up()

        assert waiting.bodies(CallQueued)
        assert not waiting.bodies(StreamStarted), "no stream that would take from the other call"
        (done,) = waiting.bodies(ActionDone)
        assert done.action == "desk.call_back"
        with sqlite3.connect(stack.data_dir / "warmline.db") as store:
            noted = store.execute("select phone, reason from promises").fetchall()
        assert noted == [("+15550000022", "all lines were busy")]
