"""A leg over a real media stream: the line's own end of it, a WebSocket, and the server's transport."""

import asyncio
import time

import numpy as np
from fastapi import FastAPI, WebSocket

from handoff.consult.leg import ConsultLeg
from handoff.transfer.views import LegHears
from telephony.line.streams.media_stream import MediaStream
from telephony.line.streams.wire import StreamOutcome
from telephony.line.twiml.verbs import ConnectStream
from telephony.media import ulaw
from telephony.media.opening import await_start
from telephony.media.serializer import MediaSerializer
from telephony.media.transport import MediaTransport, StreamEnd
from tests.handoff.consult.test_leg import BRIEFING, KEYS, SOUND, Runner, Voice
from tests.sound import contains
from tests.telephony.line.lab import served, until

SILENCE = b"\xff" * 160


class Server:
    """Serves one leg."""

    def __init__(self):
        loop = asyncio.get_running_loop()
        self.runner = Runner(loop)
        self.leg = ConsultLeg(Voice(), BRIEFING, KEYS, lambda: SOUND[KEYS], self.runner, loop.time, "CA1")
        self.end = None
        self.app = FastAPI()
        self.app.add_api_websocket_route("/media", self.media)

    async def media(self, websocket: WebSocket):
        await websocket.accept()
        start, protocol = await await_start(websocket, lambda _start: True)
        serializer = MediaSerializer(start, protocol)
        self.end = await self.leg.run(MediaTransport(websocket, serializer, self.leg, time.monotonic))


class Telephone:
    """Beats every 20 ms, as the line does, and keeps what it hears."""

    def __init__(self, stream):
        self.stream = stream
        self.frames = []

    async def beat(self):
        began = time.monotonic()
        for number in range(100_000):
            await asyncio.sleep(max(0.0, began + number * 0.02 - time.monotonic()))
            self.frames.append(ulaw.decode(self.stream.exchange(SILENCE) or SILENCE))

    @property
    def sound(self):
        return np.concatenate(self.frames) if self.frames else np.zeros(0, dtype=np.int16)


async def test_a_briefing_is_heard_a_key_is_told_and_the_stream_is_closed():
    server = Server()
    await server.leg.prepare()
    async with served(server.app) as url:
        verb = ConnectStream(url=f"{url.replace('http', 'ws')}/media", parameters={})
        stream = MediaStream(verb, "MZ1", "CA9", "AC1", lambda _url: "")
        telephone = Telephone(stream)
        started = asyncio.Event()
        running = asyncio.create_task(stream.run(started.set))
        await started.wait()
        beating = asyncio.create_task(telephone.beat())
        await until(lambda: np.abs(telephone.sound).max(initial=0) > 0)
        first_s = np.flatnonzero(telephone.sound)[0] / 8000
        assert first_s < 2.0
        await until(lambda: contains(telephone.sound, SOUND[BRIEFING[0]]) > 0.9)

        stream.press("1")
        await until(lambda: server.runner.names == [("key", "1")])
        server.leg.show(LegHears.CONNECTING)
        await until(lambda: server.runner.played > 8000)
        server.leg.show(LegHears.CONFERENCE)
        assert await running is StreamOutcome.CLOSED_BY_SERVER
        beating.cancel()
        await until(lambda: server.end is StreamEnd.CLOSED)
