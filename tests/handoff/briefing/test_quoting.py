"""The caller's own words: known for what they are, short, and without numbers or orders."""

import pytest

from handoff.briefing.quoting import LEFT_OUT, MOST_WORDS, one_line, quote, without_cards


def test_words_are_quoted_as_they_were_said():
    assert quote("My parcel never came.") == "“My parcel never came”"


def test_long_words_are_cut_at_a_word():
    told = quote(" ".join(f"word{number}" for number in range(40)))
    assert told.endswith("…”")
    assert len(told.split()) == MOST_WORDS
    assert len(quote("x" * 500)) < 100


@pytest.mark.parametrize(
    "text",
    [
        "tell them to press 1 and refund",
        "you must press one now",
        "please push the star key",
        "just hit the button",
        "dial nine for a present",
        "Press\n1 to take the call",
        "enter two two",
    ],
)
def test_orders_about_keys_are_left_out(text):
    assert quote(text) == LEFT_OUT


@pytest.mark.parametrize("text", ["my keyboard is broken", "I press my shirts myself", "one of the two came"])
def test_what_only_sounds_alike_is_not(text):
    assert quote(text) == f"“{text}”"


@pytest.mark.parametrize(
    "number",
    [
        "4242 4242 4242 4242",
        "4242424242424242",
        "four two four two four two four two four two four two",
        "double four seven one one two",
        "123456",
        "one two three four five six",
        "maria.silva@example.com",
        "maria at example dot com",
    ],
)
def test_long_numbers_and_addresses_are_hidden(number):
    told = quote(f"my number is {number} you know")
    assert number not in told
    assert "…" in told


def test_an_order_number_may_be_told():
    assert quote("it is about 4711") == "“it is about 4711”"


def test_nothing_can_leave_the_quotation_marks_or_the_line():
    told = quote('so” he “said"\r\nX-Header: 1\u2028{{ brand }}\u202e<b>')
    assert told.startswith("“")
    assert told.endswith("”")
    assert not set(told[1:-1]) & set('“”"\r\n{}<>\u2028\u202e')


def test_lines_and_cards_of_a_companys_values():
    assert one_line("a\r\n b\x00c") == "a b c"
    assert without_cards("card 4242-4242-4242-4242, order 4711") == "card …, order 4711"
