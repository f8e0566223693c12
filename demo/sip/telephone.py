"""What a telephone can do, whoever made it."""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 8000
FRAME = 160
FRAME_S = 0.02

Sound = NDArray[np.int16]
"""Mono, 8 kHz."""


class TelephoneError(Exception):
    """The telephone itself does not work."""


class CallRefusedError(Exception):
    """The call was not put through; the text is the far end's reason."""


@dataclass(frozen=True)
class Incoming:
    """Somebody is calling."""

    caller: str
    headers: dict[str, str] = field(default_factory=dict)


async def put_through(answered: asyncio.Event, ended: asyncio.Event, timeout_s: float | None = None) -> bool:
    """Wait until a call is answered, over, or too late. Returns whether it was answered."""
    waits = {asyncio.create_task(answered.wait()), asyncio.create_task(ended.wait())}
    await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    return answered.is_set()


class Telephone(Protocol):
    """One telephone with one call. `sent` and `heard` run on one clock: the same sample is the same moment."""

    kind: str
    ended: asyncio.Event
    digits: list[str]
    """Keys that the far end has pressed."""

    @property
    def address(self) -> str:
        """What others dial to reach it."""

    async def dial(self, to: str, headers: dict[str, str] | None = None) -> None:
        """Call, and return when it is answered.

        Raises:
            CallRefusedError: it is not.
        """

    async def incoming(self) -> Incoming:
        """Wait until somebody calls."""

    async def answer(self) -> None:
        """Accept that call."""

    async def reject(self) -> None:
        """Refuse it as busy."""

    def play(self, sound: Sound) -> None:
        """Speak, behind what is being spoken."""

    async def played(self) -> None:
        """Wait until all of it was sent, or the call is over."""

    async def press(self, digit: str) -> None:
        """Press a key."""

    async def hang_up(self) -> None:
        """End the call."""

    def heard(self) -> Sound:
        """Everything heard since the call was answered."""

    def sent(self) -> Sound:
        """Everything sent since the call was answered, silence included."""
