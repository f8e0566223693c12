"""A caller who wants something else or hangs up, at every moment of a transfer."""

import pytest

from handoff.transfer.deadlines import deadline
from tests.handoff.transfer.scene import ANNA, Scene


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


def test_last_words_that_nobody_hears_end_with_their_time():
    scene = Scene(ANNA).briefing().the_caller_hangs_up()
    assert (scene.hears(), scene.commands) == ("caller_gone", [])
    assert scene.time_passes().commands == ["hang_up CAleg1"]
    assert deadline(scene.transfer) is None
