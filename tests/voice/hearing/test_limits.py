"""Which texts are what was asked for."""

import pytest

from dialog.types import Expectation, ExpectationKind
from voice.hearing.limits import fits, is_one_word, nearly_fits

FOUR = Expectation(kind=ExpectationKind.DIGITS, digits=4)
SPELLED = Expectation(kind=ExpectationKind.SPELLED)


@pytest.mark.parametrize(
    ("text", "expected", "right"),
    [
        ("4711.", FOUR, True),
        ("It's four seven one one", FOUR, True),
        ("471", FOUR, False),
        ("I don't know.", FOUR, False),
        ("S, M, I, T, H.", SPELLED, True),
        ("Smith", SPELLED, False),
        ("4711", Expectation(), False),
    ],
)
def test_a_text_fits_when_it_is_what_was_asked_for(text, expected, right):
    assert fits(text, expected) is right


def test_another_number_of_digits_nearly_fits_and_other_words_do_not():
    assert nearly_fits("4 7 1", FOUR)
    assert not nearly_fits("Where is my order?", FOUR)
    assert not nearly_fits("I don't have it", SPELLED)


def test_one_word_again_and_again_is_one_word_and_a_long_number_is_not():
    assert is_one_word("8. 8.")
    assert is_one_word("Kevin?")
    assert not is_one_word("4711.")
    assert not is_one_word("Oh no.")
