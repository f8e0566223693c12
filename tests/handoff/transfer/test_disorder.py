"""Reports that come twice, late or in another order, and hundreds of disorderly stories: nobody is forgotten."""

import itertools
import random

import pytest

from handoff.transfer.deadlines import deadline
from handoff.transfer.standing import TO_ASSISTANT
from handoff.transfer.table import step
from handoff.transfer.types import Kind, LegResult, LegState, Limits, Outcome, TimePassed
from tests.handoff.transfer.scene import ANNA, BEN, QUEUE, Scene


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
