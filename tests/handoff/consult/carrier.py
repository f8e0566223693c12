"""The carrier's end of a media stream in memory: plays what it is sent on the loop's clock, and returns marks."""

import asyncio
import base64
import json
from collections import deque

import numpy as np

from telephony.media import ulaw
from telephony.media.messages import Start
from telephony.media.protocol import StreamProtocol
from telephony.media.serializer import MediaSerializer
from telephony.media.transport import MediaTransport

TICK_S = 0.02
SAMPLES = 160
SILENCE = b"\xff" * SAMPLES


class Carrier:
    """A websocket as the server sees it, and a human's telephone behind it: `heard` is all that came out of it."""

    def __init__(self, loop):
        self._loop = loop
        self._began = loop.time()
        self._incoming = asyncio.Queue()
        self._queue = deque()
        self._sequence = 1
        self._chunk = 0
        self.heard = []
        self.cleared = 0
        self.closed = False
        self._put({"event": "start"}, sequence=False)
        self._beat = asyncio.create_task(self._play())

    def transport(self, listener):
        """The server's end."""
        protocol = StreamProtocol()
        start = Start(1, "MZ1", "CA9", "AC1", {})
        protocol.take(start)
        self._incoming.get_nowait()
        return MediaTransport(self, MediaSerializer(start, protocol), listener, self._loop.time)

    def press(self, digit):
        self._put({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": digit}})

    def hang_up(self):
        self._put({"event": "stop", "stop": {"callSid": "CA9", "accountSid": "AC1"}})

    def drop(self):
        """The socket is gone."""
        self._incoming.put_nowait(None)

    def stop(self):
        self._beat.cancel()

    def sound(self, from_s=0.0, to_s=None):
        """What was heard, int16."""
        frames = self.heard[round(from_s / TICK_S) : None if to_s is None else round(to_s / TICK_S)]
        return np.concatenate(frames) if frames else np.zeros(0, dtype=np.int16)

    def first_sound_s(self, from_s=0.0):
        """When the first sound was heard, None for never."""
        for index, frame in enumerate(self.heard):
            if index * TICK_S >= from_s and np.abs(frame).max() > 0:
                return index * TICK_S
        return None

    def longest_silence_s(self, from_s=0.0):
        longest = quiet = 0
        for frame in self.heard[round(from_s / TICK_S) :]:
            quiet = 0 if np.abs(frame).max() > 0 else quiet + 1
            longest = max(longest, quiet)
        return longest * TICK_S

    # The websocket

    async def receive(self):
        message = await self._incoming.get()
        if message is None:
            return {"type": "websocket.disconnect", "code": 1006}
        return {"type": "websocket.receive", "text": message}

    async def send_text(self, text):
        message = json.loads(text)
        match message["event"]:
            case "media":
                payload = base64.b64decode(message["media"]["payload"])
                assert len(payload) % SAMPLES == 0
                self._queue += [payload[at : at + SAMPLES] for at in range(0, len(payload), SAMPLES)]
            case "mark":
                self._queue.append(message["mark"]["name"])
                self._return_marks()
            case "clear":
                self.cleared += 1
                names = [one for one in self._queue if isinstance(one, str)]
                self._queue.clear()
                for name in names:
                    self._put({"event": "mark", "mark": {"name": name}})

    async def close(self, code=1000, reason=""):
        self.closed = True

    # The telephone

    async def _play(self):
        while True:
            await asyncio.sleep(TICK_S)
            frame = self._queue.popleft() if self._queue else SILENCE
            self.heard.append(ulaw.decode(frame))
            self._put_sound()
            self._return_marks()

    def _return_marks(self):
        while self._queue and isinstance(self._queue[0], str):
            self._put({"event": "mark", "mark": {"name": self._queue.popleft()}})

    def _put_sound(self):
        self._chunk += 1
        media = {
            "track": "inbound",
            "chunk": str(self._chunk),
            "timestamp": str((self._chunk - 1) * 20),
            "payload": base64.b64encode(SILENCE).decode(),
        }
        self._put({"event": "media", "media": media})

    def _put(self, message, *, sequence=True):
        if sequence:
            self._sequence += 1
        told = {"sequenceNumber": str(self._sequence), "streamSid": "MZ1", **message}
        self._incoming.put_nowait(json.dumps(told))
