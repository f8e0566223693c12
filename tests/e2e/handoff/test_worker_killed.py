"""A server that is killed while callers are handed over, in every state: another goes on with the same data."""

import asyncio
import os
import signal

import pytest

from demo.stack import open_spare
from handoff.transfer.types import Phase
from tests.e2e.handoff.office import in_time

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.sip,
    pytest.mark.models,
    pytest.mark.slow,
    pytest.mark.soak,
    pytest.mark.timeout(300),
]


async def rings(call):
    """The agent's telephone rings."""
    await call.ask_for_a_person()
    agent = await call.rings()

    async def after():
        await asyncio.sleep(1.0)  # an answer at that very moment is asked of the dead server, and lost
        await call.is_answered_by(agent)
        await agent.press("1")

    return agent, after


async def is_briefed(call):
    """The agent hears the briefing."""
    await call.ask_for_a_person()
    agent = await call.is_answered()

    async def after():
        await call.hears_more(agent)
        await agent.press("1")

    return agent, after


async def has_accepted(call):
    """Key 1 was pressed, and the carrier has not moved the caller yet."""
    await call.ask_for_a_person()
    agent = await call.is_answered()
    await call.fault(rest_delay_s=4.0)
    await agent.press("1")
    await call.in_phase(Phase.ACCEPTED)
    return agent, _nothing


async def is_on_the_way(call):
    """Caller and agent are on their way into the conference."""
    await call.ask_for_a_person()
    agent = await call.is_answered()
    await agent.press("1")
    await call.until(lambda t: t.moving_at is not None, "the caller is not moved")
    return agent, _nothing


async def talks(call):
    """They are connected."""
    await call.ask_for_a_person()
    agent = await call.is_taken()
    call.nobody_waits_in_silence()
    return agent, _nobody_speaks


async def _nothing():
    pass


async def _nobody_speaks():
    """As long as those who are connected say nothing, there is nothing to hear."""


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
        await asyncio.gather(*(_goes_on(call, *where) for call, where in zip(calls, stand, strict=True)))


async def _goes_on(call, agent, after):
    await after()
    await call.in_phase(Phase.BRIDGED, within_s=20.0)
    if after is not _nobody_speaks:
        call.nobody_waits_in_silence()
    await call.hear_each_other(agent)
    await agent.hang_up()
    await call.ends("connected")
    await in_time(agent.ended.wait(), "the agent is still on the telephone")
    await call.leaves_nobody()
