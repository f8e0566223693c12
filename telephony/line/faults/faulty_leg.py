"""A leg behind a bad network."""

import asyncio
import random
from collections import deque
from collections.abc import Callable

from telephony.line.faults.faults import FaultSet, LineFaults
from telephony.line.leg import KeyedLeg, Leg, LegEnd, LegListener, SipEnded
from telephony.tasks import Tasks


class FaultyLeg:
    """Passes everything on, as late and as incompletely as the line's faults say at that moment."""

    def __init__(self, leg: Leg, faults: LineFaults, *names: str, dialled: bool = False) -> None:
        """`names` are what faults may call the call; `dialled` legs have also lost the way of the INVITE."""
        self._leg = leg
        self._faults = faults
        self._names = names
        self._dialled = dialled
        self._listener: LegListener | None = None
        self._over = False
        self._out, self._in = _Way(), _Way()
        self._later = Tasks()

    def name(self, name: str) -> None:
        """The call has one name more."""
        self._names = (*self._names, name)

    @property
    def party(self) -> str:
        """Who is there."""
        return self._leg.party

    @property
    def response_code(self) -> int | None:
        """The far end's final answer."""
        return self._leg.response_code if isinstance(self._leg, SipEnded) else None

    def listen(self, listener: LegListener) -> None:
        """Tell `listener` from now on."""
        self._listener = listener
        self._leg.listen(self)

    async def answer(self) -> None:
        """Accept the call; the far end hears of it later."""
        await self._signal_out(self._leg.answer)

    async def reject(self, end: LegEnd) -> None:
        """Refuse the call."""
        await self._leg.reject(end)

    async def hang_up(self) -> None:
        """End the leg; the far end hears of it later."""
        delay_s = self._faults_now.network_delay_ms / 1000
        if delay_s:
            self._later.start(_after(delay_s, self._leg.hang_up))
        else:
            await self._leg.hang_up()
        self._end(LegEnd.HUNG_UP)

    def send(self, frame: bytes) -> None:
        """Play one frame to the far end."""
        self._pass(self._out, lambda: self._leg.send(frame), droppable=True)

    def press(self, digit: str) -> None:
        """Send one key to the far end."""
        leg = self._leg
        if isinstance(leg, KeyedLeg):
            self._pass(self._out, lambda: leg.press(digit))

    # From the leg (LegListener)

    def on_ringing(self) -> None:
        """The far end rings."""
        self._pass(self._in, self._ringing)

    def on_answered(self) -> None:
        """The far end has answered."""
        self._pass(self._in, self._answered)

    def on_audio(self, frame: bytes) -> None:
        """20 ms of the far end."""
        if self._listener is not None:
            listener = self._listener
            self._pass(self._in, lambda: None if self._over else listener.on_audio(frame), droppable=True)

    def on_digit(self, digit: str) -> None:
        """A key at the far end."""
        if self._listener is not None:
            listener = self._listener
            self._pass(self._in, lambda: None if self._over else listener.on_digit(digit))

    def on_ended(self, end: LegEnd) -> None:
        """The far end is gone."""
        if not (self._faults_now.lost_bye and end is LegEnd.HUNG_UP):
            self._pass(self._in, lambda: self._end(end))

    @property
    def _faults_now(self) -> FaultSet:
        return self._faults.of(*self._names)

    def _ringing(self) -> None:
        if self._listener is not None and not self._over:
            self._listener.on_ringing()

    def _answered(self) -> None:
        if self._listener is not None and not self._over:
            self._listener.on_answered()

    def _end(self, end: LegEnd) -> None:
        if not self._over:
            self._over = True
            if self._listener is not None:
                self._listener.on_ended(end)

    async def _signal_out(self, act: Callable[[], object]) -> None:
        delay_s = self._faults_now.network_delay_ms / 1000
        if delay_s:
            self._later.start(_after(delay_s, act))
        else:
            await _done(act)

    def _pass(self, way: "_Way", act: Callable[[], None], *, droppable: bool = False) -> None:
        """Do it when it would arrive."""
        faults = self._faults_now
        if droppable and faults.network_loss and random.random() < faults.network_loss:  # noqa: S311 - no secret
            return
        delay_ms = faults.network_delay_ms + random.uniform(0, faults.network_jitter_ms)  # noqa: S311 - no secret
        if not droppable and self._dialled and way is self._in:
            delay_ms += faults.network_delay_ms  # what it answers was sent later, too
        way.put(delay_ms / 1000, act)


class _Way:
    """One direction: what is put in comes out later, in the same order."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[float, Callable[[], None]]] = deque()

    def put(self, delay_s: float, act: Callable[[], None]) -> None:
        """Do it in `delay_s`, but never before what was put in earlier."""
        if not delay_s and not self._waiting:
            act()
            return
        loop = asyncio.get_running_loop()
        self._waiting.append((loop.time() + delay_s, act))
        if len(self._waiting) == 1:
            loop.call_at(self._waiting[0][0], self._arrive)

    def _arrive(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting and self._waiting[0][0] <= loop.time():
            _, act = self._waiting[0]
            act()
            self._waiting.popleft()
        if self._waiting:
            loop.call_at(self._waiting[0][0], self._arrive)


async def _after(delay_s: float, act: Callable[[], object]) -> None:
    await asyncio.sleep(delay_s)
    await _done(act)


async def _done(act: Callable[[], object]) -> None:
    result = act()
    if asyncio.iscoroutine(result):
        await result
