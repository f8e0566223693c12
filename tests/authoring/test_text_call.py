"""One call in text: the events of a live call, on a clock of its own."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.types import ActionRequest, ActionResult, Failure
from authoring.text_call import EndlessActionsError, NotOpenError, People, TextCall
from calls.events import CallEndReason, EscalationJudged
from dialog.load import load_playbook
from dialog.minds import word_minds
from dialog.plan import Dialog
from dialog.types import Escalated, HandedBack, Next, Plan
from thinking import Thinking

STARTER = Path(__file__).parents[2] / "playbooks" / "starter"
CALLER = "+15550142000"
BEGAN = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
REQUEST = ActionRequest(action="a.b", key="k")


@pytest.fixture(scope="module")
def thinking():
    playbook = load_playbook(STARTER)
    return Thinking(Dialog(playbook, word_minds(playbook)))


class Systems:
    """Does what it is asked, in one second."""

    def __init__(self, failure=None):
        self.failure = failure
        self.asked = []

    async def run(self, request):
        self.asked.append(request)
        return ActionResult(action=request.action, key=request.key, failure=self.failure, duration_s=1.0)


def call(thinking, systems=None, call_id="CT1", caller=CALLER, on_event=None):
    return TextCall(thinking, systems or Systems(), call_id, caller, BEGAN, on_event)


def names(one):
    return [event.body.name for event in one.events]


async def test_a_whole_call_leaves_the_events_of_a_live_one(thinking):
    systems = Systems()
    one = call(thinking, systems)
    await one.open()
    await one.say("how long does delivery take", confidence=0.9)
    await one.key("1")
    await one.silence()
    await one.say("agent")
    said = await one.say("yes")
    one.close()
    assert said[0] == "Done. A colleague will call you back."
    assert [request.arguments["phone"] for request in systems.asked] == [CALLER]
    told = [name for name in names(one) if name != "turn.said"]
    turn = ["turn.heard", "turn.planned"]
    assert told == [
        "call.started",
        "stream.started",
        "turn.planned",
        *turn,
        "turn.keyed",
        "turn.planned",
        "turn.silent",
        "turn.planned",
        *turn,
        *turn,
        "action.requested",
        "action.done",
        "turn.planned",
        "stream.ended",
        "call.ended",
    ]
    assert [event.seq for event in one.events] == list(range(1, len(one.events) + 1))
    assert {event.call_id for event in one.events} == {"CT1"}


async def test_turns_are_numbered_as_the_dialog_numbers_them(thinking):
    one = call(thinking)
    await one.open()
    await one.say("hello")
    await one.silence()
    await one.key("0")
    turns = {event.body.name: event.body.turn for event in one.events if hasattr(event.body, "turn")}
    assert (turns["turn.heard"], turns["turn.silent"], turns["turn.keyed"]) == (1, 2, 3)
    assert one.state.turn == 3


async def test_time_passes_as_on_the_phone_and_never_back(thinking):
    one = call(thinking)
    await one.open()
    began_s = (one.events[-1].at - BEGAN).total_seconds()
    await one.say("one two three four")
    (heard,) = [event.body for event in one.events if event.body.name == "turn.heard"]
    assert heard.end_s - heard.start_s == pytest.approx(4 * 0.35)
    assert heard.start_s > began_s
    assert [event.at for event in one.events] == sorted(event.at for event in one.events)
    before = one.events[-1].at
    await one.silence()
    waited = next(event.at for event in one.events if event.body.name == "turn.silent") - before
    assert waited >= timedelta(seconds=8), "as long as the dialog waits"


async def test_what_an_action_took_is_part_of_the_time(thinking):
    one = call(thinking)
    await one.open()
    await one.say("agent")
    await one.say("yes")
    at = {event.body.name: event.at for event in one.events}
    assert at["action.done"] - at["action.requested"] == timedelta(seconds=1)


async def test_an_action_that_fails_is_told_and_the_call_goes_on(thinking):
    one = call(thinking, Systems(failure=Failure.UNAVAILABLE))
    await one.open()
    await one.say("agent")
    assert "couldn't note" in (await one.say("yes"))[0]
    assert "action.failed" in names(one)
    assert not one.finished


async def test_we_end_the_call_after_a_goodbye_and_the_caller_without_one(thinking):
    for last, reason in (("goodbye", CallEndReason.ASSISTANT), ("hello", CallEndReason.CALLER)):
        one = call(thinking)
        await one.open()
        await one.say(last)
        assert one.finished is (reason is CallEndReason.ASSISTANT)
        one.close()
        one.close()
        assert one.events[-1].body.reason is reason
        assert names(one).count("call.ended") == 1


async def test_a_listener_is_told_each_event_when_it_happens(thinking):
    told = []
    one = call(thinking, on_event=told.append)
    await one.open()
    await one.say("hello")
    assert tuple(told) == one.events


async def test_two_calls_at_once_share_nothing(thinking):
    first, second = (
        call(thinking, call_id=call_id, caller=caller) for call_id, caller in (("CTa", CALLER), ("CTb", None))
    )

    async def ask_for_person(one):
        await one.open()
        return await one.say("agent")

    said = await asyncio.gather(ask_for_person(first), ask_for_person(second))
    assert "number you're calling from" in " ".join(said[0])
    assert "Which number should we call?" in " ".join(said[1])
    assert {event.call_id for event in first.events} == {"CTa"}
    assert {event.call_id for event in second.events} == {"CTb"}
    alone = call(thinking, call_id="CTb", caller=None)
    await ask_for_person(alone)
    assert alone.events == second.events


async def test_a_call_is_used_in_its_order_only(thinking):
    one = call(thinking)
    with pytest.raises(NotOpenError, match="not been answered"):
        await one.say("hello")
    await one.open()
    with pytest.raises(NotOpenError, match="once"):
        await one.open()
    one.close()
    for again in (one.say("hello"), one.key("1"), one.silence(), one.open()):
        with pytest.raises(NotOpenError):
            await again


def test_a_call_needs_a_time_with_a_zone(thinking):
    with pytest.raises(ValueError, match="time zone"):
        TextCall(thinking, Systems(), "CT1", CALLER, BEGAN.replace(tzinfo=None))


async def test_a_dialog_that_only_acts_is_stopped(thinking):
    class Restless(Thinking):
        async def plan(self, state, moment):
            plan: Plan = await super().plan(state, moment)
            asked = {"act": (REQUEST,), "then": Next.AWAIT_ACTIONS}
            return plan.model_copy(update=asked)

    one = call(Restless(thinking.dialog))
    with pytest.raises(EndlessActionsError):
        await one.open()


class Alarmed:
    """Finds after the second turn that a person should take over."""

    def __init__(self):
        self.turns = 0

    def noted(self, body):
        self.turns += body.name == "turn.planned" and body.moment == "hearing"
        return (
            Found() if self.turns == 2 and body.name == "turn.planned" and body.moment == "hearing" else None
        )


class Found:
    event = EscalationJudged(turn=2, level="hand_over", risk=0.9)

    def instead_of(self, unsaid):
        return Escalated(level="hand_over", reason="risk", words="it goes badly", unsaid=unsaid)


async def test_a_hand_over_stops_the_call_until_the_caller_is_given_back(thinking):
    people = People(("support",), Alarmed())
    one = TextCall(thinking, Systems(), "CT1", CALLER, BEGAN, people=people)
    await one.open()
    await one.say("how long does delivery take")
    said = await one.say("flumox grandiloquent")
    assert said[-1].startswith("I'll tell them about your delivery")
    assert one.handed.queue == "support"
    assert names(one)[-1] == "transfer.requested"
    back = await one.hand_back(HandedBack(outcome="stayed"))
    assert back[0] == "All right, let's go on."
    assert one.handed is None
    await one.key("1")
    one.close()
    assert names(one).count("escalation.judged") == names(one).count("transfer.ended") == 1


async def test_nobody_is_given_back_who_was_not_handed_over(thinking):
    one = call(thinking)
    await one.open()
    with pytest.raises(NotOpenError, match="no transfer"):
        await one.hand_back(HandedBack(outcome="stayed"))
