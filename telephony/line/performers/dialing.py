"""`<Dial>` with `<Sip>` and `<Number>`: rings some targets, and joins the call with the first that answers."""

import asyncio
from dataclasses import dataclass

from loguru import logger

from telephony.line.bridge import Bridge
from telephony.line.call import CallStatus
from telephony.line.destinations import Destination, NotDialledError
from telephony.line.instructions import Instructions
from telephony.line.performers.dial_end import after_dial
from telephony.line.performers.recording import recorded_dial
from telephony.line.sources import Player, ringback
from telephony.line.stage import ChildCall, RungCall, Stage
from telephony.line.twiml.verbs import Dial, Target


@dataclass(frozen=True)
class _Joined:
    """A call that was joined with another, and for how long."""

    child: RungCall
    duration_s: int


async def perform_dial(stage: Stage, verb: Dial) -> Instructions | None:
    """Ring, join, and go on when either side is done."""
    bridge = Bridge()
    children = [child for target in verb.targets if (child := _ring(stage, verb, target, bridge)) is not None]
    if not children:
        return after_dial(verb, {"DialCallStatus": CallStatus.FAILED.value, "DialBridged": "false"})
    try:
        winner = await _first_answer(stage, children)
        joined = None if winner is None else await _talk(stage, verb, winner, bridge, children)
    finally:
        bridge.close()
        await asyncio.gather(*(_hang_up(child) for child in children))
    return after_dial(verb, _told(children[-1] if joined is None else joined.child, joined))


def _ring(stage: Stage, verb: Dial, target: Target, bridge: Bridge) -> RungCall | None:
    """Start one child call; None where the target may not be dialled."""
    try:
        destination = _destination(stage, target)
    except NotDialledError as error:
        logger.bind(call=stage.call.sid, code=error.code).warning("a target is not dialled: {}", error)
        return None
    order = ChildCall(
        parent=stage.call,
        destination=destination,
        callee=target.address.partition("?")[0],
        caller=verb.caller_id or stage.call.caller,
        timeout_s=verb.timeout_s,
        callback=target.callback,
        credentials=(target.username, target.password) if target.username else None,
    )

    async def talk(child: Stage) -> None:
        """The child's part: the one that is chosen stays until the bridge is closed."""
        if not await bridge.is_for(child.call):
            return
        with child.sound.slot.holding(bridge.join(stage.leg)):
            await bridge.closed.wait()

    return stage.edge.ring(order, talk)


def _destination(stage: Stage, target: Target) -> Destination:
    plan = stage.edge.plan
    return plan.number(target.address) if target.is_number else plan.sip(target.address)


async def _first_answer(stage: Stage, children: list[RungCall]) -> RungCall | None:
    """The first child to answer; the caller hears it ring. None where nobody does."""
    with stage.sound.slot.holding(Player(ringback(), 0)):
        waits = [asyncio.create_task(_answered(child)) for child in children]
        try:
            for first in asyncio.as_completed(waits):
                winner = await first
                if winner is not None:
                    return winner
            return None
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.wait(waits)


async def _answered(child: RungCall) -> RungCall | None:
    """The child once it has answered; None when it ends without that."""
    answered = asyncio.create_task(child.answered.wait())
    ended = asyncio.create_task(child.ended.wait())
    try:
        await asyncio.wait({answered, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        answered.cancel()
        ended.cancel()
    return child if child.answered.is_set() else None


async def _talk(
    stage: Stage, verb: Dial, winner: RungCall, bridge: Bridge, children: list[RungCall]
) -> _Joined:
    """Both talk until the far end is gone or the time is up."""
    bridge.choose(winner.call)
    await stage.answer()
    for child in children:
        if child is not winner:
            await _hang_up(child)
    loop = asyncio.get_running_loop()
    began = loop.time()
    with stage.sound.slot.holding(bridge.join(winner.stage.leg)), recorded_dial(stage, verb):
        ended = asyncio.create_task(winner.ended.wait())
        left = asyncio.create_task(winner.left.wait())
        try:
            await asyncio.wait(
                {ended, left}, timeout=verb.limit_s or None, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            ended.cancel()
            left.cancel()
    return _Joined(winner, round(loop.time() - began))


async def _hang_up(child: RungCall) -> None:
    """End a child, unless it was sent elsewhere while it talked."""
    if not child.ended.is_set() and not child.left.is_set():
        await child.hang_up(CallStatus.COMPLETED if child.stage.answered else CallStatus.CANCELED)


def _told(child: RungCall, joined: _Joined | None) -> dict[str, str]:
    """What the action is told."""
    status = CallStatus.COMPLETED if joined is not None else child.call.status
    told = {
        "DialCallStatus": status.value,
        "DialCallSid": child.call.sid,
        "DialBridged": "false" if joined is None else "true",
    }
    if joined is not None:
        told["DialCallDuration"] = str(joined.duration_s)
    if child.call.sip_response_code is not None:
        told["DialSipResponseCode"] = str(child.call.sip_response_code)
    return told
