"""What asking a language model costs is told, whatever becomes of the answer, and of the call."""

import asyncio
from datetime import UTC, datetime

import pytest

from calls import events as e
from calls.log import CallLog
from calls.store import open_store
from dialog.language_model.request import Consultation, ModelRequest, Outcome
from dialog.types import DialogState, Hearing, Plan, Signals
from speculation import Speculation
from tests.private_call import PrivateCall, paying_company
from thinking import Thinking

STATE = DialogState(playbook="acme@1", call_id="CA1", turn=2)
TOLD = Consultation(Outcome.NOTHING, model="local-7b", tokens_in=812, tokens_out=41)


class Baffled:
    """A dialog that never understands."""

    def plan(self, state, _moment):
        turn = state.turn + 1
        return Plan(state=state.model_copy(update={"turn": turn}), signals=Signals(repair="no_match"))

    def model_request(self, _state, moment):
        return ModelRequest(caller_text=moment.text)


class SlowModel:
    """Answers when the gate is open."""

    model = "local"

    def __init__(self):
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()

    async def consult(self, _request):
        self.asked.set()
        await self.gate.wait()
        return None, TOLD


class Line:
    """The thinking of one call, and what it was told."""

    def __init__(self):
        self.model = SlowModel()
        self.told = []
        shared = Thinking(Baffled(), self.model)
        self.thinking = shared.telling(lambda turn, one: self.told.append((turn, one)))
        self.speculation = Speculation(self.thinking, None, None, "CA1")

    async def is_asked(self):
        async with asyncio.timeout(5):
            await self.model.asked.wait()
        self.model.asked.clear()


@pytest.fixture
async def line():
    one = Line()
    yield one
    await one.speculation.close()


async def test_each_call_is_told_of_its_own_asking(line):
    other = []
    line.thinking.telling(lambda *one: other.append(one))
    line.model.gate.set()
    plan = await line.thinking.plan(STATE, Hearing(text="flumox"))
    assert plan.understanding.proposed == "nothing"
    assert line.told == [(3, TOLD)]
    assert other == []


async def test_a_guess_that_asked_and_was_wrong_is_told_because_it_costs_as_much(line):
    line.speculation.begin(STATE, Hearing(text="flumox"))
    await line.is_asked()
    line.speculation.drop()
    line.model.gate.set()
    await line.speculation.plan(STATE, Hearing(text="flumox the gizmo"))
    assert line.told == [(3, TOLD), (3, TOLD)]


async def test_a_guess_that_was_right_has_asked_once(line):
    line.speculation.begin(STATE, Hearing(text="flumox"))
    line.model.gate.set()
    await line.speculation.plan(STATE, Hearing(text="flumox", heard_of_us="How"))
    assert line.told == [(3, TOLD)]


async def test_what_was_asked_when_the_call_ended_is_told_and_not_waited_for(line):
    line.speculation.begin(STATE, Hearing(text="flumox"))
    await line.is_asked()
    line.speculation.drop()
    await line.speculation.close()
    ((turn, one),) = line.told
    assert (turn, one.outcome, one.model, one.tokens_in) == (3, Outcome.LEFT, "local", None)


async def test_the_record_of_a_call_has_each_asking_also_of_a_caller_who_hangs_up(monkeypatch, tmp_path):
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    async with await open_store(url) as store, CallLog(store, lambda: datetime.now(UTC)) as log:
        call = PrivateCall(monkeypatch, paying_company(), log, tmp_path)
        call.model = SlowModel()
        call.model.gate.set()
        await call.begin()
        await call.says("flumox the grandiloquent gizmo")
        call.model.gate.clear()
        call.model.asked.clear()
        guess = asyncio.create_task(call.session.makes_sense(Hearing(text="zorble")))
        async with asyncio.timeout(5):
            await call.model.asked.wait()
        await call.hangs_up()
        await asyncio.wait({guess})
        events = await log.read("CA1")
    asked = [one.body for one in events if isinstance(one.body, e.ModelAsked)]
    assert [(one.turn, one.outcome, one.tokens_in) for one in asked] == [
        (1, "nothing", 812),
        (2, "left", None),
    ]
