"""A telephone on baresip, an independent SIP stack, in a process of its own: baresip runs one stack a process."""

import asyncio
import base64
import contextlib
import json
import sys
from pathlib import Path
from typing import Any, Self

import numpy as np

from demo.sip.telephone import CallRefusedError, Incoming, Sound, TelephoneError, put_through

READY_TIMEOUT_S = 20.0
MOST_STARTS = 3
"""A port that was free may be taken by the time baresip listens on it: then another process tries another port."""
STOP_TIMEOUT_S = 5.0
LONGEST_LINE = 4 * 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]


class BaresipTelephone:
    """Drives `demo.sip.baresip_child` by lines of JSON."""

    kind = "baresip"

    def __init__(self, caller_id: str) -> None:
        self._caller_id = caller_id
        self._child: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._port = 0
        self._ready = asyncio.Event()
        self._answered = asyncio.Event()
        self._ringing_here: asyncio.Queue[Incoming] = asyncio.Queue()
        self._played = asyncio.Event()
        self._played.set()
        self._batches = 0
        self._heard: list[Sound] = []
        self._sent: list[Sound] = []
        self._reason = ""
        self.ended = asyncio.Event()
        self.digits: list[str] = []

    async def __aenter__(self) -> Self:
        for _ in range(MOST_STARTS):
            if await self._start():
                return self
        raise TelephoneError(f"baresip did not start: {self._reason}")

    async def _start(self) -> bool:
        self._ready.clear()
        self.ended.clear()
        self._reason = ""
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "demo.sip.baresip_child",
            self._caller_id,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LONGEST_LINE,
        )
        self._reading = asyncio.create_task(self._read())
        ready = await put_through(self._ready, self.ended, READY_TIMEOUT_S)
        if ready and not self.ended.is_set():
            return True
        await self._stop()
        return False

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    @property
    def address(self) -> str:
        """What others dial to reach it."""
        return f"sip:{self._caller_id}@127.0.0.1:{self._port}"

    async def dial(self, to: str, headers: dict[str, str] | None = None) -> None:
        """Call, and return when it is answered."""
        self._do("dial", to=to, headers=headers or {})
        await self._until_answered()

    async def incoming(self) -> Incoming:
        """Wait until somebody calls."""
        return await self._ringing_here.get()

    async def answer(self) -> None:
        """Accept that call."""
        self._do("answer")
        await self._until_answered()

    async def reject(self) -> None:
        """Refuse it as busy."""
        self._do("reject")

    def play(self, sound: Sound) -> None:
        """Speak."""
        self._batches += 1
        self._played.clear()
        self._do("play", batch=self._batches, pcm=base64.b64encode(sound.tobytes()).decode("ascii"))

    async def played(self) -> None:
        """Wait until all of it was sent, or the call is over."""
        await self._played.wait()

    async def press(self, digit: str) -> None:
        """Press a key."""
        self._do("press", digit=digit)

    async def hang_up(self) -> None:
        """End the call."""
        if not self.ended.is_set():
            self._do("hang_up")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await self.ended.wait()

    def heard(self) -> Sound:
        """Everything heard since the call was answered."""
        return _joined(self._heard)

    def sent(self) -> Sound:
        """Everything sent since the call was answered."""
        return _joined(self._sent)

    async def _until_answered(self) -> None:
        if not await put_through(self._answered, self.ended):
            raise CallRefusedError(self._reason)

    def _do(self, do: str, **values: object) -> None:
        if self._child is not None and self._child.stdin is not None and self._child.returncode is None:
            self._child.stdin.write(json.dumps({"do": do, **values}).encode() + b"\n")

    async def _read(self) -> None:
        if self._child is None or self._child.stdout is None:
            return
        async for line in self._child.stdout:
            self._take(json.loads(line))
        self._reason = self._reason or "the telephone's process ended"
        self._end()

    def _end(self) -> None:
        self.ended.set()
        self._played.set()

    def _take(self, told: dict[str, Any]) -> None:
        match told["is"]:
            case "ready":
                self._port = told["port"]
                self._ready.set()
            case "incoming":
                self._ringing_here.put_nowait(Incoming(told["caller"], told["headers"]))
            case "answered":
                self._answered.set()
            case "sound":
                self._heard.append(_sound(told["heard"]))
                self._sent.append(_sound(told["sent"]))
            case "played" if told["batch"] == self._batches:
                self._played.set()
            case "digit":
                self.digits.append(told["digit"])
            case "ended":
                self._reason = told["reason"]
                self._end()

    async def _stop(self) -> None:
        if self._child is not None and self._child.returncode is None:
            self._do("quit")
            try:
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await self._child.wait()
            except TimeoutError:
                self._child.kill()
                await self._child.wait()
        if self._reading is not None:
            await self._reading


def _sound(text: str) -> Sound:
    return np.frombuffer(base64.b64decode(text), np.int16)


def _joined(parts: list[Sound]) -> Sound:
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)
