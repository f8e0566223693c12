"""What follows from what happens in a transfer: each kind of hand-over, from its order to its end."""

from handoff.transfer.types import Kind
from tests.handoff.transfer.scene import ANNA, BEN, Scene


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
