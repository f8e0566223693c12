"""A company's system that takes its time, on the real line."""

import pytest

from calls.events import ActionDone, TurnAnswered, TurnPlanned, TurnSaid, TurnSilent
from demo.stack import open_stack
from tests.e2e.caller import Caller

pytestmark = [pytest.mark.sip, pytest.mark.models, pytest.mark.slow, pytest.mark.timeout(180)]


async def test_who_waits_for_a_slow_system_hears_that_we_are_at_it_and_then_the_answer(tmp_path, voice):
    async with open_stack(tmp_path / "var", DEMO_SHOP_DELAY_S="5") as stack:
        caller = Caller(stack, voice)
        asks = caller.says("Where is my order four seven one one?")
        # The answer comes in two parts: the caller says nothing in between.
        call = await caller.call([asks], "+15550000031", patience_s=12.0)
    (done,) = call.bodies(ActionDone)
    assert done.duration_s > 4
    assert [body.moment for body in call.bodies(TurnPlanned)][:4] == ["opened", "hearing", "waiting", "done"]
    assert not call.bodies(TurnSilent), "it is us who were silent"
    heard = [body.text for body in call.bodies(TurnSaid)]
    at_it = heard.index("Let me have a look.")
    assert "has shipped" in heard[at_it + 1]
    (answered,) = call.bodies(TurnAnswered)
    assert 1.0 < answered.parts["action"] < 3.0, "the first thing heard came while the action ran"
