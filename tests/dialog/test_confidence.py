"""Speech and intent confidence as one number."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.confidence import ACCEPT, CONFIRM, Belief, belief, joint_confidence

share = st.floats(0.0, 1.0)


@given(share, share)
def test_it_is_a_probability(speech, intent):
    assert 0.0 <= joint_confidence(speech, intent) <= 1.0


@given(share, share, share)
def test_being_surer_of_one_never_makes_us_less_sure_of_both(low, high, other):
    low, high = sorted((low, high))
    assert joint_confidence(low, other) <= joint_confidence(high, other)
    assert joint_confidence(other, low) <= joint_confidence(other, high)


def test_clear_words_with_a_clear_meaning_are_nearly_certain():
    assert joint_confidence(0.98, 0.98) > 0.95


def test_doubtful_words_make_a_clear_meaning_doubtful():
    assert joint_confidence(0.3, 0.8) < joint_confidence(0.95, 0.8) - 0.1


def test_it_is_higher_than_the_product_because_misheard_words_lower_the_intent_too():
    assert joint_confidence(0.8, 0.9) > 0.8 * 0.9


def test_nothing_heard_or_nothing_meant_is_no_confidence():
    assert joint_confidence(0.0, 1.0) == 0.0
    assert joint_confidence(1.0, 0.0) == 0.0


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan])
def test_what_is_no_probability_is_refused(value):
    with pytest.raises(ValueError, match="between 0 and 1"):
        joint_confidence(value, 0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        joint_confidence(0.5, value)


def test_a_wish_is_accepted_asked_back_or_rejected():
    assert belief(ACCEPT) is Belief.ACCEPT
    assert belief(CONFIRM) is Belief.CONFIRM
    assert belief(ACCEPT - 0.001) is Belief.CONFIRM
    assert belief(CONFIRM - 0.001) is Belief.REJECT


def test_words_heard_well_are_accepted_wherever_the_head_itself_accepts_them():
    """The demo company's head divides at 0.4: on a clear line nothing is taken from what it understands."""
    assert belief(joint_confidence(0.95, 0.4)) is Belief.ACCEPT
    assert belief(joint_confidence(0.5, 0.4)) is Belief.REJECT
