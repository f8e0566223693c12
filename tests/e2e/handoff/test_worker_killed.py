"""A server that is killed while callers are handed over, in every state: another goes on with the same data."""

import asyncio
import os
import signal
from contextlib import suppress

import pytest

from demo.stack import open_spare
from handoff.transfer.types import Phase
from tests.e2e.handoff.soon import in_time
from tests.e2e.handoff.story import LONGEST_SILENCE_S
from tests.e2e.marks import REAL_CALLS

pytestmark = [
    *REAL_CALLS,
    pytest.mark.soak,
    pytest.mark.timeout(300),
]


async def rings(call):
    """The agent's telephone rings."""
    await call.ask_for_a_person()
    agent = await call.rings()

    async def after():
        await asyncio.sleep(1.0)  # an answer at that very moment is asked of the dead server, and lost
        # On a busy machine it may have rung for too long by then, and the next one's rings.
        who = agent if not agent.ended.is_set() else await call.rings()
        await call.is_answered_by(who)
        await who.press("1")
        return who

    return agent, after


async def is_briefed(call):
    """The agent hears the briefing."""
    await call.ask_for_a_person()
    agent = await call.is_answered()

    async def after():
        await _presses_until_it_counts(call, agent)
        return agent

    return agent, after


async def has_accepted(call):
    """Key 1 was pressed, and the carrier has not moved the caller yet."""
    await call.ask_for_a_person()
    agent = await call.is_answered()
    await call.fault(rest_delay_s=4.0)
    await agent.press("1")
    await call.in_phase(Phase.ACCEPTED)
    return agent, _nothing(agent)


async def is_on_the_way(call):
    """Caller and agent are on their way into the conference."""
    await call.ask_for_a_person()
    agent = await call.is_answered()
    await agent.press("1")
    await call.until(lambda t: t.moving_at is not None, "the caller is not moved")
    return agent, _nothing(agent)


async def talks(call):
    """They are connected."""
    await call.ask_for_a_person()
    agent = await call.is_taken()
    call.nobody_waits_in_silence()
    return agent, _nothing(agent)


async def _presses_until_it_counts(call, agent):
    """As people do whose key led to nothing: it may have been pressed while nobody was there to hear it."""
    for _ in range(3):
        await call.hears_more(agent)
        await agent.press("1")
        with suppress(AssertionError):
            await call.until(lambda t: t.accepted is not None, "the key did not count", 3.0)
            return
    raise AssertionError("no key counts\n" + await call.told())


def _nothing(agent):
    """They do nothing more."""

    async def after():
        return agent

    return after


async def test_another_server_goes_on_with_every_transfer_of_one_that_was_killed(office):
    async with (
        open_spare(office.stack) as (url, _),
        office.call() as one,
        office.call() as two,
        office.call() as three,
        office.call() as four,
        office.call() as five,
    ):
        office.balancer.targets.append(int(url.rpartition(":")[2]))
        calls = (one, two, three, four, five)
        # Those that wait for a long time come first, those that stand on a knife's edge last.
        order = (talks, is_briefed, rings, has_accepted, is_on_the_way)
        stand = [await state(call) for state, call in zip(order, calls, strict=True)]
        os.kill(office.stack.server_pid, signal.SIGKILL)
        await office.no_fault(three.call_id, four.call_id)
        await asyncio.gather(
            *(_goes_on(call, state, *where) for call, state, where in zip(calls, order, stand, strict=True))
        )


async def _goes_on(call, state, agent, after):
    agent = await after()
    await call.in_phase(Phase.BRIDGED, within_s=20.0)
    # Those who are connected and say nothing hear nothing.
    if state is not talks:
        silence_s = call.silence_s()
        assert silence_s <= LONGEST_SILENCE_S, f"the caller was in silence for {silence_s:.2f} s"
    await call.hear_each_other(agent)
    await agent.hang_up()
    await call.ends("connected")
    await in_time(agent.ended.wait(), "the agent is still on the telephone")
    await call.leaves_nobody()
