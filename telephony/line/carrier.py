"""All calls of the local line: takes them in, places them, and lets the REST API at them."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from loguru import logger

from telephony.line.call import OVER, UNANSWERED, Call, CallStatus, Direction
from telephony.line.callback_queue import CallbackQueue
from telephony.line.conferences.conferences import Conferences
from telephony.line.config import LineConfig
from telephony.line.destinations import Destination
from telephony.line.faults.faulty_dialler import FaultyDialler
from telephony.line.faults.faulty_leg import FaultyLeg
from telephony.line.instructions import Instructions
from telephony.line.leg import Dialler, LabelledLeg, Leg, LegEnd
from telephony.line.live_call import LiveCall, twiml
from telephony.line.recordings.recordings import Recordings
from telephony.line.stage import CallEdge, ChildCall, Script, Speak, Stage
from telephony.line.status_callbacks import StatusCallbacks
from telephony.line.twiml.verbs import Callback
from telephony.line.webhooks import Webhooks
from telephony.tasks import Tasks

MOST_KEPT = 1000
"""Ended calls that the REST API still knows."""
STOP_TIMEOUT_S = 5.0
LONGEST_CALL_S = 14400


class CallNotFoundError(LookupError):
    """There is no such call."""


class NotInProgressError(Exception):
    """The call is in no state for what was asked."""


@dataclass(frozen=True)
class OutgoingCall:
    """A call to be placed."""

    to: str
    caller: str
    script: Script
    callee: str | None = None
    """Whom the API shows as called, where that is not `to`: a number."""
    callback: Callback | None = None
    credentials: tuple[str, str] | None = None
    timeout_s: int = 60
    limit_s: int = 14400
    headers: tuple[tuple[str, str], ...] = ()


class Carrier:
    """The calls of one line. A `Switchboard` for legs that come in."""

    def __init__(
        self, config: LineConfig, webhooks: Webhooks, speak: Speak, now: Callable[[], datetime]
    ) -> None:
        self._config = config
        self.recordings = Recordings(config.account_sid, webhooks, now)
        self.conferences = Conferences(config.account_sid, webhooks, self.recordings, now)
        self.edge = CallEdge(webhooks, speak, now, self.conferences, self.recordings, config.plan, self._ring)
        self._dialler: Dialler | None = None
        self.faults = webhooks.faults
        self._calls: dict[str, Call] = {}
        self._live: dict[str, LiveCall] = {}
        self._watching = Tasks()

    def connect(self, dialler: Dialler) -> None:
        """Ring what `<Dial>` names through `dialler`."""
        self._dialler = FaultyDialler(dialler, self.faults)

    @property
    def calls(self) -> list[Call]:
        """All known calls, newest first."""
        return list(reversed(self._calls.values()))

    def call(self, sid: str) -> Call:
        """One call.

        Raises:
            CallNotFoundError: there is none.
        """
        try:
            return self._calls[sid]
        except KeyError:
            raise CallNotFoundError from None

    async def on_incoming(self, leg: Leg, to: str) -> None:
        """Somebody calls `to`."""
        if to != self._config.number:
            logger.bind(code="unknown_number").info("a call to another number was refused")
            await leg.reject(LegEnd.NOT_FOUND)
            return
        call = self._new_call(leg.party, to, Direction.INBOUND)
        if isinstance(leg, LabelledLeg):
            leg.label(call.sid)
        leg = FaultyLeg(leg, self.faults, call.sid, call.caller)
        told_url = self._config.status_callback_url
        callback = Callback(told_url, events=frozenset({"completed"})) if told_url is not None else None
        live = self._live_call(call, leg, callback, twiml(Instructions(url=self._config.voice_url)))
        leg.listen(live)
        live.start_incoming()

    def place(self, order: OutgoingCall) -> Call:
        """Start an outgoing call; it rings when this returns."""
        call = self._new_call(order.caller, order.callee or order.to, Direction.OUTBOUND_API)
        leg = self._dial(call, Destination(order.to, order.headers), order.caller, order.credentials)
        live = self._live_call(call, leg, order.callback, order.script)
        live.start_outgoing(order.timeout_s, order.limit_s)
        leg.listen(live)
        return call

    def redirect(self, sid: str, instructions: Instructions) -> Call:
        """Have a call follow other TwiML.

        Raises:
            CallNotFoundError: there is no such call.
            NotInProgressError: it is not under way.
        """
        live = self._in_progress(sid)
        live.follow(twiml(instructions))
        return live.call

    def stage(self, sid: str) -> Stage:
        """What is at hand of a call that is under way.

        Raises:
            CallNotFoundError: there is no such call.
            NotInProgressError: it is not under way.
        """
        return self._in_progress(sid).stage

    async def end(self, sid: str, status: CallStatus) -> Call:
        """Complete a call, or cancel one that was not answered.

        Raises:
            CallNotFoundError: there is no such call.
            NotInProgressError: it is over, or answered and to be cancelled.
        """
        call = self.call(sid)
        live = self._live.get(sid)
        if live is None or call.over or (status is CallStatus.CANCELED and call.status not in UNANSWERED):
            raise NotInProgressError
        await live.hang_up(CallStatus.CANCELED if call.status in UNANSWERED else status)
        return call

    async def ended(self, sid: str) -> None:
        """Wait until nothing more will be heard of a call."""
        live = self._live.get(sid)
        if live is not None:
            await live.ended.wait()

    def forget(self, sid: str) -> None:
        """Delete a call that is over.

        Raises:
            CallNotFoundError: there is no such call.
            NotInProgressError: it is not over.
        """
        if self.call(sid).status not in OVER:
            raise NotInProgressError
        del self._calls[sid]

    async def stop(self) -> None:
        """Hang up all calls."""
        live = tuple(self._live.values())
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await asyncio.gather(*(one.hang_up(CallStatus.COMPLETED) for one in live))
                await asyncio.gather(*(one.over.wait() for one in live))
                await self.conferences.finished()
                await self.recordings.finished()

    def _ring(self, order: ChildCall, script: Script) -> LiveCall:
        """Place the call of a `<Dial>`."""
        call = self._new_call(order.caller, order.callee, Direction.OUTBOUND_DIAL)
        call.parent_sid = order.parent.sid
        leg = self._dial(call, order.destination, order.caller, order.credentials)
        live = self._live_call(call, leg, order.callback, script)
        live.start_outgoing(order.timeout_s, LONGEST_CALL_S)
        leg.listen(live)
        return live

    def _dial(self, call: Call, to: Destination, caller: str, credentials: tuple[str, str] | None) -> Leg:
        if self._dialler is None:
            raise RuntimeError("a carrier must be connected before it rings anybody")
        leg = self._dialler.dial(to.address, caller, dict(to.headers), credentials)
        return FaultyLeg(leg, self.faults, call.sid, call.callee, to.address, dialled=True)

    def _new_call(self, caller: str, callee: str, direction: Direction) -> Call:
        sid = "CA" + secrets.token_hex(16)
        call = Call(sid, self._config.account_sid, caller, callee, direction, self.edge.now())
        self._calls[sid] = call
        ended = [known for known in self._calls.values() if known.over]
        for old in ended[: max(0, len(self._calls) - MOST_KEPT)]:
            del self._calls[old.sid]
        return call

    def _in_progress(self, sid: str) -> LiveCall:
        call = self.call(sid)
        live = self._live.get(sid)
        if live is None or call.status is not CallStatus.IN_PROGRESS:
            raise NotInProgressError
        return live

    def _live_call(self, call: Call, leg: Leg, callback: Callback | None, script: Script) -> LiveCall:
        callbacks = StatusCallbacks(CallbackQueue(self.edge.webhooks), call, callback, self.edge.now)
        live = LiveCall(call, leg, self.edge, callbacks, script)
        self._watch(live)
        return live

    def _watch(self, live: LiveCall) -> None:
        sid = live.call.sid
        self._live[sid] = live

        async def until_over() -> None:
            await live.over.wait()
            del self._live[sid]

        self._watching.start(until_over())
