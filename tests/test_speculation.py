"""Working ahead of the end of a turn: early, never twice, and without a trace when it was in vain."""

import asyncio

import numpy as np
import pytest

from actions.spec import ActionSpec, Effect
from actions.types import ActionRequest, ActionResult
from dialog.types import DialogState, Done, Hearing, Plan
from speculation import Speculation
from thinking import Thinking
from voice.speaking.synthesis import Synthesiser
from voice.workers import Worker

STATE = DialogState(playbook="acme@1", call_id="CA1")
ORDER = Hearing(text="Order 4711")
LOOK_UP = ActionRequest(action="look_up", key="k1")
CHANGE = ActionRequest(action="change", key="k2")


class FakeDialog:
    """Looks up an order and then tells its status; counts how often it was asked."""

    def __init__(self):
        self.moments = []

    def speed(self, _plan):
        return 1.0

    def plan(self, state, moment):
        self.moments.append(moment)
        if isinstance(moment, Done):
            return Plan(say=("It has shipped.",), state=state)
        if "change" in moment.text:
            return Plan(say=("Changing it.",), act=(CHANGE,), state=state)
        return Plan(act=(LOOK_UP,), state=state)


class FakeRenderer:
    def __init__(self):
        self.texts = []

    def steps(self, text, _speed=1.0):
        self.texts.append(text)
        yield np.zeros(160, dtype=np.int16)


class House:
    """A dialog, two actions and a voice."""

    def __init__(self):
        self.runs = []
        self.dialog = FakeDialog()
        self.renderer = FakeRenderer()
        self.worker = Worker("test")
        synthesiser = Synthesiser(self.renderer, self.worker)
        self.speculation = Speculation(Thinking(self.dialog), self, synthesiser, "CA1")

    def spec(self, name):
        return ActionSpec(effect=Effect.READS if name == "look_up" else Effect.WRITES)

    async def run(self, request):
        self.runs.append(request.action)
        return ActionResult(action=request.action, key=request.key, data={"by": request.action})


@pytest.fixture
async def house():
    made = House()
    yield made
    made.speculation.drop()
    made.worker.stop()


async def settled(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_plan_look_up_and_first_sound_are_ready_before_the_turn_is_confirmed(house):
    house.speculation.begin(STATE, ORDER)
    await settled(lambda: house.renderer.texts == ["It has shipped."])
    assert house.runs == ["look_up"]

    plan = await house.speculation.plan(STATE, ORDER.model_copy(update={"heard_of_us": "How"}))
    result = await house.speculation.run(plan.act[0])

    assert result.data == {"by": "look_up"}
    assert house.runs == ["look_up"], "the early result is used, nothing is looked up twice"
    assert sum(moment == ORDER for moment in house.dialog.moments) == 1


async def test_an_action_that_changes_something_waits_for_the_commit(house):
    hearing = Hearing(text="change it")
    house.speculation.begin(STATE, hearing)
    await settled(lambda: house.renderer.texts == ["Changing it."])
    assert house.runs == []
    plan = await house.speculation.plan(STATE, hearing)
    await house.speculation.run(plan.act[0])
    assert house.runs == ["change"]


async def test_a_guess_that_was_wrong_is_forgotten(house):
    house.speculation.begin(STATE, Hearing(text="change"))
    plan = await house.speculation.plan(STATE, ORDER)
    assert plan.act == (LOOK_UP,)
    await house.speculation.run(LOOK_UP)
    assert house.runs == ["look_up"]


async def test_a_guess_on_another_state_is_not_used(house):
    house.speculation.begin(STATE, ORDER)
    later = STATE.model_copy(update={"turn": 3})
    assert (await house.speculation.plan(later, ORDER)).state == later


async def test_a_dropped_guess_runs_nothing_more(house):
    house.speculation.begin(STATE, ORDER)
    house.speculation.drop()
    await asyncio.sleep(0.05)
    assert house.runs == []
    assert house.renderer.texts == []


async def test_who_stops_waiting_takes_the_plan_from_nobody_else(house):
    house.speculation.begin(STATE, ORDER)
    impatient = asyncio.ensure_future(house.speculation.plan(STATE, ORDER))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await house.speculation.plan(STATE, ORDER)).act == (LOOK_UP,)


async def test_who_waits_gets_the_plan_even_if_the_guess_is_dropped_meanwhile(house):
    house.speculation.begin(STATE, ORDER)
    waiting = asyncio.ensure_future(house.speculation.plan(STATE, ORDER))
    await asyncio.sleep(0)
    house.speculation.drop()
    assert (await waiting).act == (LOOK_UP,)
