"""A telephone on the line's own SIP edge, for machines that baresip has no build for."""

import asyncio
from collections import deque
from typing import Self

import numpy as np

from demo.sip.telephone import FRAME, CallRefusedError, Incoming, Sound, put_through
from telephony.line.inbox import Inbox
from telephony.line.leg import Leg, LegEnd
from telephony.line.sip import SipEdge
from telephony.line.sip.legs import SipLeg
from telephony.line.ticker import Ticker
from telephony.media import ulaw

RTP_PORTS = (41000, 49999)
SILENCE = np.zeros(FRAME, np.int16)


class Handset:
    """One call of a telephone: the `LegListener` of its leg. `leg` is None until there is a call."""

    def __init__(self, leg: Leg | None = None) -> None:
        self._leg: Leg | None = None
        self._answered = asyncio.Event()
        self._inbox = Inbox(spare=1)
        self._to_send: deque[Sound] = deque()
        self._played = asyncio.Event()
        self._played.set()
        self._heard: list[Sound] = []
        self._sent: list[Sound] = []
        self._ticker = Ticker(self._tick)
        self._end: LegEnd | None = None
        self.ended = asyncio.Event()
        self.digits: list[str] = []
        if leg is not None:
            self.take(leg)

    def take(self, leg: Leg) -> None:
        """This is the call from now on."""
        self._leg = leg
        leg.listen(self)

    async def stop(self) -> None:
        """Send and hear nothing any more."""
        await self._ticker.stop()

    async def answer(self) -> None:
        """Accept the call that rings."""
        if self._leg is not None:
            await self._leg.answer()
            self.on_answered()

    async def reject(self) -> None:
        """Refuse it as busy."""
        if self._leg is not None:
            await self._leg.reject(LegEnd.BUSY)

    def play(self, sound: Sound) -> None:
        """Speak."""
        self._played.clear()
        for start in range(0, sound.size, FRAME):
            frame = sound[start : start + FRAME]
            self._to_send.append(np.pad(frame, (0, FRAME - frame.size)))

    async def played(self) -> None:
        """Wait until all of it was sent, or the call is over."""
        await self._played.wait()

    async def press(self, digit: str) -> None:
        """Press a key."""
        if isinstance(self._leg, SipLeg):
            self._leg.audio.press(digit)

    async def hang_up(self) -> None:
        """End the call."""
        if self._leg is not None:
            await self._leg.hang_up()

    def heard(self) -> Sound:
        """Everything heard since the call was answered."""
        return np.concatenate(self._heard) if self._heard else np.zeros(0, np.int16)

    def sent(self) -> Sound:
        """Everything sent since the call was answered."""
        return np.concatenate(self._sent) if self._sent else np.zeros(0, np.int16)

    def on_ringing(self) -> None:
        """The far end rings."""

    def on_answered(self) -> None:
        """The call is up."""
        self._answered.set()
        self._ticker.start()

    def on_audio(self, frame: bytes) -> None:
        """20 ms of the far end."""
        self._inbox.put(frame)

    def on_digit(self, digit: str) -> None:
        """A key at the far end."""
        self.digits.append(digit)

    def on_ended(self, end: LegEnd) -> None:
        """The call is over."""
        self._end = end
        self.ended.set()
        self._played.set()

    def _tick(self) -> None:
        if self._leg is None or self.ended.is_set():
            return
        frame = self._to_send.popleft() if self._to_send else SILENCE
        self._leg.send(ulaw.encode(frame))
        self._sent.append(frame)
        self._heard.append(ulaw.decode(self._inbox.take()))
        if not self._to_send:
            self._played.set()


class OwnTelephone(Handset):
    """One call over one `SipEdge`, whose `Switchboard` it is."""

    kind = "the line's own SIP telephone"

    def __init__(self, caller_id: str) -> None:
        super().__init__()
        self._caller_id = caller_id
        self._edge = SipEdge("127.0.0.1", 0, RTP_PORTS, self)
        self._ringing_here: asyncio.Queue[Incoming] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        await self._edge.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        await self._edge.stop()

    @property
    def address(self) -> str:
        """What others dial to reach it."""
        return f"sip:{self._caller_id}@127.0.0.1:{self._edge.port}"

    async def dial(self, to: str, headers: dict[str, str] | None = None) -> None:
        """Call, and return when it is answered."""
        self.take(self._edge.dial(to, self._caller_id, headers or {}))
        if not await put_through(self._answered, self.ended):
            raise CallRefusedError(str(self._end))

    async def on_incoming(self, leg: Leg, _to: str) -> None:
        """Somebody calls."""
        self.take(leg)
        headers = leg.headers if isinstance(leg, SipLeg) else {}
        self._ringing_here.put_nowait(Incoming(leg.party, headers))

    async def incoming(self) -> Incoming:
        """Wait until somebody calls."""
        return await self._ringing_here.get()
