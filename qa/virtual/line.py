"""The carrier's end of a media stream, in memory: sends the caller's sound and keys, and plays ours as a carrier does.

Every 20 ms of the virtual clock one frame goes each way. What is sent stands in a queue, a mark comes back when all
before it has been played, and `clear` empties the queue and returns its marks at once.
"""

import asyncio
import base64
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from fastapi import WebSocketDisconnect

from calls.wav import Pcm
from qa.virtual.party import FRAME, Act, Assistant, Party
from telephony.media import ulaw
from telephony.media.messages import Start

TICK_S = 0.02
AFTER_ORDER_S = 0.5
"""After the last word before a hand-over: then the run is over."""
SID = "rerun"


@dataclass(frozen=True)
class Released:
    """When the caller did something. Seconds of the call."""

    act: int
    """The how manieth thing, from 0."""
    start_s: float
    end_s: float


@dataclass
class _Queued:
    pcm: Pcm | None = None
    mark: str | None = None


class MemoryLine:
    """One call. Stands in for the WebSocket of a `MediaTransport`; `run` is the carrier."""

    def __init__(
        self,
        party: Party,
        tells: Callable[[], tuple[bool, int]],
        ordered: asyncio.Event,
        most_s: float,
    ) -> None:
        """`tells` whether an action is under way and how often we have waited in vain; `most_s` ends the call."""
        self._party = party
        self._tells = tells
        self._ordered = ordered
        self._most_s = most_s
        self._incoming: asyncio.Queue[str | None] = asyncio.Queue()
        self._queue: deque[_Queued] = deque()
        self._rest: Pcm = np.zeros(0, np.int16)
        self._saying: Pcm = np.zeros(0, np.int16)
        self._keys: deque[tuple[float, str]] = deque()
        self._doing: tuple[int, float] | None = None
        self._sequence = 1
        self._closed = asyncio.Event()
        self._acts = 0
        self._quiet_s = 0.0
        """How long the caller has heard nothing of ours; counted anew when the hand-over is ordered."""
        self._is_ordered = False
        self.released: list[Released] = []
        self.seconds = 0.0
        """How long the call has been so far."""
        self.gave_up = False
        """Whether the call went on and on, and was ended for that."""

    # What the transport does

    async def receive(self) -> dict[str, str]:
        """The next message of the carrier's."""
        text = await self._incoming.get()
        if text is None:
            raise WebSocketDisconnect(1000)
        return {"type": "websocket.receive", "text": text}

    async def send_text(self, text: str) -> None:
        """A message for the carrier."""
        message = json.loads(text)
        match message.get("event"):
            case "media":
                self._queue.append(_Queued(ulaw.decode(base64.b64decode(message["media"]["payload"]))))
            case "mark":
                self._queue.append(_Queued(mark=message["mark"]["name"]))
            case "clear":
                marks = [one.mark for one in self._queue if one.mark is not None]
                self._queue.clear()
                self._rest = self._rest[:0]
                for mark in marks:
                    self._send("mark", mark={"name": mark})

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """The assistant ends the stream."""
        self._closed.set()
        self._incoming.put_nowait(None)

    # The carrier

    async def run(self) -> None:
        """Carry the call until one of the two ends it."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._party.begins(0.0)
        try:
            await self._carry(loop, began)
        finally:
            self._break_off()

    async def _carry(self, loop: asyncio.AbstractEventLoop, began: float) -> None:
        tick = 0
        while not self._closed.is_set():
            self.seconds = tick * TICK_S
            if self._is_over():
                self._send("stop", stop={})
                return
            sounding = self._play()
            self._quiet_s = 0.0 if sounding else self._quiet_s + TICK_S
            acting, silences = self._tells()
            act = self._party.due(self.seconds, Assistant(sounding, acting, silences))
            if act is not None:
                if act.hangs_up:
                    self._send("stop", stop={})
                    return
                self._begin(act)
            self._send_frame(tick)
            tick += 1
            await asyncio.sleep(max(0.0, began + tick * TICK_S - loop.time()))

    def _is_over(self) -> bool:
        if self.seconds >= self._most_s:
            self.gave_up = True
            return True
        if self._ordered.is_set() and not self._is_ordered:
            # The sentence that tells of it is still being made.
            self._is_ordered, self._quiet_s = True, 0.0
        return self._is_ordered and self._quiet_s >= AFTER_ORDER_S

    def _break_off(self) -> None:
        """What the caller was doing when the call ended was done up to there."""
        if self._doing is not None:
            number, start_s = self._doing
            self._doing = None
            self.released.append(Released(number, round(start_s, 3), round(self.seconds, 3)))

    def _begin(self, act: Act) -> None:
        self._doing = (self._acts, self.seconds)
        self._acts += 1
        self._saying = act.sound
        self._keys.extend((self.seconds + number * act.apart_s, key) for number, key in enumerate(act.keys))

    def _send_frame(self, tick: int) -> None:
        while self._keys and self._keys[0][0] <= self.seconds:
            self._send("dtmf", dtmf={"track": "inbound_track", "digit": self._keys.popleft()[1]})
        if self._saying.size:
            frame, self._saying = self._saying[:FRAME], self._saying[FRAME:]
        else:
            frame = self._party.between()
        payload = base64.b64encode(ulaw.encode(np.ascontiguousarray(frame))).decode()
        self._send(
            "media",
            media={
                "track": "inbound",
                "chunk": str(tick + 1),
                "timestamp": str(tick * 20),
                "payload": payload,
            },
        )
        if self._doing is not None and not self._saying.size and not self._keys:
            number, start_s = self._doing
            self._doing = None
            end_s = self.seconds + TICK_S
            self.released.append(Released(number, round(start_s, 3), round(end_s, 3)))
            self._party.done(end_s)

    def _play(self) -> bool:
        """Play one frame of ours. Returns whether the caller hears anything."""
        while self._rest.size < FRAME and self._queue:
            item = self._queue.popleft()
            if item.pcm is not None:
                self._rest = np.concatenate((self._rest, item.pcm))
            elif item.mark is not None:
                self._send("mark", mark={"name": item.mark})
        sounding = self._rest.size > 0
        self._rest = self._rest[FRAME:]
        return sounding

    def _send(self, event: str, **content: object) -> None:
        self._sequence += 1
        message = {"event": event, "sequenceNumber": str(self._sequence), "streamSid": SID, **content}
        self._incoming.put_nowait(json.dumps(message))


def start_of(call_id: str) -> Start:
    """How the stream begins."""
    return Start(sequence=1, stream_sid=SID, call_sid=call_id, account_sid="AC" + "0" * 32)
