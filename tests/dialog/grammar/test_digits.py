"""Spoken numbers, as callers say them and as the recogniser writes them."""

import pytest

from dialog.grammar.digits import digits_in


@pytest.mark.parametrize(
    "text",
    [
        "4711",
        "4, 7, 1, 1.",
        "47 11",
        "47-11",
        "4,711",
        "four seven one one",
        "Four seven double one.",
        "forty-seven eleven",
        "forty seven eleven",
        "four thousand seven hundred eleven",
        "forty seven hundred eleven",
        "It's uh four seven, um, one one, I think",
        "for seven won won",
        "order number 4 7 1 1 please",
    ],
)
def test_many_ways_to_say_one_number(text):
    assert digits_in(text, 4, 4, sound_alikes=True) == "4711"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("oh one two three", "0123"),
        ("triple five zero one four two", "5550142"),
        ("five five five, zero one four, two nine nine nine", "5550142999"),
        ("twenty forty eight", "2048"),
        ("ten twenty-four", "1024"),
        ("eighty eighty", "8080"),
    ],
)
def test_other_numbers(text, number):
    assert digits_in(text, len(number), len(number), sound_alikes=True) == number


@pytest.mark.parametrize(
    "text", ["", "hello", "four seven one", "4711 or 4712", "I have two of them", "12345"]
)
def test_what_is_not_one_number_of_that_length(text):
    assert digits_in(text, 4, 4, sound_alikes=True) is None


def test_the_right_group_wins_over_other_numbers():
    assert digits_in("I have two questions about order 4711", 4, 4) == "4711"


def test_words_that_sound_like_digits_count_only_while_digits_are_expected():
    assert digits_in("too for to won", 4, 4, sound_alikes=True) == "2421"
    assert digits_in("too for to won", 4, 4) is None
