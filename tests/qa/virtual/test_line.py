"""The carrier's end of a stream in memory: how a run ends."""

import asyncio
import base64
import json

import numpy as np

from qa.virtual.costs import Spent
from qa.virtual.line import AFTER_ORDER_S, MemoryLine
from qa.virtual.loop import run_virtually
from qa.virtual.party import FRAME, Act, Party

OURS = base64.b64encode(b"\x10" * 160).decode()


class Speaker(Party):
    """A caller who speaks from 1 to 3 s, and is silent from then on."""

    def __init__(self):
        self.spoken = False

    def begins(self, now_s):
        pass

    def due(self, now_s, assistant):
        if self.spoken or now_s < 1.0:
            return None
        self.spoken = True
        return Act(np.full(16_000, 500, np.int16))

    def done(self, now_s):
        pass

    def between(self):
        return np.zeros(FRAME, np.int16)


def carried(ordered_at_s, say_at_s=None):
    """A caller who speaks from 1 to 3 s; the hand-over is ordered, and a sentence of ours of 2 s begins."""

    async def call():
        ordered = asyncio.Event()
        line = MemoryLine(Speaker(), lambda: (False, 0), ordered, 60.0)
        asyncio.get_running_loop().call_later(ordered_at_s, ordered.set)
        carrier = asyncio.create_task(line.run())
        if say_at_s is not None:
            await asyncio.sleep(say_at_s)
            for _ in range(100):
                await line.send_text(json.dumps({"event": "media", "media": {"payload": OURS}}))
        await carrier
        return line

    return run_virtually(call(), Spent())


def test_what_the_caller_is_at_when_the_call_ends_was_done_up_to_there():
    line = carried(ordered_at_s=2.0)
    (released,) = line.released
    assert released.start_s == 1.0
    assert released.end_s == line.seconds < 3.0


def test_the_sentence_that_tells_of_the_hand_over_is_heard_to_its_end():
    line = carried(ordered_at_s=2.0, say_at_s=2.1)
    assert line.seconds >= 2.1 + 2.0 + AFTER_ORDER_S - 0.1
    (released,) = line.released
    assert released.end_s == 3.0
