"""Who is rung for a waiting caller, how often and how long, until a human takes the call or nobody does."""

import pytest

from handoff.transfer.deadlines import deadline
from handoff.transfer.types import Limits, TimePassed
from tests.handoff.transfer.scene import ANNA, BEN, QUEUE, Scene


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


def test_who_was_in_another_call_already_counts_as_nobody_tried():
    scene = Scene(ANNA, BEN, limits=Limits(most_legs=1))
    assert scene.ends("busy").commands == ["ring Ben"]
