"""The process of one baresip telephone: reads commands as lines of JSON, tells events the same way.

Every 20 ms it gives baresip one frame and takes one, so that what is sent and what is heard share one clock.
"""

import asyncio
import base64
import contextlib
import json
import os
import socket
import sys
from collections import deque
from typing import Any

import baresip

from demo.ports import free_ports
from demo.sip.telephone import FRAME, FRAME_S

FRAME_BYTES = 2 * FRAME
SILENCE = bytes(FRAME_BYTES)
EARLY_S = 0.010
"""Our frame is ready this long before baresip takes it."""
LONGEST_SEARCH_S = 1.0
BEATS_A_FRAME = 4
LISTEN_S = FRAME_S / BEATS_A_FRAME
LISTEN_BYTES = FRAME_BYTES // BEATS_A_FRAME
MOST_READ = 50 * FRAME_BYTES
LONGEST_GAP = 3 * FRAME_BYTES
TELL_FRAMES = 5
"""Sound is told in pieces of 100 ms."""
HEADERS = ("X-Warmline-Test", "X-Transfer-Id", "User-to-User")
CONFIG = """
sip_listen 127.0.0.1:{port}
rtp_ports 30000-39000
audio_buffer 20-40
audio_jitter_buffer_type off
jitter_buffer_type off
"""


class Child:
    """One user agent with one call."""

    def __init__(self, caller_id: str) -> None:
        self._caller_id = caller_id
        (self._port,) = free_ports(1, socket.SOCK_DGRAM)
        self._runtime = baresip.Runtime()
        self._call: Any = None
        self._ua: Any = None
        self._to_send: deque[tuple[int, bytes, bool]] = deque()
        self._clock: asyncio.Task[None] | None = None
        self._established = False
        self._headers: dict[str, str] = {}
        self._pressing: asyncio.Task[None] = asyncio.create_task(asyncio.sleep(0))

    async def run(self) -> None:
        """Serve until told to quit, or until nobody listens."""
        await self._runtime.start(
            baresip.Config(
                net_interface="127.0.0.1",
                audio_driver="aumem",
                max_concurrent_calls=1,
                expose_headers=HEADERS,
                extra_config_text=CONFIG.format(port=self._port),
            )
        )
        account = baresip.Account(
            user=self._caller_id,
            domain=f"127.0.0.1:{self._port}",
            password="",
            reg_interval=0,
            audio_codecs=("pcmu",),
        )
        self._ua = await baresip.UserAgent.create(self._runtime, account)
        # Not the call's own events: on this machine a call may be answered before there is an object for it.
        self._runtime.subscribe(self._on_event)
        self._ua.on_incoming(self._on_incoming)
        _tell("ready", port=self._port)
        await self._obey()
        if self._clock is not None:
            self._clock.cancel()
        with contextlib.suppress(baresip.BaresipError):
            await self._runtime.close()

    async def _obey(self) -> None:
        reader = asyncio.StreamReader(limit=64 * 1024 * 1024)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        async for line in reader:
            command = json.loads(line)
            if command["do"] == "quit":
                return
            try:
                await self._do(command)
            except (baresip.BaresipError, ValueError) as error:
                _tell("ended", reason=str(error))

    async def _do(self, command: dict[str, Any]) -> None:
        match command["do"]:
            case "dial":
                self._take(await self._ua.dial(command["to"], command["headers"]))
            case "answer":
                await self._call.answer()
            case "reject":
                await self._call.reject()
            case "hang_up" if self._call is not None:
                await self._call.hangup()
            case "play":
                self._queue(command["batch"], base64.b64decode(command["pcm"]))
            case "press":
                self._pressing = asyncio.create_task(self._press(self._pressing, command["digit"]))

    async def _press(self, before: asyncio.Task[None], digit: str) -> None:
        await asyncio.wait({before})
        await self._call.send_dtmf(digit)
        await asyncio.sleep(0.05)

    def _queue(self, batch: int, pcm: bytes) -> None:
        frames = [pcm[start : start + FRAME_BYTES] for start in range(0, len(pcm), FRAME_BYTES)] or [SILENCE]
        for index, frame in enumerate(frames):
            self._to_send.append((batch, frame.ljust(FRAME_BYTES, b"\0"), index == len(frames) - 1))

    def _on_event(self, event: Any) -> None:
        match event.event:
            case baresip.Event.CALL_INCOMING:
                self._headers = dict(event.headers)
            case baresip.Event.CALL_ESTABLISHED:
                self._established = True
                self._begin()
            case baresip.Event.CALL_CLOSED:
                if self._clock is not None:
                    self._clock.cancel()
                _tell("ended", reason=event.text or "")

    def _on_incoming(self, call: Any) -> None:
        self._take(call)
        _tell("incoming", caller=str(call.peer), headers=self._headers)

    def _take(self, call: Any) -> None:
        self._call = call
        call.on_dtmf(lambda event: _tell("digit", digit=event.digit))
        self._begin()

    def _begin(self) -> None:
        if self._established and self._call is not None and self._clock is None:
            self._clock = asyncio.create_task(self._exchange())
            _tell("answered")

    async def _exchange(self) -> None:
        """Every 20 ms one frame out; every 5 ms whatever has come in, at the place in time at which it came."""
        loop = asyncio.get_running_loop()
        began = await self._next_departure() - EARLY_S + FRAME_S
        beats = 0
        sent = heard = b""
        ear = _Ear()
        with contextlib.suppress(baresip.AudioNotActive, baresip.AudioRestarted):
            while self._call.audio.read(MOST_READ):
                pass  # from before our clock began
        while True:
            await asyncio.sleep(max(0.0, began + beats * LISTEN_S - loop.time()))
            with contextlib.suppress(baresip.AudioNotActive, baresip.AudioRestarted):
                if beats % BEATS_A_FRAME == 0:
                    sent += self._send()
                heard += ear.place(self._call.audio.read(MOST_READ), beats * LISTEN_BYTES)
            beats += 1
            whole = min(len(sent), len(heard)) // FRAME_BYTES * FRAME_BYTES
            if whole >= TELL_FRAMES * FRAME_BYTES:
                _tell("sound", sent=_text(sent[:whole]), heard=_text(heard[:whole]))
                sent, heard = sent[whole:], heard[whole:]

    async def _next_departure(self) -> float:
        """When baresip next takes a frame from us: our beat is set just before it, so that none has to wait."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + LONGEST_SEARCH_S
        queued = False
        while loop.time() < deadline:
            with contextlib.suppress(baresip.AudioNotActive, baresip.AudioRestarted):
                waiting = self._call.audio.info().tx_buffered
                if queued and not waiting:
                    break
                if not waiting:
                    queued = self._call.audio.write(SILENCE) > 0
            await asyncio.sleep(0.001)
        return loop.time()

    def _send(self) -> bytes:
        batch, frame, last = self._to_send.popleft() if self._to_send else (0, SILENCE, False)
        # A frame that was late left another waiting; silence makes up for it, so that the delay does not stay.
        if frame != SILENCE or not self._call.audio.info().tx_buffered:
            self._call.audio.write(frame)
        if last:
            _tell("played", batch=batch)
        return frame


class _Ear:
    """Puts what is heard at its place in time: it goes on without a gap, unless one of a stall has to be filled."""

    def __init__(self) -> None:
        self._placed = 0

    def place(self, pcm: bytes, now: int) -> bytes:
        """`pcm` came in by `now`, in bytes since the beginning. Returns it behind the silence that was before it."""
        gap = now - len(pcm) - self._placed
        silence = bytes(gap) if pcm and (self._placed == 0 or gap > LONGEST_GAP) and gap > 0 else b""
        self._placed += len(silence) + len(pcm)
        return silence + pcm


def _text(pcm: bytes) -> str:
    return base64.b64encode(pcm).decode("ascii")


def _tell(what: str, **values: object) -> None:
    sys.stdout.write(json.dumps({"is": what, **values}) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Run one telephone. What ends it is told to whoever holds it, as this process has no other voice."""
    try:
        await Child(sys.argv[1]).run()
    except Exception as error:
        _tell("ended", reason=repr(error))
        raise


if __name__ == "__main__":
    try:
        asyncio.run(main())
    finally:
        sys.stdout.flush()
        os._exit(0)  # the stack's own threads are not worth waiting for
