"""Elastic alignment: the caller reacts to what is said today as they reacted to what was said then."""

import pytest

from qa.rerun.deeds import AfterReply, AfterSelf, Deed, IntoReply, Opening
from qa.rerun.pacing import PATIENCE_S, REACTION_S, Pacing
from qa.virtual.party import Assistant

STEP_S = 0.02
NEAR_S = 1.5 * STEP_S


class Scene:
    """Steps through a call in which the assistant speaks in given stretches, and notes what is released when."""

    def __init__(self, *deeds, lasts_s=1.0):
        self.pacing = Pacing(deeds)
        self.pacing.begins(0.0)
        self.lasts_s = lasts_s
        self.released = []
        self._done_at = None

    def run(self, until_s, speaks=(), acts=(), silences=lambda _now: 0):
        step = 0
        while (now := round(step * STEP_S, 3)) < until_s:
            if self._done_at is not None and now >= self._done_at:
                self.pacing.done(now)
                self._done_at = None
            sounding = any(start <= now < end for start, end in speaks)
            acting = any(start <= now < end for start, end in acts)
            deed = self.pacing.due(now, Assistant(sounding, acting, silences(now)))
            if deed is not None:
                self.released.append((now, deed))
                self._done_at = now + self.lasts_s
            step += 1
        return [now for now, _ in self.released]


@pytest.mark.parametrize("end", [round(STEP_S * steps, 3) for steps in range(50, 450, 19)])
def test_the_same_answer_has_the_same_reaction_at_the_same_step(end):
    """A voice 0.68 s behind our end, whose sound begins 0.6 s sooner: counted in seconds, that is 0.08 and a little."""
    deed = Deed(AfterReply((end + 0.68) - 0.6 - end))
    (at,) = Scene(deed).run(20.0, speaks=[(0.0, end)])
    assert at == pytest.approx(end + 0.08)


def test_a_longer_answer_moves_the_reaction_with_its_end():
    for end in (3.0, 9.0):
        (at,) = Scene(Deed(AfterReply(0.8))).run(20.0, speaks=[(0.0, end)])
        assert abs(at - (end + 0.8)) <= NEAR_S, f"0.8 s after the sentence that ends at {end}"


def test_a_barge_in_comes_at_the_same_place_of_the_sentence():
    (at,) = Scene(Deed(IntoReply(1.5))).run(10.0, speaks=[(2.0, 6.0)])
    assert abs(at - 3.5) <= NEAR_S


def test_who_would_cut_in_reacts_to_the_end_of_a_sentence_that_is_shorter_today():
    (at,) = Scene(Deed(IntoReply(3.0))).run(10.0, speaks=[(1.0, 2.0)])
    assert abs(at - (2.0 + REACTION_S)) <= NEAR_S


def test_while_an_action_runs_the_caller_waits_for_the_rest():
    (at,) = Scene(Deed(AfterReply(0.5))).run(20.0, speaks=[(0.0, 1.0), (4.0, 6.0)], acts=[(1.0, 4.0)])
    assert abs(at - 6.5) <= NEAR_S


def test_nobody_answers_a_reply_that_has_not_come():
    released = Scene(Deed(Opening(0.0)), Deed(AfterReply(0.5))).run(9.0, speaks=[(5.0, 7.0)])
    assert abs(released[1] - 7.5) <= NEAR_S


def test_what_is_cut_off_is_no_reply_to_who_cut_it_off():
    released = Scene(Deed(IntoReply(1.0)), Deed(AfterReply(0.4))).run(10.0, speaks=[(0.0, 1.4), (4.0, 5.0)])
    assert abs(released[1] - 5.4) <= NEAR_S, "after the new sentence, not after the rest of the old one"


def test_a_sentence_that_a_hum_does_not_stop_is_still_being_answered():
    scene = Scene(Deed(IntoReply(1.0)), Deed(AfterReply(0.4)), lasts_s=0.3)
    assert abs(scene.run(10.0, speaks=[(0.0, 5.0)])[1] - 5.4) <= NEAR_S


def test_two_things_in_a_row_keep_their_gap():
    released = Scene(Deed(Opening(0.0)), Deed(AfterSelf(0.7)), lasts_s=1.0).run(5.0)
    assert abs(released[1] - 1.7) <= NEAR_S


def test_a_silence_of_then_is_kept_until_we_have_asked_again():
    deed = Deed(AfterReply(0.5), silences=1)
    (at,) = Scene(deed).run(20.0, speaks=[(0.0, 2.0), (10.0, 12.0)], silences=lambda now: int(now >= 9.8))
    assert abs(at - 12.5) <= NEAR_S


def test_who_is_told_nothing_goes_on_in_the_end():
    released = Scene(Deed(Opening(0.0)), Deed(AfterReply(0.5)), lasts_s=1.0).run(PATIENCE_S + 5.0)
    assert abs(released[1] - (PATIENCE_S + 1.0)) <= 2 * STEP_S


def test_who_hangs_up_does_not_do_so_into_our_sentence():
    deed = Deed(AfterReply(1.0), hangs_up=True)
    (at,) = Scene(deed).run(60.0, speaks=[(0.0, 40.0)])
    assert abs(at - 41.0) <= NEAR_S
