"""Independent SIP telephones in conferences and dialled calls: who hears whom, by cross-correlation."""

import asyncio
import contextlib
import importlib.util

import numpy as np
import pytest

from demo.sip.baresip_phone import BaresipTelephone
from demo.sip.own_phone import OwnTelephone
from telephony.line.faults.faults import FaultSet
from telephony.media import ulaw
from tests.sound import RATE, contains, lag_s
from tests.telephony.line.conferences.test_conferencing import room
from tests.telephony.line.lab import NUMBER, open_lab, until
from tests.telephony.line.rest.test_calls import blocking

pytestmark = [pytest.mark.sip, pytest.mark.slow]
MOSTLY = 0.5
"""Four telephones on a busy machine lose or shift some frames, as a network does; another sound is below 0.1."""
NEVER = 0.15


@pytest.fixture
async def lab():
    async with open_lab(sip=True) as one:
        yield one


@pytest.fixture
def telephone():
    """The independent peer where it can be had, else our own."""
    return OwnTelephone if importlib.util.find_spec("baresip") is None else BaresipTelephone


def noise(seed, seconds=2.0, after_s=1.0):
    """A sound like no other, after a silence in which both ends find their beat."""
    loud = np.random.default_rng(seed).normal(0, 3000, int(seconds * RATE)).astype(np.int16)
    return np.concatenate([np.zeros(int(after_s * RATE), np.int16), loud])


def likeness(heard, sent):
    return contains(heard, ulaw.decode(ulaw.encode(sent)))


def address(lab):
    return f"sip:{NUMBER}@127.0.0.1:{lab.dialler.port}"


@contextlib.asynccontextmanager
async def in_conference(lab, client, telephone, name):
    """A caller and an agent who was rung by REST, both in one conference."""
    number = f"+1555000{name}"
    lab.documents = {**getattr(lab, "documents", {}), number: room(lab, name)}
    lab.customer.documents["/voice"] = lambda form: lab.documents[form["From"]]
    lab.customer.documents[f"/agent{name}"] = room(lab, name)
    async with telephone(number) as caller, telephone(f"agent{name}") as agent:
        await caller.dial(address(lab))
        await blocking(
            client.calls.create,
            to=f"{agent.address}?X-Transfer-Id=t{name}",
            from_=NUMBER,
            url=f"{lab.customer.url}/agent{name}",
        )
        incoming = await asyncio.wait_for(agent.incoming(), 10)
        assert incoming.headers["X-Transfer-Id"] == f"t{name}"
        await agent.answer()
        yield caller, agent


async def test_two_pairs_in_two_conferences_each_hear_their_partner_alone(lab, client, telephone):
    async with (
        in_conference(lab, client, telephone, "1") as (caller, agent),
        in_conference(lab, client, telephone, "2") as (other_caller, other_agent),
    ):
        speakers = (caller, agent, other_caller, other_agent)
        sounds = [noise(seed) for seed in range(4)]
        for speaker, sound in zip(speakers, sounds, strict=True):
            speaker.play(sound)
        await asyncio.gather(*(speaker.played() for speaker in speakers))
        await asyncio.sleep(0.5)
        heard = [speaker.heard() for speaker in speakers]
        partner = (1, 0, 3, 2)
        for listener in range(4):
            for speaker in range(4):
                found = likeness(heard[listener], sounds[speaker])
                if speaker == partner[listener]:
                    assert found > MOSTLY, f"{listener} hears its partner"
                else:
                    assert found < NEVER, f"{listener} does not hear {speaker}"


async def test_a_dialled_telephone_talks_and_the_network_takes_its_time(lab, client, telephone):
    """120 ms each way on both legs: what the agent says is heard 240 ms later than without."""
    async with telephone("+15550001") as caller, telephone("agent") as agent:
        lab.carrier.faults.set(FaultSet(network_delay_ms=120))
        lab.customer.documents["/voice"] = (
            f"<Response><Dial answerOnBridge='true'><Sip>{agent.address}</Sip></Dial></Response>"
        )
        dialling = asyncio.create_task(caller.dial(address(lab)))
        await asyncio.wait_for(agent.incoming(), 10)
        await asyncio.sleep(0.3)
        assert not dialling.done(), "the caller is answered when the agent is"
        await agent.answer()
        await asyncio.wait_for(dialling, 10)
        await asyncio.sleep(0.5)
        agent.play(noise(5))
        caller.play(noise(6))
        await asyncio.gather(agent.played(), caller.played())
        await asyncio.sleep(1.0)
        assert likeness(caller.heard(), noise(5)) > MOSTLY
        assert likeness(agent.heard(), noise(6)) > MOSTLY
        there = lag_s(agent.heard(), caller.sent())
        back = lag_s(caller.heard(), agent.sent())
        assert 0.48 < there + back < 0.9, "two legs, both ways, and no more than our own 100 ms each way"
        await agent.hang_up()
        await asyncio.wait_for(caller.ended.wait(), 10)
        await until(lambda: all(call.over for call in lab.carrier.calls))
