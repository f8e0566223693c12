"""All calls of the local line: takes them in, places them, and lets the REST API at them."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from loguru import logger

from telephony.line.call import OVER, UNANSWERED, Call, CallStatus, Direction
from telephony.line.config import LineConfig
from telephony.line.leg import Dialler, LabelledLeg, Leg, LegEnd
from telephony.line.live_call import CallEdge, Instructions, LiveCall, Speak
from telephony.line.webhooks import StatusCallbacks, Webhooks
from telephony.tasks import Tasks

MOST_KEPT = 1000
"""Ended calls that the REST API still knows."""
STOP_TIMEOUT_S = 5.0


class CallNotFoundError(LookupError):
    """There is no such call."""


class NotInProgressError(Exception):
    """The call is in no state for what was asked."""


@dataclass(frozen=True)
class OutgoingCall:
    """A call to be placed."""

    to: str
    caller: str
    instructions: Instructions
    status_callback: str | None = None
    status_callback_method: str = "POST"
    status_events: frozenset[str] = frozenset({"completed"})
    timeout_s: int = 60
    limit_s: int = 14400
    headers: tuple[tuple[str, str], ...] = ()


class Carrier:
    """The calls of one line. A `Switchboard` for legs that come in."""

    def __init__(
        self, config: LineConfig, webhooks: Webhooks, speak: Speak, now: Callable[[], datetime]
    ) -> None:
        self._config = config
        self._edge = CallEdge(webhooks, speak, now)
        self._calls: dict[str, Call] = {}
        self._live: dict[str, LiveCall] = {}
        self._watching = Tasks()

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
        callbacks = StatusCallbacks(
            self._edge.webhooks,
            call,
            self._config.status_callback_url,
            "POST",
            frozenset({"completed"}),
            self._edge.now,
        )
        live = LiveCall(call, leg, self._edge, callbacks, Instructions(url=self._config.voice_url))
        self._watch(live)
        leg.listen(live)
        live.start_incoming()

    def place(self, order: OutgoingCall, dialler: Dialler) -> Call:
        """Start an outgoing call; it rings when this returns."""
        call = self._new_call(order.caller, order.to, Direction.OUTBOUND_API)
        callbacks = StatusCallbacks(
            self._edge.webhooks,
            call,
            order.status_callback,
            order.status_callback_method,
            order.status_events,
            self._edge.now,
        )
        leg = dialler.dial(order.to, order.caller, dict(order.headers))
        live = LiveCall(call, leg, self._edge, callbacks, order.instructions)
        self._watch(live)
        live.start_outgoing(order.timeout_s, order.limit_s)
        leg.listen(live)
        return call

    def redirect(self, sid: str, instructions: Instructions) -> Call:
        """Have a call follow other TwiML.

        Raises:
            CallNotFoundError: there is no such call.
            NotInProgressError: it is not under way.
        """
        call = self.call(sid)
        live = self._live.get(sid)
        if live is None or call.status is not CallStatus.IN_PROGRESS:
            raise NotInProgressError
        live.follow(instructions)
        return call

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
        endings = [asyncio.ensure_future(live.hang_up(CallStatus.COMPLETED)) for live in self._live.values()]
        if endings:
            await asyncio.wait(endings, timeout=STOP_TIMEOUT_S)

    def _new_call(self, caller: str, callee: str, direction: Direction) -> Call:
        sid = "CA" + secrets.token_hex(16)
        call = Call(sid, self._config.account_sid, caller, callee, direction, self._edge.now())
        self._calls[sid] = call
        ended = [known for known in self._calls.values() if known.over]
        for old in ended[: max(0, len(self._calls) - MOST_KEPT)]:
            del self._calls[old.sid]
        return call

    def _watch(self, live: LiveCall) -> None:
        sid = live.call.sid
        self._live[sid] = live

        async def until_over() -> None:
            await live.over.wait()
            del self._live[sid]

        self._watching.start(until_over())
