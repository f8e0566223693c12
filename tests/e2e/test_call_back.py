"""A promised call-back, over real telephones and over the death of the server that promised it."""

import asyncio
import os
import signal

import numpy as np
import pytest

from calls.events import (
    CallBackDialled,
    CallBackPromised,
    CallBackTried,
    CallEnded,
    TalkHeard,
    TransferBriefed,
    TransferEnded,
    TransferRequested,
    TurnKeyed,
)
from demo.open_company import open_company
from demo.people import SKILLS, agents_at_work, open_people
from demo.script import LOUD, as_caller, until_quiet
from demo.sip import open_telephone
from demo.sip.telephone import FRAME, FRAME_S
from demo.sound_match import find
from demo.stack import open_stack, serving_again
from handoff.roster.person import Presence
from tests.e2e.caller import Caller, newest, open_log
from tests.e2e.marks import REAL_CALLS

pytestmark = [
    *REAL_CALLS,
    pytest.mark.soak,
    pytest.mark.timeout(240),
]
MARIA = "+15550142000"
CALLER_SAYS = "Hello, this is Maria. My jacket is too small."
AGENT_SAYS = "Hello Maria, this is Anna. I will help you with that."
PERSON, YES, TAKE = "0", "1", "1"
LEAST_HEARD = 0.6
BRIEFING_S = 4.0
"""Of the briefing that the agent has heard when she presses 1."""
WITHIN_S = 30.0


async def test_a_promise_outlives_its_server_and_both_talk(tmp_path, voice):
    data_dir = tmp_path / "var"
    async with agents_at_work(data_dir, ["anna"], SKILLS) as agents, open_telephone(MARIA) as at_home:
        agent = agents["anna"]
        await says_of_herself(data_dir, Presence.AWAY)
        numbers = f"{MARIA}={at_home.address}"
        playbook = str(open_company(tmp_path))
        async with open_stack(data_dir, WARMLINE_PLAYBOOK=playbook, LINE_NUMBERS=numbers) as stack:
            call_id = await asks_for_a_person_and_takes_a_call_back(stack, voice)
            os.kill(stack.server_pid, signal.SIGKILL)
            async with serving_again(stack):
                await says_of_herself(data_dir, Presence.AVAILABLE)
                await asyncio.wait_for(agent.incoming(), WITHIN_S)
                await agent.answer()
                await until_heard(agent, BRIEFING_S)
                assert not at_home.heard().size, "nobody is called before key 1"
                pressed_at = agent.heard().size
                await agent.press(TAKE)
                await asyncio.wait_for(at_home.incoming(), WITHIN_S)
                await at_home.answer()
                await until_quiet(at_home, after=0)  # who calls, and what for
                await until_bridged(data_dir, call_id)
                await asyncio.sleep(0.5)
                at_home.play(as_caller(voice.render(CALLER_SAYS)))
                await at_home.played()
                agent.play(voice_of_agent := voice.render(AGENT_SAYS))
                await agent.played()
                await asyncio.sleep(0.7)
                heard_at_home, heard_by_agent = at_home.heard(), agent.heard()
                caller_sent = at_home.sent()
                await agent.hang_up()
                events = await everything_told(data_dir, call_id)
                await at_home.hang_up()

    briefing = heard_by_agent[:pressed_at]
    assert find(caller_sent, heard_by_agent[pressed_at:]).share >= LEAST_HEARD, "the agent hears the caller"
    assert find(voice_of_agent, heard_at_home).share >= LEAST_HEARD, "the caller hears the agent"
    assert find(briefing, heard_at_home).share <= 0.05, "the caller never hears the briefing"

    bodies = [event.body for event in events]
    (promised,) = of(bodies, CallBackPromised)
    assert promised.phone == MARIA
    (ordered,) = of(bodies, TransferRequested)
    assert ordered.kind == "call_back"
    (told,) = of(bodies, TransferBriefed)
    assert told.text.startswith("Promised call-back: asked for a person.")
    assert [body.promise_id for body in of(bodies, CallBackDialled)] == [promised.promise_id]
    assert [body.result for body in of(bodies, CallBackTried)] == ["kept"]
    assert [body.outcome for body in of(bodies, TransferEnded)] == ["connected"]
    assert {body.who for body in of(bodies, TalkHeard)} == {"caller", "agent"}
    ended = next(event.seq for event in events if isinstance(event.body, CallEnded))
    assert all(event.seq > ended for event in events if isinstance(event.body, CallBackDialled))


async def asks_for_a_person_and_takes_a_call_back(stack, voice):
    """Nobody is there. Returns the id of the call, which is over then."""
    async with open_telephone(MARIA) as telephone:
        await Caller(stack, voice).connect(telephone, MARIA)
        async with open_log(stack.data_dir) as log:
            call_id = await newest(log, MARIA)
            await until_heard(telephone, 1.0, after=telephone.heard().size)
            await telephone.press(PERSON)
            await asyncio.wait_for(until_told(log, call_id, TurnKeyed), WITHIN_S)
            await until_quiet(telephone, after=telephone.heard().size)
            await telephone.press(YES)  # the number that they are calling from
            await asyncio.wait_for(until_told(log, call_id, CallBackPromised), WITHIN_S)
            await telephone.hang_up()
            await asyncio.wait_for(until_told(log, call_id, CallEnded), WITHIN_S)
    return call_id


async def until_heard(telephone, seconds, after=0):
    """Until somebody has spoken to a telephone for so long, whatever it takes before they begin."""
    async with asyncio.timeout(WITHIN_S):
        while loud_s(telephone.heard()[after:]) < seconds:
            await asyncio.sleep(0.1)


def loud_s(sound):
    frames = np.abs(sound[: sound.size // FRAME * FRAME].reshape(-1, FRAME).astype(int))
    return float((frames.max(axis=1, initial=0) > LOUD).sum()) * FRAME_S


async def says_of_herself(data_dir, presence):
    async with open_people(data_dir) as people:
        assert await people.set_presence("anna", presence)


async def until_told(log, call_id, kind):
    async for event in log.follow(call_id):
        if isinstance(event.body, kind):
            return


async def until_bridged(data_dir, call_id):
    """Until both are in one conference. The call is over, so nobody follows it."""
    async with open_log(data_dir) as log, asyncio.timeout(WITHIN_S):
        while not any(isinstance(event.body, CallBackTried) for event in await log.read(call_id)):
            await asyncio.sleep(0.1)


async def everything_told(data_dir, call_id):
    """Until what both have said was written down, which is done after everything that somebody waits for."""
    async with open_log(data_dir) as log, asyncio.timeout(WITHIN_S):
        while True:
            events = await log.read(call_id)
            talked = {event.body.who for event in events if isinstance(event.body, TalkHeard)}
            if len(talked) == 2 and any(isinstance(event.body, TransferEnded) for event in events):
                return events
            await asyncio.sleep(0.2)


def of(bodies, kind):
    return [body for body in bodies if isinstance(body, kind)]
