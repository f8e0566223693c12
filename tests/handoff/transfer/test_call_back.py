"""A call-back as a story: the agent first, then the caller, and nobody is left at the telephone for nothing."""

import itertools

import pytest

from handoff.promises.promise import Result
from handoff.promises.ringing import result_of
from handoff.transfer.deadlines import deadline
from handoff.transfer.standing import TO_ASSISTANT, phase
from handoff.transfer.table import step
from handoff.transfer.types import Kind, LegResult, LegState, Outcome, TimePassed
from tests.handoff.transfer.scene import ANNA, BEN, Scene


def call_back(*targets, **more):
    return Scene(*targets, kind=Kind.CALL_BACK, promise="p1", **more)


def briefed(*targets):
    return call_back(*targets).placed().rings().answers()


def dialled(*targets):
    """The agent has pressed 1, and the caller's telephone rings."""
    return briefed(*targets or (ANNA,)).presses("1").the_caller_is_rung()


def test_the_agent_is_briefed_and_only_key_1_rings_the_caller():
    scene = call_back(ANNA)
    assert (scene.commands, scene.caller_hears) == (["ring Anna"], "nothing")
    scene.placed().rings().answers()
    assert (scene.phase, scene.hears(), scene.commands) == ("briefing", "briefing", [])
    assert scene.presses("1").commands == ["dial_caller"]
    assert (scene.phase, scene.hears(), scene.caller_hears) == ("accepted", "connecting", "nothing")
    scene.the_caller_is_rung()
    assert (scene.the_caller_answers().phase, scene.caller_hears) == ("bridging", "conference")
    assert scene.hears() == "connecting", "the caller is the conference's first participant"
    assert scene.joins("caller").hears() == "conference"
    scene.joins("agent").the_conference_starts()
    assert (scene.phase, result_of(scene.transfer)) == ("bridged", Result.KEPT)
    scene.after(90).leaves("agent")
    assert (scene.outcome, scene.commands) == ("connected", []), "the carrier ends the conference itself"
    assert result_of(scene.transfer) is Result.KEPT


def test_who_presses_1_twice_rings_the_caller_once():
    scene = dialled().presses("1").presses("1")
    assert [one.kind for one in scene.all_done].count("dial_caller") == 1


def test_an_agent_who_declines_rings_nobody_but_the_next_agent():
    scene = briefed(ANNA, BEN).presses("2")
    assert scene.commands == ["hang_up CAleg1", "ring Ben"]
    scene.placed(2).answers(2).presses("2", 2)
    assert (scene.outcome, result_of(scene.transfer)) == ("nobody", Result.NO_AGENT)
    assert "dial_caller" not in [one.kind for one in scene.all_done]


@pytest.mark.parametrize(
    ("result", "told", "comes_to"),
    [
        ("busy", "caller_busy", Result.BUSY),
        ("declined", "caller_busy", Result.BUSY),
        ("no_answer", "caller_no_answer", Result.NO_ANSWER),
        ("unreachable", "caller_unreachable", Result.FAILED),
    ],
)
def test_a_caller_who_is_not_reached_is_told_to_the_agent_in_a_sentence(result, told, comes_to):
    scene = dialled().the_called_leg_ends(result)
    assert (scene.outcome, scene.hears(), scene.commands) == ("not_reached", told, [])
    assert result_of(scene.transfer) is comes_to
    assert scene.is_told().commands == ["hang_up CAleg1"]


def test_a_telephone_that_rings_and_rings_is_given_up():
    scene = dialled().time_passes()
    assert (scene.now, scene.commands, scene.hears()) == (30.0, ["cancel CAcalled"], "caller_no_answer")
    assert result_of(scene.transfer) is Result.NO_ANSWER


def test_a_caller_who_hangs_up_before_they_are_connected_leaves_no_agent_waiting():
    scene = dialled().the_caller_answers().the_called_leg_ends("hung_up")
    assert (scene.outcome, scene.hears(), scene.commands) == ("caller_gone", "caller_gone", [])
    assert result_of(scene.transfer) is Result.NO_ANSWER


def test_an_agent_who_hangs_up_while_it_rings_has_the_ringing_stopped():
    scene = dialled().ends("hung_up")
    assert (scene.outcome, scene.commands) == ("agent_gone", ["cancel CAcalled"])
    assert result_of(scene.transfer) is Result.FAILED


def test_a_caller_who_has_answered_and_finds_nobody_is_told_so():
    scene = dialled().the_caller_answers().joins("caller").ends("hung_up")
    assert (scene.outcome, scene.commands, scene.caller_hears) == ("agent_gone", ["recall_caller"], "nothing")


def test_a_caller_whose_leg_is_placed_too_late_is_not_rung():
    scene = briefed(ANNA).presses("1").ends("hung_up")
    assert (scene.outcome, scene.commands) == ("agent_gone", [])
    assert scene.the_caller_is_rung().commands == ["cancel CAcalled"]


def test_nobody_waits_longer_than_the_limits_say_for_a_conference_that_does_not_begin():
    scene = dialled().after(10).the_caller_answers()
    assert scene.time_passes().time_passes().now == 16.0
    assert scene.commands == ["ask_who_is_in"]
    assert scene.the_carrier_tells("caller", running=False).outcome == "agent_gone"
    assert scene.commands == ["recall_caller"]


def test_the_assistant_is_not_at_that_call():
    scene = dialled().the_caller_answers().joins("caller").joins("agent").the_conference_starts()
    assert scene.hands_back().outcome is None
    for outcome in TO_ASSISTANT:
        ended = scene.transfer.model_copy(update={"outcome": outcome})
        scene.transfer = ended
        assert scene.caller_hears == "nothing"


STORY = (
    lambda scene: scene.placed(),
    lambda scene: scene.rings(),
    lambda scene: scene.answers(),
    lambda scene: scene.presses("1"),
    lambda scene: scene.the_caller_is_rung(),
    lambda scene: scene.the_caller_answers(),
    lambda scene: scene.joins("caller"),
    lambda scene: scene.joins("agent"),
    lambda scene: scene.the_conference_starts(),
)
ENDS = (
    lambda scene: scene.ends("hung_up"),
    lambda scene: scene.the_called_leg_ends("hung_up"),
    lambda scene: scene.leaves("caller"),
    lambda scene: scene.leaves("agent"),
    lambda scene: scene.time_passes() if deadline(scene.transfer) is not None else scene,
)


@pytest.mark.parametrize(("told", "end"), list(itertools.product(range(len(STORY) + 1), range(len(ENDS)))))
def test_whatever_ends_it_whenever_it_comes_to_an_end_without_a_leg_left_over(told, end):
    scene = call_back(ANNA)
    for happens in STORY[:told]:
        happens(scene)
    ENDS[end](scene)
    for happens in STORY[:told]:
        happens(scene)  # late, and once more
    while scene.transfer.outcome is None and deadline(scene.transfer) is not None:
        scene.time_passes()
    if scene.transfer.outcome is None:
        assert scene.phase == "bridged", "only a conversation is not waited for"
        return
    assert result_of(scene.transfer) is not None
    for number in range(1, len(scene.transfer.legs) + 1):
        scene.is_told(number)
        leg = scene.transfer.leg(number)
        assert (leg.state, leg.tells) == (LegState.OVER, False)
    over = {one.sid for one in scene.all_done if one.kind in {"cancel", "hang_up"}}
    recalled = any(one.kind == "recall_caller" for one in scene.all_done)
    rung = scene.transfer.caller_sid is not None
    left = scene.transfer.outcome in {Outcome.CALLER_GONE, Outcome.CONNECTED}
    assert not rung or left or recalled or "CAcalled" in over or scene.transfer.caller_result


def test_time_that_has_not_come_changes_nothing():
    scene = dialled()
    again, commands = step(scene.transfer, TimePassed(at=29.0))
    assert (again, commands) == (scene.transfer, ())
    assert phase(again).value == "accepted"
    assert LegResult.NO_ANSWER is not again.caller_result
