"""One call that is under way: its leg, its states, and what it follows."""

import asyncio
from contextlib import suppress

from loguru import logger

from telephony.line.call import UNANSWERED, UNANSWERED_ENDS, Call, CallStatus, InvalidMoveError
from telephony.line.call_sound import CallSound
from telephony.line.instructions import Instructions
from telephony.line.leg import Leg, LegEnd, SipEnded
from telephony.line.script import follow_twiml
from telephony.line.sources import SoundFileError
from telephony.line.stage import CallEdge, Script, Stage
from telephony.line.status_callbacks import StatusCallbacks
from telephony.line.twiml.attributes import DocumentError
from telephony.line.webhooks import WebhookError
from telephony.tasks import Tasks


def twiml(instructions: Instructions) -> Script:
    """A script that follows TwiML."""
    return lambda stage: follow_twiml(stage, instructions)


class LiveCall:
    """Follows its script from answer to hang-up. Listens to its leg."""

    def __init__(
        self, call: Call, leg: Leg, edge: CallEdge, callbacks: StatusCallbacks, script: Script
    ) -> None:
        self.call = call
        self._leg = leg
        self._callbacks = callbacks
        self._first = script
        self.stage = Stage(call, leg, edge, CallSound(leg), callbacks.queue, self._answer)
        self._script: asyncio.Task[None] | None = None
        self._floor = asyncio.Lock()
        """Held by the script that runs: the next one begins only when it has let go of everything."""
        self._leg_ended = asyncio.Event()
        self._limits: list[asyncio.TimerHandle] = []
        self._background = Tasks()
        self.answered = asyncio.Event()
        self.left = asyncio.Event()
        """The call was sent elsewhere, out of its first script."""
        self.ended = asyncio.Event()
        """Nothing more will be heard of it."""
        self.over = asyncio.Event()
        """And everything was told."""

    # From the leg (LegListener)

    def on_ringing(self) -> None:
        """The far end rings."""
        if self.call.status is CallStatus.QUEUED:
            self._move(CallStatus.RINGING, "ringing")

    def on_answered(self) -> None:
        """The far end has answered."""
        if self.call.status in UNANSWERED:
            self._begin_talking()
            self.follow(self._first)

    def on_audio(self, frame: bytes) -> None:
        """20 ms of the far end."""
        self.stage.sound.heard(frame)

    def on_digit(self, digit: str) -> None:
        """A key at the far end."""
        self.stage.sound.pressed(digit)

    def on_ended(self, end: LegEnd) -> None:
        """The far end is gone."""
        self._leg_ended.set()
        status = UNANSWERED_ENDS[end] if self.call.status in UNANSWERED else CallStatus.COMPLETED
        self._background.start(self._finish(status))

    # From the carrier

    def start_incoming(self) -> None:
        """The call rings here: ask what to do with it."""
        self._move(CallStatus.RINGING, "ringing")
        self.follow(self._first)

    def start_outgoing(self, timeout_s: float, limit_s: float) -> None:
        """The call is being placed."""
        loop = asyncio.get_running_loop()
        self._callbacks.happened("initiated")
        self._limits = [
            loop.call_later(timeout_s, self._not_answered),
            loop.call_later(limit_s, lambda: self._background.start(self._finish(CallStatus.COMPLETED))),
        ]

    def follow(self, script: Script) -> None:
        """Go on with another script; what was running is interrupted, and has ended before this begins."""
        if self._script is not None:
            self.left.set()
        self._interrupt()
        self._script = asyncio.create_task(self._run(script))

    async def hang_up(self, status: CallStatus) -> None:
        """End the call as `status`: completed, or canceled before it was answered."""
        await self._finish(status)

    # The script

    def _interrupt(self) -> None:
        """Cancel the script, once: a second time would disturb it while it lets go."""
        if self._script is not None and not self._script.cancelling():
            self._script.cancel()

    async def _run(self, script: Script) -> None:
        async with self._floor:
            try:
                await script(self.stage)
            except (DocumentError, WebhookError, SoundFileError) as error:
                logger.bind(call=self.call.sid, code=getattr(error, "code", 12400)).warning(
                    "the call ends, its TwiML cannot be followed: {}", error
                )
            except Exception as error:  # noqa: BLE001 - one call's fault must not reach the others
                logger.bind(call=self.call.sid).opt(exception=error).error("the call broke")
        self._background.start(self._finish(CallStatus.COMPLETED))

    # States

    async def _answer(self) -> None:
        if self.call.status in UNANSWERED:
            await self._leg.answer()
            self._begin_talking()

    def _begin_talking(self) -> None:
        self._move(CallStatus.IN_PROGRESS, "answered")
        if self._limits:
            self._limits[0].cancel()
        self.stage.sound.start()
        self.answered.set()

    def _not_answered(self) -> None:
        if self.call.status in UNANSWERED:
            self._background.start(self._finish(CallStatus.NO_ANSWER))

    def _move(self, status: CallStatus, event: str) -> None:
        if isinstance(self._leg, SipEnded):
            self.call.sip_response_code = self._leg.response_code
        self.call.move(status, self.stage.edge.now())
        self._callbacks.happened(event)

    async def _finish(self, status: CallStatus) -> None:
        """The end, once: the script and the beat stop, the leg is hung up, and the end is told."""
        if self.call.over:
            return
        if self.call.status in UNANSWERED and status is CallStatus.COMPLETED:
            # An unanswered call cannot be completed: a document that ends before any sound refuses it.
            status = CallStatus.CANCELED if self._leg_ended.is_set() else CallStatus.BUSY
        with suppress(InvalidMoveError):
            self._move(status, "completed")
        for limit in self._limits:
            limit.cancel()
        self._interrupt()
        async with self._floor:
            await self.stage.stop_beside()
        await self.stage.sound.stop()
        await self._leg.hang_up()
        self.ended.set()
        self._background.start(self._tell_all())

    async def _tell_all(self) -> None:
        await self._callbacks.queue.finished()
        self.over.set()
