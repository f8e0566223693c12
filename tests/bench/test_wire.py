"""The caller of the benchmarks: what it says, hears and measures, against a server of a few lines."""

import asyncio
import base64
import json

import numpy as np
import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from bench.wire import AUDIBLE, WireCaller, level
from telephony.media import ulaw

TONE = (8000 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)).astype(np.int16)


class Answerer:
    """Keeps what it hears; does what the test says."""

    def __init__(self):
        self.messages = []
        self.socket = None
        self.here = asyncio.Event()

    async def __call__(self, socket):
        self.socket = socket
        self.here.set()
        async for text in socket:
            self.messages.append(json.loads(text))

    async def play(self, pcm, mark):
        payload = base64.b64encode(ulaw.encode(pcm)).decode()
        await self.socket.send(json.dumps({"event": "media", "media": {"payload": payload}}))
        await self.socket.send(json.dumps({"event": "mark", "mark": {"name": mark}}))

    def told(self, event):
        return [message for message in self.messages if message["event"] == event]


@pytest.fixture
async def call():
    answerer = Answerer()
    async with serve(answerer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}") as socket:
            caller = WireCaller(socket, "MZ1")
            talking = asyncio.ensure_future(caller.talk())
            await answerer.here.wait()
            yield caller, answerer
            await socket.close()
            await talking


async def test_what_is_said_goes_out_in_real_time_with_the_streams_own_times(call):
    caller, answerer = call
    first, last = await caller.say(TONE[:4000])
    assert 0.4 < last - first < 1.0
    await asyncio.sleep(0.1)  # until the last frame is there
    times = [int(message["media"]["timestamp"]) for message in answerer.told("media")]
    assert times == list(range(0, 20 * len(times), 20))
    loud = [
        m
        for m in answerer.told("media")
        if level(ulaw.decode(base64.b64decode(m["media"]["payload"]))) > AUDIBLE
    ]
    assert len(loud) == 25


async def test_an_answer_is_heard_when_it_is_played_and_its_mark_comes_back_then(call):
    caller, answerer = call
    since = asyncio.get_running_loop().time()
    await answerer.play(TONE[:1600], "one")
    assert await caller.hears_something(since, 2.0) is not None
    assert await caller.hears_silence(0.1)
    assert [message["mark"]["name"] for message in answerer.told("mark")] == ["one"]
    assert len(caller.heard) == 10


async def test_clear_ends_what_is_played_and_returns_all_marks_at_once(call):
    caller, answerer = call
    since = asyncio.get_running_loop().time()
    await answerer.play(TONE, "long")
    await caller.hears_something(since, 2.0)
    await answerer.socket.send(json.dumps({"event": "clear"}))
    assert await caller.hears_silence(0.2)
    assert [message["mark"]["name"] for message in answerer.told("mark")] == ["long"]
    assert len(caller.heard) < 25
    assert len(caller.cleared) == 1


async def test_silence_is_no_answer(call):
    caller, _ = call
    assert await caller.hears_something(asyncio.get_running_loop().time(), 0.2) is None
