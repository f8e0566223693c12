"""The matrix of hand-overs, on a real server and the local line: who does what, and what becomes of everybody.

Each story ends in a typed outcome, leaves no leg behind, and leaves nobody in silence. Those that are told at the same
time have nothing to do with each other.
"""

import asyncio

import pytest
import pytest_asyncio

from calls.events import TransferKeyed
from demo.script import as_caller
from demo.sound_match import find
from tests.e2e.handoff.soon import eventually, in_time
from tests.e2e.handoff.story import HEARD, voice_of
from tests.e2e.marks import REAL_CALLS

pytestmark = [
    *REAL_CALLS,
    pytest.mark.soak,
    pytest.mark.timeout(300),
]
AT_ONCE = 3
"""So many stories are told at the same time: two cores serve them all."""
STORIES = []


def story(tell):
    """Marks a story."""
    STORIES.append(tell)
    return tell


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def told(office, voice, request):
    """The stories that were chosen, all begun: by name."""
    room = asyncio.Semaphore(AT_ONCE)

    async def tell(one):
        async with room:
            await one(office, voice)

    chosen = [
        item.callspec.params["one"] for item in request.session.items if item.originalname == "test_that"
    ]
    tasks = {one.__name__: asyncio.create_task(tell(one)) for one in chosen}
    yield tasks
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


def results(transfer):
    """How the legs ended of those whose telephone rang: in another story an agent may have been faster kept."""
    return [leg.result for leg in transfer.legs if leg.rung]


# Who takes the call


@story
async def key_1_takes_the_call_and_both_hear_each_other(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_taken()
        call.nobody_waits_in_silence()
        await call.hear_each_other(agent)
        await agent.hang_up()
        await call.ends("connected")
        await call.leaves_nobody()


@story
async def key_2_declines_and_the_next_agent_takes_it(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        first = await call.is_answered()
        await first.press("2")
        await in_time(first.ended.wait(), "who has declined is not let go")
        second = await call.is_taken()
        assert second.name != first.name
        call.nobody_waits_in_silence()
        await call.caller.hang_up()
        transfer = await call.ends("connected")
        assert results(transfer) == ["declined", "finished"]
        await call.leaves_nobody()


@story
async def busy_and_503_lead_to_the_third_agent(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        await (await call.rings()).reject()
        await (await call.rings()).refuse(503)
        agent = await call.is_taken()
        call.nobody_waits_in_silence()
        await agent.hang_up()
        transfer = await call.ends("connected")
        assert results(transfer)[:2] == ["busy", "unreachable"]
        await call.leaves_nobody()


@story
async def who_does_not_answer_is_let_be_and_the_next_is_rung(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        first = await call.rings()
        agent = await call.is_taken()
        assert first.ended.is_set(), "two telephones rang at once"
        call.nobody_waits_in_silence()
        await agent.hang_up()
        transfer = await call.ends("connected")
        assert results(transfer)[0] == "no_answer"
        await call.leaves_nobody()


@story
async def a_queue_that_answers_with_music_presses_no_key_and_the_next_is_rung(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        queue = await call.rings()
        await queue.answer()
        call.answered.append(queue)
        music = voice_of("music")
        while not queue.ended.is_set():
            queue.play(music)
            await queue.played()
        agent = await call.is_taken()
        call.nobody_waits_in_silence()
        assert find(music, call.caller.heard()).share == 0, "the caller heard the queue's music"
        await agent.hang_up()
        transfer = await call.ends("connected")
        assert results(transfer)[0] == "no_key"
        await call.leaves_nobody()


@story
async def key_9_says_the_briefing_again_and_key_0_plays_the_callers_voice(office, voice):
    async with office.call() as call:
        wish = as_caller(voice.render("I would like to speak to a person, please."))
        topic = as_caller(voice.render("It's about a return."))
        await call.says(wish)
        await call.says(topic)
        await call.is_requested()
        agent = await call.is_answered()
        await asyncio.sleep(2.5)
        briefing = agent.heard()[-12000:]
        asked_again = agent.heard().size
        await agent.press("9")

        async def again():
            return find(briefing, agent.heard()[asked_again:]).share > HEARD

        await eventually(again, "the briefing is not said again", 10.0, call.told)
        asked_voice = agent.heard().size
        await agent.press("0")

        async def the_callers_voice():
            return find(wish, agent.heard()[asked_voice:]).share > 0.3

        await eventually(the_callers_voice, "the caller's voice is not played", 10.0, call.told)
        await agent.press("1")
        await call.in_phase("bridged")
        call.nobody_waits_in_silence()
        await agent.hang_up()
        transfer = await call.ends("connected")
        assert transfer.order.queue == "returns"
        assert [keyed.key for keyed in await call.bodies(TransferKeyed)] == ["9", "0", "1"]
        await call.leaves_nobody()


@story
async def of_two_who_accept_at_once_one_is_told_that_the_other_was_faster(office, voice):
    async with office.call() as call:
        await call.says(as_caller(voice.render("The heater that you sent me caught fire.")))
        await call.is_requested()
        agents = [await call.is_answered(), await call.is_answered()]
        await asyncio.gather(*(agent.press("1") for agent in agents))
        transfer = await call.in_phase("bridged")
        winner = next(agent for agent in agents if agent.name == transfer.accepted.target.name.lower())
        loser = next(agent for agent in agents if agent is not winner)
        await in_time(loser.ended.wait(), "who was slower is not let go")
        call.nobody_waits_in_silence()
        await call.hear_each_other(winner)
        assert find(call.voice, loser.heard()).share == 0
        await winner.hang_up()
        transfer = await call.ends("connected")
        assert "taken" in results(transfer)
        await call.leaves_nobody()


@story
async def two_callers_and_two_agents_at_once_hear_nobody_else(office, _):
    async with office.call() as one, office.call() as other:
        calls = (one, other)
        await asyncio.gather(*(call.ask_for_a_person() for call in calls))
        agents = await asyncio.gather(*(call.is_taken() for call in calls))
        for call in calls:
            call.nobody_waits_in_silence()
        await asyncio.gather(
            *(call.hear_each_other(agent) for call, agent in zip(calls, agents, strict=True))
        )
        for ears, strangers in (
            (one.caller, (other.voice, voice_of(agents[1].name))),
            (agents[0], (other.voice, voice_of(agents[1].name))),
            (other.caller, (one.voice, voice_of(agents[0].name))),
            (agents[1], (one.voice, voice_of(agents[0].name))),
        ):
            for stranger in strangers:
                assert find(stranger, ears.heard()).share == 0, "somebody heard another call"
        await asyncio.gather(*(agent.hang_up() for agent in agents))
        for call in calls:
            await call.ends("connected")
            await call.leaves_nobody()


# Nobody takes it


@story
async def when_all_decline_the_assistant_notes_a_call_back(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        for _ in range(3):
            await (await call.rings()).decline()
        transfer = await call.ends("nobody")
        assert results(transfer) == ["declined"] * 3
        await call.assistant_speaks()
        await call.notes_a_call_back()
        call.nobody_waits_in_silence()
        await call.leaves_nobody()


@story
async def key_1_on_hold_is_a_call_back_and_nobody_rings_any_more(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        ringing = await call.rings()
        await call.caller.press("1")
        await call.ends("call_back")
        await in_time(ringing.ended.wait(), "the telephone still rings")
        await call.notes_a_call_back()
        await call.leaves_nobody()


@story
async def never_mind_on_hold_leaves_the_caller_with_the_assistant(office, voice):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_answered()
        await call.says_on_hold(as_caller(voice.render("Never mind.")))
        transfer = await call.ends("stayed")
        assert results(transfer)[0] == "withdrawn"
        await in_time(agent.ended.wait(), "the agent is not let go")
        await call.assistant_speaks()
        await call.leaves_nobody()


@story
async def key_0_on_hold_changes_nothing_and_the_agent_takes_the_call(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        ringing = await call.rings()
        await call.caller.press("0")
        await call.hears_an_answer_on_hold()
        assert not ringing.ended.is_set()
        await call.is_answered_by(ringing)
        await ringing.press("1")
        await call.in_phase("bridged")
        call.nobody_waits_in_silence()
        await ringing.hang_up()
        await call.ends("connected")
        await call.leaves_nobody()


# The caller hangs up


@story
async def a_caller_who_hangs_up_at_once_leaves_nobody_ringing(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        await call.caller.hang_up()
        await call.ends("caller_gone")
        await call.leaves_nobody(rang=True)


@story
async def a_caller_who_hangs_up_while_it_rings_leaves_nobody_ringing(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        ringing = await call.rings()
        await call.caller.hang_up()
        transfer = await call.ends("caller_gone")
        assert results(transfer)[0] == "withdrawn"
        await in_time(ringing.ended.wait(), "the telephone still rings")
        await call.leaves_nobody()


@story
async def who_is_briefed_hears_that_the_caller_has_hung_up(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_answered()
        await call.caller.hang_up()
        await call.ends("caller_gone")
        await in_time(agent.ended.wait(), "the agent is not let go")
        call.nobody_waits_in_silence()
        await call.leaves_nobody()


@story
async def a_caller_who_hangs_up_after_key_1_leaves_no_agent_waiting(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_answered()
        await call.fault(rest_delay_s=1.5)
        await agent.press("1")
        await call.in_phase("accepted")
        await call.caller.hang_up()
        await call.ends("caller_gone")
        await in_time(agent.ended.wait(), "the agent is not let go", 20.0)
        call.nobody_waits_in_silence()
        await call.leaves_nobody()


@story
async def a_caller_who_hangs_up_on_the_way_into_the_conference_leaves_no_agent_there(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_answered()
        await call.fault(webhook_delay_s=2.0)
        await agent.press("1")
        await call.in_phase("bridging")
        await call.caller.hang_up()
        transfer = await call.until(lambda t: t.outcome is not None, "it has no outcome")
        # For an instant they may have been together, and who left first the carrier tells too late to say.
        assert transfer.outcome in {"caller_gone", "connected", "agent_gone"}
        await call.ends(transfer.outcome)
        await in_time(agent.ended.wait(), "the agent is not let go", 20.0)
        await call.leaves_nobody()


# The agent hangs up


@story
async def an_agent_who_is_gone_after_key_1_leaves_the_caller_with_the_assistant(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_answered()
        await call.fault(rest_delay_s=1.0)
        await agent.press("1")
        await call.in_phase("accepted")
        await agent.hang_up()
        await call.ends("agent_gone")
        await call.is_told_what_came_of_it()
        call.nobody_waits_in_silence()
        await call.notes_a_call_back()
        await call.leaves_nobody()


@story
async def an_agent_who_is_gone_on_the_way_into_the_conference_leaves_the_caller_with_the_assistant(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_answered()
        await agent.press("1")
        await call.until(lambda t: t.caller_moved, "the caller was not moved")
        await agent.hang_up()
        transfer = await call.until(lambda t: t.outcome is not None, "it has no outcome")
        if transfer.outcome == "agent_gone":  # otherwise they were connected before that
            await call.is_told_what_came_of_it()
            call.nobody_waits_in_silence()
            await call.notes_a_call_back()
        await call.ends(transfer.outcome)
        await call.leaves_nobody()


# The carrier


@story
async def callbacks_that_come_twice_and_in_the_wrong_order_change_nothing(office, _):
    async with office.call() as call:
        await call.fault(webhook_copies=2, webhooks_reordered=True)
        await call.ask_for_a_person()
        agent = await call.rings()
        await call.fault(office.agents.address(agent.name), webhook_copies=2, webhooks_reordered=True)
        await call.is_answered_by(agent)
        await agent.press("1")
        await call.in_phase("bridged")
        call.nobody_waits_in_silence()
        await call.hear_each_other(agent)
        await agent.hang_up()
        await call.ends("connected")
        await call.leaves_nobody()


@story
async def callbacks_that_come_late_delay_nobody(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.rings()
        for name in (None, office.agents.address(agent.name)):
            await call.fault(name, webhook_delay_s=1.0)
        await call.is_answered_by(agent)
        await agent.press("1")
        await call.in_phase("bridged")
        await call.hear_each_other(agent)
        await call.caller.hang_up()
        await call.ends("connected")
        await call.leaves_nobody()


@story
async def a_carrier_that_moves_nobody_leaves_the_caller_with_the_assistant(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_answered()
        await call.fault(rest_status=503)
        await agent.press("1")
        await call.ends("failed")
        await in_time(agent.ended.wait(), "the agent is not let go", 20.0)
        await call.is_told_what_came_of_it()
        call.nobody_waits_in_silence()
        await call.office.no_fault(call.call_id)
        await call.notes_a_call_back()
        await call.leaves_nobody()


@story
async def a_slow_carrier_delays_the_connection_and_nothing_else(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_answered()
        await call.fault(rest_delay_s=2.5)
        await agent.press("1")
        await call.in_phase("bridged")
        call.nobody_waits_in_silence()
        await call.hear_each_other(agent)
        await agent.hang_up()
        await call.ends("connected")
        await call.leaves_nobody()


# Other ways


@story
async def a_caller_who_is_given_back_goes_on_with_the_assistant(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_taken()
        await call.desk(agent, "hand-back", task="terms")
        await call.ends("handed_back")
        await in_time(agent.ended.wait(), "the agent is still in the call")
        await call.is_told_what_came_of_it()
        await call.leaves_nobody()


@story
async def a_cold_transfer_rings_the_next_and_ends_with_who_answers(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_taken()
        await call.desk(agent, "hand-back", task="put_through")
        await call.is_transferred_again()
        await (await call.rings_cold()).decline()
        other = await call.rings_cold()
        await other.answer()
        await call.hear_each_other(other)
        await other.hang_up()
        await call.ends("put_through")
        await call.leaves_nobody()


@story
async def a_consultation_brings_the_answer_back(office, _):
    async with office.call() as call:
        await call.ask_for_a_person()
        agent = await call.is_taken()
        await call.desk(agent, "hand-back", task="ask_somebody")
        await call.is_transferred_again()
        asked = await call.is_answered()
        await asked.press("1")
        transfer = await call.ends("consulted")
        assert transfer.answer is True
        await in_time(asked.ended.wait(), "who has answered is not let go")
        await call.is_told_what_came_of_it("says yes")
        await call.leaves_nobody()


@pytest.mark.parametrize("one", STORIES, ids=lambda one: one.__name__)
async def test_that(one, told):
    await told[one.__name__]
