"""What follows from what happens in a transfer: each row of the matrix as a story."""

import itertools
import random

import pytest

from handoff.transfer.deadlines import deadline
from handoff.transfer.standing import TO_ASSISTANT
from handoff.transfer.table import step
from handoff.transfer.types import ConferenceEnded, Kind, LegResult, LegState, Limits, Outcome, TimePassed
from tests.handoff.transfer.scene import ANNA, BEN, QUEUE, Scene


def test_a_human_takes_the_call():
    scene = Scene(ANNA)
    assert (scene.phase, scene.commands) == ("requested", ["ring Anna"]), (
        "the phone rings while we still speak"
    )
    assert scene.the_caller_is_held().phase == "holding"
    assert scene.placed().rings().phase == "ringing"
    assert scene.caller_hears == "hold"
    assert (scene.answers().phase, scene.hears(), scene.caller_hears) == ("briefing", "briefing", "hold")
    assert scene.presses("1").commands == ["move_caller"], "the caller goes first"
    assert (scene.phase, scene.hears()) == ("accepted", "connecting")
    assert (scene.the_caller_is_moved().phase, scene.hears()) == ("bridging", "conference")
    scene.joins("caller").joins("agent")
    assert scene.phase == "bridging", "until the conference has begun they do not hear each other"
    assert scene.the_conference_starts().phase == "bridged"
    scene.after(90).leaves("agent")
    assert (scene.phase, scene.outcome, scene.caller_hears) == ("done", "connected", "nothing")


def test_what_answers_is_no_human_until_a_key_is_pressed():
    scene = Scene(ANNA).briefing().the_conference_starts().joins("caller")
    assert (scene.phase, scene.caller_hears) == ("briefing", "hold")


def test_a_human_who_declines_is_hung_up_on_and_the_next_one_rings():
    scene = Scene(ANNA, BEN).briefing().presses("2")
    assert scene.commands == ["hang_up CAleg1", "ring Ben"]
    assert scene.leg(1) == ("over", "declined")
    assert scene.caller_hears == "hold"


def test_a_human_may_decline_on_the_desk_while_the_telephone_still_rings():
    scene = Scene(ANNA, BEN).the_caller_is_held().placed().rings().presses("2")
    assert scene.commands == ["cancel CAleg1", "ring Ben"]
    assert scene.leg(1) == ("over", "declined")
    assert Scene(ANNA).the_caller_is_held().placed().rings().presses("1").phase == "ringing", (
        "nobody is there yet"
    )


@pytest.mark.parametrize("result", ["busy", "no_answer", "unreachable"])
def test_a_target_that_does_not_answer_is_followed_by_the_next(result):
    scene = Scene(ANNA, BEN).the_caller_is_held().placed().ends(result)
    assert scene.commands == ["ring Ben"]
    assert scene.leg(1) == ("over", result)


def test_a_telephone_that_rings_for_too_long_is_given_up_by_us():
    scene = Scene(ANNA, BEN).the_caller_is_held().placed().rings().time_passes()
    assert scene.now == 20.0
    assert scene.commands == ["cancel CAleg1", "ring Ben"]
    assert scene.leg(1) == ("over", "no_answer")


def test_a_voicemail_that_answers_presses_no_key():
    scene = Scene(QUEUE, ANNA).briefing().time_passes()
    assert scene.commands == ["hang_up CAleg1", "ring Anna"]
    assert scene.leg(1) == ("over", "no_key")


def test_who_wants_to_hear_it_again_gets_the_time_for_it():
    scene = Scene(ANNA).briefing().after(70).presses("9")
    assert deadline(scene.transfer) == 145.0
    assert scene.after(60).presses("0").presses("1").phase == "accepted"


def test_a_human_who_hangs_up_during_the_briefing_is_no_human_who_takes_it():
    scene = Scene(ANNA, BEN).briefing().ends("hung_up")
    assert (scene.leg(1), scene.commands) == (("over", "hung_up"), ["ring Ben"])


def test_where_nobody_takes_it_the_assistant_goes_on():
    scene = Scene(ANNA, BEN).briefing().presses("2").placed(2).ends("busy", 2)
    assert (scene.outcome, scene.caller_hears, scene.commands) == ("nobody", "assistant", [])


def test_where_nobody_can_be_rung_the_assistant_goes_on_at_once():
    assert (Scene().outcome, Scene().caller_hears) == ("nobody", "assistant")


def test_a_caller_waits_for_somebody_to_become_free():
    scene = Scene(may_wait=True).the_caller_is_held()
    assert (scene.phase, scene.outcome) == ("holding", None)
    assert scene.after(30).becomes_free(BEN).commands == ["ring Ben"]


def test_a_caller_who_waits_in_vain_is_not_kept_for_ever():
    scene = Scene(may_wait=True).the_caller_is_held().time_passes()
    assert (scene.now, scene.outcome) == (120.0, "nobody")


def test_a_caller_whose_agents_have_all_gone_home_does_not_wait():
    assert Scene(may_wait=True).the_caller_is_held().becomes_free(may_wait=False).outcome == "nobody"


def test_the_callers_patience_ends_a_ringing_but_no_briefing():
    slow = Limits(ring_s=100, patience_s=60)
    ringing = Scene(ANNA, limits=slow).the_caller_is_held().placed().rings().time_passes()
    assert (ringing.now, ringing.outcome, ringing.commands) == (60.0, "nobody", ["cancel CAleg1"])
    listening = Scene(ANNA, limits=slow).briefing().after(70)
    assert listening.happens(TimePassed(at=listening.now)).outcome is None
    assert listening.presses("1").phase == "accepted"


def test_nobody_is_rung_more_often_than_the_limit_says():
    scene = Scene(*[ANNA, BEN] * 4, limits=Limits(most_legs=3))
    for leg in (1, 2, 3):
        scene.placed(leg).ends("busy", leg)
    assert (scene.outcome, len(scene.transfer.legs)) == ("nobody", 3)


@pytest.mark.parametrize(
    ("choice", "outcome"), [("stay", "stayed"), ("call_back", "call_back"), ("voicemail", "voicemail")]
)
def test_a_caller_on_hold_may_want_something_else(choice, outcome):
    scene = Scene(ANNA).the_caller_is_held().placed().rings().the_caller_chooses(choice)
    assert (scene.outcome, scene.caller_hears) == (outcome, "assistant")
    assert scene.commands == ["cancel CAleg1"], "no telephone goes on ringing"


def test_a_human_in_the_briefing_is_told_when_the_caller_wants_something_else():
    scene = Scene(ANNA).briefing().the_caller_chooses("stay")
    assert (scene.hears(), scene.commands) == ("withdrawn", [])
    assert scene.is_told().commands == ["hang_up CAleg1"]


def test_who_changes_their_mind_after_key_1_is_connected_all_the_same():
    assert Scene(ANNA).briefing().presses("1").the_caller_chooses("stay").phase == "accepted"


def test_the_caller_hangs_up_before_anybody_is_rung():
    scene = Scene(may_wait=True).the_caller_hangs_up()
    assert (scene.outcome, scene.caller_hears) == ("caller_gone", "nothing")


def test_the_caller_hangs_up_while_it_rings():
    scene = Scene(ANNA).the_caller_is_held().placed().rings().the_caller_hangs_up()
    assert (scene.outcome, scene.commands) == ("caller_gone", ["cancel CAleg1"])


def test_the_caller_hangs_up_before_the_carrier_has_told_the_legs_name():
    scene = Scene(ANNA).the_caller_hangs_up()
    assert scene.commands == []
    assert scene.placed().commands == ["cancel CAleg1"], "no orphan leg"


def test_the_caller_hangs_up_during_the_briefing():
    scene = Scene(ANNA).briefing().the_caller_hangs_up()
    assert (scene.outcome, scene.hears()) == ("caller_gone", "caller_gone")
    assert scene.is_told().commands == ["hang_up CAleg1"]


@pytest.mark.parametrize("moved", [False, True])
def test_the_caller_hangs_up_between_key_1_and_the_connection(moved):
    scene = Scene(ANNA).briefing().presses("1")
    if moved:
        scene.the_caller_is_moved()
    scene.the_caller_hangs_up()
    assert (scene.outcome, scene.hears()) == ("caller_gone", "caller_gone"), "the human hears why"


def test_the_carrier_says_that_the_caller_is_gone_when_we_move_them():
    scene = Scene(ANNA).briefing().presses("1").the_move_is_refused(gone=True)
    assert (scene.outcome, scene.hears()) == ("caller_gone", "caller_gone")


def test_a_carrier_that_cannot_move_the_caller_gives_them_back():
    scene = Scene(ANNA).briefing().presses("1").the_move_is_refused()
    assert (scene.outcome, scene.caller_hears, scene.commands) == ("failed", "assistant", ["recall_caller"])
    assert scene.hears() == "withdrawn"


def test_a_human_who_is_lost_after_key_1_gives_the_caller_back():
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved().joins("caller").ends("hung_up")
    assert (scene.outcome, scene.caller_hears) == ("agent_gone", "assistant")
    assert scene.commands == ["recall_caller"]


def test_a_human_who_never_arrives_gives_the_caller_back():
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved().joins("caller").time_passes()
    assert (scene.now, scene.outcome, scene.commands) == (1.0, None, ["ask_who_is_in"])
    assert scene.the_carrier_tells("caller", running=False).outcome is None, "they may still come"
    assert (scene.time_passes().now, scene.commands) == (6.0, ["ask_who_is_in"])
    scene.the_carrier_tells("caller", running=False)
    assert (scene.outcome, scene.commands) == ("agent_gone", ["recall_caller"])


@pytest.mark.parametrize("told", [(), ("caller",), ("agent",), ("caller", "agent")])
def test_two_who_are_together_are_not_torn_apart_because_the_word_of_it_was_lost(told):
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved()
    for who in told:
        scene.joins(who)
    scene.time_passes().the_carrier_tells("caller", "agent")
    assert (scene.phase, scene.outcome, scene.commands) == ("bridged", None, [])


def test_a_caller_whom_a_killed_process_did_not_move_any_more_is_moved_by_another():
    scene = Scene(ANNA).briefing().presses("1").time_passes()
    assert scene.the_carrier_tells(running=False).commands == ["move_caller"]
    assert (
        scene.the_caller_is_moved().joins("caller").joins("agent").the_conference_starts().phase == "bridged"
    )


def test_a_human_whose_stream_broke_on_the_way_tells_that_word_may_be_lost():
    scene = Scene(ANNA).briefing().presses("1").asks_what_is_next()
    assert (scene.now, scene.commands) == (0.0, ["ask_who_is_in"])
    assert scene.asks_what_is_next().commands == [], "once is enough"
    assert scene.the_carrier_tells("caller", running=False).hears() == "conference"
    usual = Scene(ANNA).briefing().presses("1").the_caller_is_moved().asks_what_is_next()
    assert usual.commands == []


def test_a_carrier_that_does_not_tell_who_is_there_is_not_waited_for_long():
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved()
    scene.time_passes().time_passes().time_passes()
    assert (scene.now, scene.outcome, scene.commands) == (9.0, "failed", ["recall_caller"])
    assert scene.the_carrier_tells("caller", "agent").outcome == "failed", "too late"


def test_a_caller_who_never_arrives_is_a_failure_of_ours():
    scene = Scene(ANNA).briefing().presses("1").time_passes().time_passes().the_carrier_tells(running=False)
    assert (scene.outcome, scene.commands) == ("failed", ["recall_caller"])
    assert scene.hears() == "withdrawn"


def test_a_human_is_not_left_alone_in_the_conference():
    scene = Scene(ANNA).briefing().presses("1").joins("agent").the_conference_starts()
    scene.time_passes().time_passes().the_carrier_tells("agent", running=False)
    assert (scene.outcome, scene.commands) == ("failed", ["hang_up CAleg1", "recall_caller"])


def test_the_conference_breaks_before_they_have_talked():
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved().joins("caller").the_conference_starts()
    assert scene.the_conference_ends().outcome == "agent_gone"


@pytest.mark.parametrize("who", ["caller", "agent"])
def test_whoever_leaves_a_conversation_has_had_one(who):
    scene = Scene(ANNA).bridged().after(60).leaves(who)
    assert (scene.outcome, scene.commands) == ("connected", [])


def test_whichever_word_of_its_end_comes_first_a_conversation_is_finished():
    ended, left = Scene(ANNA).bridged().ends("hung_up"), Scene(ANNA).bridged().leaves("agent")
    assert ended.outcome == left.outcome == "connected"
    assert ended.leg() == left.leg() == ("over", "finished")


def test_two_who_are_rung_at_once():
    scene = Scene(ANNA, BEN, limits=Limits(at_once=2))
    assert scene.commands == ["ring Anna", "ring Ben"]
    scene.briefing(1).placed(2).rings(2).presses("1", 1)
    assert scene.commands == ["cancel CAleg2", "move_caller"]
    assert scene.leg(2) == ("over", "taken")


def test_two_who_press_1_at_once_are_not_both_connected():
    scene = Scene(ANNA, BEN, limits=Limits(at_once=2)).briefing(1).placed(2).answers(2)
    scene.presses("1", 2).presses("1", 1)
    assert (scene.leg(2)[0], scene.leg(1)) == ("accepted", ("over", "taken"))
    assert (scene.hears(1), scene.hears(2)) == ("taken", "connecting")
    assert scene.is_told(1).commands == ["hang_up CAleg1"]


def test_an_introduction_comes_before_the_connection():
    scene = Scene(ANNA, introduction="Anna is here now.").briefing().presses("1")
    assert (scene.caller_hears, scene.commands) == ("introduction", [])
    assert scene.the_caller_is_introduced().commands == ["move_caller"]


def test_an_introduction_that_is_never_heard_keeps_nobody_apart():
    scene = Scene(ANNA, introduction="Anna is here now.").briefing().presses("1").time_passes()
    assert (scene.caller_hears, scene.commands) == ("conference", ["move_caller"])


def test_a_human_gives_the_caller_back_for_a_task():
    scene = Scene(ANNA).bridged().hands_back("survey")
    assert (scene.outcome, scene.transfer.task) == ("handed_back", "survey")
    assert (scene.caller_hears, scene.commands) == ("assistant", ["recall_caller"])


def test_nobody_can_be_given_back_who_is_not_there():
    assert Scene(ANNA).briefing().hands_back("survey").outcome is None


def test_a_consultation_brings_an_answer():
    scene = Scene(ANNA, kind=Kind.CONSULT, question="May I refund 180 euros?").briefing().presses("2")
    assert (scene.outcome, scene.transfer.answer) == ("consulted", False)
    assert (scene.caller_hears, scene.commands) == ("assistant", ["hang_up CAleg1"])
    assert Scene(ANNA, kind=Kind.CONSULT).briefing().presses("1").transfer.answer is True


def test_a_cold_transfer_tries_one_target_after_the_other():
    scene = Scene(ANNA, BEN, kind=Kind.COLD)
    assert (scene.commands, scene.caller_hears) == (["put_through Anna"], "target")
    assert (
        scene.the_target_is_tried(answered=False).commands == []
    )  # the answer to who asks is the next target
    assert scene.transfer.trying.name == "Ben"
    assert scene.the_target_is_tried(answered=True).outcome == "put_through"


def test_a_cold_transfer_that_nobody_answers_comes_back():
    scene = Scene(ANNA, kind=Kind.COLD).the_caller_is_moved().the_target_is_tried(answered=False)
    assert (scene.outcome, scene.caller_hears) == ("nobody", "assistant")


def test_what_comes_twice_or_late_changes_nothing():
    scene = Scene(ANNA).bridged()
    before = scene.transfer
    for again in (
        scene.placed,
        scene.rings,
        scene.answers,
        scene.the_caller_is_held,
        scene.the_caller_is_moved,
    ):
        again()
        assert (scene.transfer, scene.commands) == (before, [])
    assert scene.presses("2").transfer == before
    scene.leaves("caller")
    ended = scene.transfer
    scene.presses("1").joins("caller").the_conference_starts().hands_back("survey").the_caller_hangs_up()
    assert scene.transfer == ended, "nothing leads out of a final state"


def test_reports_that_overtake_each_other_lead_to_the_same():
    steps = ["the_caller_is_moved", "joins caller", "joins agent", "the_conference_starts"]
    for sequence in itertools.permutations(steps):
        scene = Scene(ANNA).briefing().presses("1")
        for one in sequence:
            name, *arguments = one.split()
            getattr(scene, name)(*arguments)
        assert scene.phase == "bridged", sequence


def test_an_answer_that_overtakes_the_legs_name_is_one():
    scene = Scene(ANNA).the_caller_is_held().answers()
    assert (scene.phase, scene.hears()) == ("briefing", "briefing")
    scene.placed()
    assert scene.presses("2").commands[0] == "hang_up CAleg1"


HAPPENINGS = (
    *("the_caller_is_held", "the_caller_is_moved", "the_caller_hangs_up", "the_conference_starts"),
    *("the_conference_ends", "hands_back", "the_move_is_refused", "the_caller_is_introduced"),
)
OF_CALL_BACKS = ("the_caller_is_rung", "the_caller_answers")
OF_LEGS = ("placed", "rings", "answers", "is_told")


@pytest.mark.parametrize("kind", list(Kind))
def test_whatever_happens_nobody_is_forgotten(kind):
    """Hundreds of disorderly stories: each comes to an end, with no leg alive and the caller somewhere."""
    chance = random.Random(7)  # noqa: S311 - always the same stories
    for _ in range(400):
        scene = Scene(ANNA, BEN, QUEUE, kind=kind, limits=Limits(at_once=chance.choice((1, 2))))
        for _ in range(chance.randrange(30)):
            scene.after(chance.random() * 5)
            _something_happens(scene, chance)
        for _ in range(40):
            if scene.outcome is not None or deadline(scene.transfer) is None:
                break
            scene.time_passes()
        if scene.outcome is None:
            scene = scene.the_target_is_tried(answered=True) if kind is Kind.COLD else scene
            scene.the_caller_hangs_up()
        _is_over(scene)


def _something_happens(scene, chance):
    what = chance.randrange(6)
    leg = chance.choice((1, 2, 3))
    if what == 0:
        getattr(scene, chance.choice(HAPPENINGS))()
    elif what == 1:
        scene.presses(chance.choice("1290"), leg)
    elif what == 2:
        scene.ends(chance.choice(("busy", "no_answer", "unreachable", "hung_up")), leg)
    elif what == 3:
        chance.choice((scene.joins, scene.leaves))(chance.choice(("caller", "agent")))
    elif what == 4 and scene.transfer.order.kind is Kind.COLD:
        scene.the_target_is_tried(answered=chance.random() < 0.5)
    elif what == 4 and scene.transfer.order.kind is Kind.CALL_BACK:
        getattr(scene, chance.choice(OF_CALL_BACKS))()
    elif what == 5 and scene.transfer.order.kind is Kind.CALL_BACK and chance.random() < 0.3:
        scene.the_called_leg_ends(chance.choice(("busy", "no_answer", "unreachable", "hung_up")))
    else:
        getattr(scene, chance.choice(OF_LEGS))(leg)


def _is_over(scene):
    assert scene.outcome is not None
    states = {leg.state for leg in scene.transfer.legs}
    assert states <= {LegState.OVER}, "no leg is left alive"
    called_back = scene.transfer.order.kind is Kind.CALL_BACK
    to_assistant = Outcome(scene.outcome) in TO_ASSISTANT and not called_back
    assert scene.caller_hears == ("assistant" if to_assistant else "nothing")
    ended = {command.sid for command in scene.all_done if command.kind in {"cancel", "hang_up"}}
    for leg in scene.transfer.legs:
        joined = leg.result is LegResult.FINISHED  # such a leg ends with its conference
        over = leg.sid in ended or leg.number in scene.gone or joined
        assert leg.sid is None or leg.tells or over, f"{leg} is an orphan"
    if scene.transfer.caller_sid is not None and scene.transfer.bridged_at is None:
        assert scene.transfer.caller_over, "nobody's telephone rings on, and nobody waits in a conference"


def test_time_that_passes_without_need_changes_nothing():
    scene = Scene(ANNA).briefing()
    before = scene.transfer
    assert step(before, TimePassed(at=1.0)) == (before, ())


# Races of the carrier's reports


def test_a_caller_whose_conference_ends_is_not_taken_for_one_who_hangs_up():
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved().joins("caller")
    assert scene.leaves("caller").outcome is None  # their own leg tells whether they have hung up
    scene.happens(ConferenceEnded(at=scene.now, caller_asks=True))
    assert (scene.outcome, scene.caller_hears, scene.commands) == ("agent_gone", "assistant", [])


def test_a_caller_who_asks_what_to_do_is_not_moved_as_well():
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved().joins("caller").joins("agent")
    scene.happens(ConferenceEnded(at=scene.now, caller_asks=True))
    assert scene.outcome == "agent_gone"
    assert "recall_caller" not in scene.commands


def test_a_human_who_comes_into_the_conference_too_late_is_hung_up_on():
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved().the_caller_hangs_up()
    assert (scene.outcome, scene.commands) == ("caller_gone", [])
    assert scene.joins("agent").commands == ["hang_up CAleg1"]


def test_last_words_that_nobody_hears_end_with_their_time():
    scene = Scene(ANNA).briefing().the_caller_hangs_up()
    assert (scene.hears(), scene.commands) == ("caller_gone", [])
    assert scene.time_passes().commands == ["hang_up CAleg1"]
    assert deadline(scene.transfer) is None


def test_who_was_in_another_call_already_counts_as_nobody_tried():
    scene = Scene(ANNA, BEN, limits=Limits(most_legs=1))
    assert scene.ends("busy").commands == ["ring Ben"]
