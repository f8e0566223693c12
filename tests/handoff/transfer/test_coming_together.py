"""After key 1: the two come together in a conference, or one of them is given back; nobody is left alone in it."""

import pytest

from handoff.transfer.types import ConferenceEnded
from tests.handoff.transfer.scene import ANNA, Scene


def test_an_introduction_comes_before_the_connection():
    scene = Scene(ANNA, introduction="Anna is here now.").briefing().presses("1")
    assert (scene.caller_hears, scene.commands) == ("introduction", [])
    assert scene.the_caller_is_introduced().commands == ["move_caller"]


def test_an_introduction_that_is_never_heard_keeps_nobody_apart():
    scene = Scene(ANNA, introduction="Anna is here now.").briefing().presses("1").time_passes()
    assert (scene.caller_hears, scene.commands) == ("conference", ["move_caller"])


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


def test_a_human_who_comes_after_the_caller_has_left_is_not_with_them_however_late_the_carrier_tells():
    """The caller's conference ended with them: the human is in another of the same name, alone."""
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved()
    scene.joins("agent", "CF2").the_conference_starts().joins("caller", "CF1")
    assert (scene.phase, scene.hears()) == ("bridging", "conference")
    scene.leaves("caller").the_conference_ends("CF1")
    assert scene.outcome is None, "their own leg tells whether they have hung up"
    scene.the_caller_hangs_up()
    assert (scene.outcome, scene.commands) == ("caller_gone", ["hang_up CAleg1"])


def test_a_caller_and_a_human_in_two_conferences_are_asked_for_and_given_back():
    scene = Scene(ANNA).briefing().presses("1").the_caller_is_moved()
    scene.joins("agent", "CF1").the_conference_starts().joins("caller", "CF0")
    scene.time_passes().the_carrier_tells("agent").time_passes().the_carrier_tells("agent")
    assert scene.outcome == "agent_gone"
    assert scene.commands == ["hang_up CAleg1", "recall_caller"]
