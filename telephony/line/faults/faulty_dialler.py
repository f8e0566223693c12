"""Calls out that meet what the line's faults say."""

import asyncio

from telephony.line.faults.faults import LineFaults
from telephony.line.leg import FRAME_BYTES, Dialler, Leg, LegEnd
from telephony.line.sip.legs import ENDS
from telephony.line.sources import own_music
from telephony.line.ticker import Ticker
from telephony.line.told_leg import ToldLeg
from telephony.tasks import Tasks

RINGS_AFTER_S = 0.02
ANSWERS_AFTER_S = 0.1


class FaultyDialler:
    """Rings through another dialler, unless a fault takes its place."""

    def __init__(self, dialler: Dialler, faults: LineFaults) -> None:
        self._dialler = dialler
        self._faults = faults

    def dial(
        self,
        to: str,
        caller_id: str,
        headers: dict[str, str],
        credentials: tuple[str, str] | None = None,
    ) -> Leg:
        """Start ringing `to`."""
        faults = self._faults.of(to)
        if faults.refuse is not None:
            return _FaultLeg(to, refuse=faults.refuse)
        if faults.no_answer or faults.early_answer:
            return _FaultLeg(to, answers=faults.early_answer)
        return self._dialler.dial(to, caller_id, headers, credentials)


class _FaultLeg(ToldLeg):
    """A far end that refuses, rings for ever, or is a queue with music."""

    def __init__(self, party: str, *, refuse: int | None = None, answers: bool = False) -> None:
        super().__init__(party)
        self._code = refuse
        self._answers = answers
        self._music = own_music() if answers else b""
        self._at = 0
        self._ticker = Ticker(self._play)
        self._tasks = Tasks()
        self._tasks.start(self._behave())

    @property
    def response_code(self) -> int | None:
        """The final answer."""
        return self._code

    async def answer(self) -> None:
        """Nothing: the far end answers."""

    async def reject(self, end: LegEnd) -> None:
        """Nothing: only incoming legs are refused."""

    async def hang_up(self) -> None:
        """End it."""
        self.ended(LegEnd.HUNG_UP)

    def send(self, frame: bytes) -> None:
        """Nobody listens."""

    def closing(self, end: LegEnd) -> None:
        """No more music."""
        self._tasks.cancel()
        self._tasks = Tasks()
        self._tasks.start(self._ticker.stop())

    async def _behave(self) -> None:
        await asyncio.sleep(RINGS_AFTER_S)
        if self._code is not None:
            code, self._tasks = self._code, Tasks()
            self.ended(ENDS.get(code, LegEnd.FAILED))
            return
        if self._listener is not None:
            self._listener.on_ringing()
        if not self._answers:
            return
        await asyncio.sleep(ANSWERS_AFTER_S)
        self._code = 200
        if self._listener is not None:
            self._listener.on_answered()
        self._ticker.start()

    def _play(self) -> None:
        self.heard(self._music[self._at : self._at + FRAME_BYTES])
        self._at = (self._at + FRAME_BYTES) % len(self._music)
