"""What is found in conversations, and what is left alone."""

import random

import pytest

from bench.redaction import PARTS, SEED, held_out, labelled, made_cards, made_codes, made_innocent, measured
from calls.redaction.find import find
from calls.redaction.kinds import ALWAYS, EVERYTHING
from calls.redaction.talk import masked
from tests.calls.redaction.talking import left, talk


@pytest.mark.parametrize(
    "said",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111, 1111, 1111... 1111",
        "four one one one one one one one one one one one one one one one",
        "four triple one, quadruple one, double one double one, one one one one",
        "forty-one eleven eleven eleven eleven eleven eleven eleven",
        "it's four uh one one one, and then one one one one, 1111 one one one one",
    ],
)
def test_a_card_number_is_found_however_it_is_said(said):
    assert "[card number]" in left(said)[0]
    assert "one" not in left(said)[0].replace("[card number]", "")
    assert "1" not in left(said)[0]


def test_a_card_number_that_is_dictated_over_several_turns_goes_as_a_whole():
    lines = left(
        "? Your card number, please?", "five four two five", "? Go on.", "two three three four", "? Yes?",
        "three oh one oh", "? And then?", "ninety nine oh three",
    )  # fmt: skip
    assert lines == ["[card number]"] * 4


def test_a_number_dictated_in_parts_needs_no_question_when_its_check_digit_fits():
    assert left("5425 2334", "? Mm-hm.", "3010 9903") == ["[card number]", "[card number]"]
    assert left("5425 2334", "? Mm-hm.", "3010 9904") == ["5425 2334", "3010 9904"]


def test_date_and_code_go_with_the_card():
    assert left("visa 4111 1111 1111 1111 expires march twenty seven, code 123 on the back") == [
        "visa [card number] expires [card expiry], code [code] on the back"
    ]
    assert left("? And the three digits on the back?", "it's seven oh two") == ["it's [card code]"]


def test_codes_are_known_by_what_they_are_called():
    assert left("? I have sent you a code. What is it?", "four seven oh two double three") == ["[code]"]
    assert left("my pin is four three two one") == ["my pin is [code]"]
    assert left("the password is hunter2") == ["the password is [code]"]
    assert left("the password is wrong") == ["the password is wrong"]


def test_bank_accounts_are_known_by_their_check_digits_or_their_names():
    assert left("it is DE89 3704 0044 0532 0130 00, thanks") == ["it is [bank account], thanks"]
    assert left("g b two nine N W B K six oh one six one three three one nine two six eight one nine") == [
        "[bank account]"
    ]
    assert left("sort code 12-34-56, account number 12345678") == [
        "sort code [bank account], account number [bank account]"
    ]


@pytest.mark.parametrize(
    "said",
    [
        "my order number is 4539 5787 6362 1486",
        "order 4711 of the 23rd of November 2026",
        "call me on plus four nine one five two two three four five six seven eight nine",
        "my phone number is 5550142000",
        "the zip code is 94110",
        "I paid one hundred and twenty nine dollars and ninety nine cents",
        "CA0123456789012345678901234567890a",
    ],
)
def test_other_numbers_stay(said):
    assert left(said) == [said]


def test_other_kinds_are_found_where_they_are_asked_for():
    lines = (
        "call me at 555 123 4567", "john dot smith at gmail dot com or js@example.com", "born on the 3rd of march 1980",
        "SW1A 1AA, 10 Downing Street", "my social security number is 078 05 1120", "I am Dana Whitfield",
    )  # fmt: skip
    assert left(*lines, kinds=EVERYTHING, names=("Dana Whitfield",)) == [
        "call me at [phone]",
        "[email] or [email]",
        "born on [birth date]",
        "[postcode], [address]",
        "my social security number is [tax id]",
        "I am [name]",
    ]
    assert left(*lines) == list(lines), "they are not redacted unless somebody wants it"


@pytest.mark.parametrize(
    "said",
    [
        "it's four one one two no one one one one one one one one one one one one one",
        "four one one one five one sorry double one one one one one one one one one one one",
        "4111 1112, no 1111, 1111 1111",
        "card, for one one won, one won one one one one one one one one one one",
    ],
)
def test_corrections_and_words_that_sound_like_digits_belong_to_the_number(said):
    (rest,) = left("? Which card would you like to use?", said)
    assert rest.replace("it's ", "").replace("card, ", "").strip() == "[card number]"


def test_no_sum_is_as_long_as_a_card_number():
    assert left("please charge 4111 1111 1111 1111") == ["please charge [card number]"]


def test_a_code_is_found_among_slips_and_asides():
    assert left("? And the CVV?", "seven seven won") == ["[card code]"]
    assert left("? And the CVV?", "nine six let me see seven") == ["[card code]"]
    assert left("? Your PIN, please?", "one two sorry three double four") == ["[code]"]
    assert left("? Your PIN, please?", "what do you need that for") == ["what do you need that for"]


def test_what_is_read_back_of_a_number_that_is_dictated_goes_too():
    said = talk(
        "? Your card number, please?", "fifty four twenty five", "? five four, go on", "23 34",
        "? two three three four. Yes?", "three oh one oh 9903", "? Thanks, order 12 is paid.",
    )  # fmt: skip
    spans = find(said, ALWAYS)
    lines = [masked(one.text, [span for span in spans if span.at == at]) for at, one in enumerate(said)]
    assert lines[2] == "[card number], go on"
    assert lines[4].endswith("]. Yes?")
    assert "two" not in lines[4]
    assert lines[6] == "Thanks, order 12 is paid."


def test_innocent_numbers_are_not_drawn_together():
    for text in (
        "I ordered 2, that was 3 weeks ago, no 4",
        "I want to pay for 2 to 3 of them, 49.99 each, order 4711",
        "the parcel is 793743187743115 and it was sent with UPS",
        "I paid 120 dollars with my card for order 47110815",
        "you charged me 49 dollars twice, on the 3rd and the 5th",
    ):
        assert left(text) == [text]


def test_a_marker_announces_nothing():
    lines = left("[card number] and order 47110815", "12345678")
    assert lines == ["[card number] and order 47110815", "12345678"]


def test_recall_and_precision_on_made_texts():
    random_ = random.Random(SEED)  # noqa: S311 - made-up numbers
    innocent = list(made_innocent(300, random_))
    for made in (made_cards(800, random_), made_codes(800, random_)):
        figures = measured("made", [*made, *innocent])
        assert figures.recall >= 0.98
        assert figures.precision >= 0.98


@pytest.mark.parametrize("name", PARTS)
def test_recall_and_precision_on_sentences_that_were_made_after_the_rules(name):
    for figures in held_out(name, PARTS[name], 360):
        assert figures.recall >= 0.98, figures
        assert figures.precision >= 0.98, figures


def test_recall_and_precision_on_texts_of_real_customers(shared_data):
    figures = measured("multidogo", list(labelled(shared_data)))
    assert figures.cases > 10_000
    assert figures.recall >= 0.98
    assert figures.precision >= 0.95
