"""Values as callers say them and as the recogniser writes them, kind by kind."""

from datetime import datetime

import pytest

from dialog.grammar.calendar_dates import When
from dialog.grammar.kinds import SlotKind
from dialog.grammar.slots import Candidate, Said, SlotRule, candidates, join, keyed

NOW = datetime(2026, 11, 25, 10, 0)
"""A Wednesday."""
ORDER = r"[A-Z]{2}\d{4}"
CHOICES = {
    "refund": ("money back", "a refund"),
    "exchange": ("exchange", "swap"),
    "credit": ("store credit", "voucher"),
}


def best(kind, text, *, strict=True, **rule):
    found = candidates([Said(text, 1.0)], SlotRule(kind, **rule), NOW, strict=strict)
    return found[0].value if found else None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AB1234", "AB1234"),
        ("a b one two three four", "AB1234"),
        ("A as in apple, B for Bertie, double one, three four", "AB1134"),
        ("alpha bravo twelve thirty four", "AB1234"),
        ("it's be see seven double oh four", "BC7004"),
        ("my order number is AB 12 34 please", "AB1234"),
        ("S for Sierra T for Tommy 4711", "ST4711"),
        ("are you 4 7 one one", "RU4711"),
        ("why double u nought nine 9 one", "YW0991"),
        ("q as in banana", None),
        ("", None),
    ],
)
def test_codes_that_were_asked_for(text, code):
    assert best(SlotKind.CODE, text, pattern=ORDER) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("what about AB1234", "AB1234"),
        ("a question about order A B one two three four", "AB1234"),
        ("can you see why it is late", None),
        ("be there at four", None),
    ],
)
def test_codes_that_nobody_asked_for_must_be_clear(text, code):
    assert best(SlotKind.CODE, text, pattern=ORDER, strict=False) == code


def test_a_code_of_the_wrong_shape_is_none():
    assert best(SlotKind.CODE, "A B C one two", pattern=ORDER) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Maria Silva", "Maria Silva"),
        ("my name is maria silva", "Maria Silva"),
        ("Marshall, M A R S H A double L", "Marshall"),
        ("Martial, M A R S H A double L", "Marshall"),
        ("Kate Martial that's spelled M A R S H A L L", "Kate Marshall"),
        ("o'neill", "O'Neill"),
        ("S I L V A", "Silva"),
        ("S for Sierra I L V A", "Silva"),
        ("sierra india lima victor alpha", "Silva"),
        ("this is Peter van der Berg", "Peter van der Berg"),
        ("I don't know", None),
    ],
)
def test_names_said_spelled_or_both(text, name):
    assert best(SlotKind.NAME, text) == name


@pytest.mark.parametrize("text", ["where is my order", "call me tomorrow", "this is about my order"])
def test_what_is_no_name(text):
    assert best(SlotKind.NAME, text, strict=False) is None


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("maria dot silva at example dot com", "maria.silva@example.com"),
        ("Maria.Silva@example.com", "maria.silva@example.com"),
        ("it's m a r i a underscore s at g mail dot com", "maria_s@gmail.com"),
        ("john two at example dot co dot uk please", "john2@example.co.uk"),
        ("j dash smith forty two at outlook dot com", "j-smith42@outlook.com"),
        ("my email is info at acme dash shop dot de", "info@acme-shop.de"),
        ("B as in bravo O B at example dot com", "bob@example.com"),
        ("jon at gmial dot com", "jon@gmial.com"),
        ("maria dot silva", None),
        ("I am at home", None),
    ],
)
def test_emails_are_taken_as_dictated_and_never_corrected(text, email):
    assert best(SlotKind.EMAIL, text) == email


def test_an_email_in_another_sentence_must_be_written_or_announced():
    assert best(SlotKind.EMAIL, "I am at home dot com", strict=False) is None
    assert best(SlotKind.EMAIL, "send it to maria@example.com please", strict=False) == "maria@example.com"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+49 30 123456", "+4930123456"),
        ("plus four nine three oh one two three four five six", "+4930123456"),
        ("double oh four nine three zero one two three four five six seven", "+49301234567"),
        ("oh two oh seven nine four six oh nine five eight", "02079460958"),
        ("555 0142", "5550142"),
        ("three", None),
    ],
)
def test_phone_numbers(text, number):
    assert best(SlotKind.PHONE, text) == number


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("SW1A 1AA", "SW1A 1AA"),
        ("sw1a1aa", "SW1A 1AA"),
        ("s w one a one double a", "SW1A 1AA"),
        ("sierra whiskey 1 alpha 1 alpha alpha", "SW1A 1AA"),
        ("my postcode is n 5 j 4 s b", "N5J 4SB"),
        ("and 0 6 7 s b", "N06 7SB"),
        ("b 2", None),
        ("B6 8 b r", "B6 8BR"),
        ("m one four nine d p", "M14 9DP"),
        ("10115", "10115"),
        ("nine oh two one oh", "90210"),
    ],
)
def test_postcodes(text, postcode):
    assert best(SlotKind.POSTCODE, text) == postcode


def test_five_digits_are_no_postcode_unless_it_was_asked_for():
    assert best(SlotKind.POSTCODE, "my number is 12345", strict=False) is None
    assert best(SlotKind.POSTCODE, "I live at SW1A 1AA", strict=False) == "SW1A 1AA"


def test_a_postcode_must_match_the_rules_pattern():
    assert best(SlotKind.POSTCODE, "10115", pattern=r"[A-Z].*") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-25"),
        ("tomorrow", "2026-11-26"),
        ("the day after tomorrow", "2026-11-27"),
        ("next Friday", "2026-12-04"),
        ("Friday", "2026-11-27"),
        ("Friday week", "2026-12-04"),
        ("last Monday", "2026-11-23"),
        ("three weeks ago", "2026-11-04"),
        ("in two weeks", "2026-12-09"),
        ("a couple of days ago", "2026-11-23"),
        ("a month ago", "2026-10-25"),
        ("the 3rd of March", "2027-03-03"),
        ("the 27th of the 9th 1979", "1979-09-27"),
        ("27 September 1979", "1979-09-27"),
        ("September 27th 1979", "1979-09-27"),
        ("twenty seventh of september nineteen seventy nine", "1979-09-27"),
        ("oh nine oh nine nineteen oh five", "1905-09-09"),
        ("second of may two thousand and four", "2004-05-02"),
        ("1979-09-27", "1979-09-27"),
        ("2709 1979", "1979-09-27"),
        ("27th of September 1970 9", "1979-09-27"),
        ("31st of February 2020", None),
        ("hello", None),
    ],
)
def test_dates(text, day):
    assert best(SlotKind.DATE, text) == day


def test_the_order_of_day_and_month_is_the_rules():
    assert best(SlotKind.DATE, "3/4/2027") == "2027-04-03"
    assert best(SlotKind.DATE, "3/4/2027", day_first=False) == "2027-03-04"
    assert best(SlotKind.DATE, "9/27/1979") == "1979-09-27"


def test_a_date_of_birth_is_never_to_come():
    assert best(SlotKind.DATE, "3rd of March 29") == "2029-03-03"
    assert best(SlotKind.DATE, "3rd of March 29", when=When.PAST) == "1929-03-03"
    assert best(SlotKind.DATE, "3rd of March", when=When.PAST) == "2026-03-03"
    assert best(SlotKind.DATE, "3rd of March 2029", when=When.PAST) is None
    assert best(SlotKind.DATE, "yesterday", when=When.FUTURE) is None


@pytest.mark.parametrize("text", ["I have two", "order 4711", "may I ask something", "the second one"])
def test_what_is_no_date(text):
    assert best(SlotKind.DATE, text, strict=False) is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("half past two", "14:30"),
        ("quarter to five", "16:45"),
        ("ten past eight in the morning", "08:10"),
        ("twenty to six", "17:40"),
        ("two thirty pm", "14:30"),
        ("2:30 p.m.", "14:30"),
        ("seven oh five", "07:05"),
        ("ten o'clock", "10:00"),
        ("three in the afternoon", "15:00"),
        ("noon", "12:00"),
        ("fourteen hundred", "14:00"),
        ("in two hours", "12:00"),
        ("in half an hour", "10:30"),
        ("no idea", None),
    ],
)
def test_times(text, time):
    assert best(SlotKind.TIME, text) == time


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("forty nine euros ninety", "49.90"),
        ("forty nine ninety", "49.90"),
        ("$50", "50.00"),
        ("two hundred and fifty", "250.00"),
        ("49,90 euros", "49.90"),
        ("1,200.50", "1200.50"),
        ("fifty cents", "0.50"),
        ("nineteen euros and five cents", "19.05"),
        ("forty nine point nine", "49.90"),
        ("two and a half euros", "2.50"),
        ("a hundred pounds", "100.00"),
        ("nothing", None),
    ],
)
def test_money(text, amount):
    assert best(SlotKind.MONEY, text) == amount


def test_a_bare_number_is_no_money_unless_it_was_asked_for():
    assert best(SlotKind.MONEY, "I want two", strict=False) is None
    assert best(SlotKind.MONEY, "I paid 50 euros", strict=False) == "50.00"


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("a couple", "2"), ("two", "2"), ("to", "2"), ("a dozen", "12"), ("half a dozen", "6"), ("two dozen", "24"),
     ("just one", "1"), ("twenty five", "25"), ("all of it", None)],
)  # fmt: skip
def test_quantities(text, quantity):
    assert best(SlotKind.QUANTITY, text) == quantity


def test_two_different_numbers_are_no_sure_quantity():
    found = candidates([Said("two or three", 1.0)], SlotRule(SlotKind.QUANTITY), NOW)
    assert {one.value for one in found} == {"2", "3"}
    assert all(one.score < 0.5 for one in found)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("money back please", "refund"),
        ("the second one", "exchange"),
        ("number three", "credit"),
        ("the last one", "credit"),
        ("exhange", "exchange"),
        ("the refund, not the exchange", "refund"),
        ("the fifth one", None),
        ("store", None),
        ("pizza", None),
    ],
)
def test_choices(text, choice):
    assert best(SlotKind.CHOICE, text, choices=CHOICES) == choice


def test_a_misheard_word_between_near_alike_choices_is_not_guessed():
    days = {"mon": ("monday",), "sun": ("sunday",)}
    assert best(SlotKind.CHOICE, "munday", choices=days) is None
    assert best(SlotKind.CHOICE, "monday", choices=days) == "mon"


def test_two_named_choices_are_no_choice_that_is_sure():
    found = candidates([Said("refund or exchange", 1.0)], SlotRule(SlotKind.CHOICE, choices=CHOICES), NOW)
    assert [one.score for one in found] == [0.5, 0.5]


def test_misheard_words_and_places_are_no_choice_unless_asked_for():
    assert best(SlotKind.CHOICE, "the second one", choices=CHOICES, strict=False) is None
    assert best(SlotKind.CHOICE, "I want a refund", choices=CHOICES, strict=False) == "refund"


def test_several_texts_of_one_sound_are_joined_by_their_best():
    said = [Said("b c one two three", 0.6), Said("b c one two three four", 0.5)]
    assert candidates(said, SlotRule(SlotKind.CODE, pattern=ORDER), NOW) == (Candidate("BC1234", 0.5),)


def test_what_was_said_twice_beats_what_was_said_once():
    attempts = [[Candidate("A", 1.0), Candidate("B", 0.8)], [Candidate("B", 0.9)]]
    assert [one.value for one in join(attempts)] == ["B", "A"]


def test_attempts_that_differ_in_one_place_each_settle_on_what_is_between_them():
    attempts = [
        [Candidate("1958-03-21", 0.9)],
        [Candidate("1958-04-21", 0.9)],
        [Candidate("1968-04-21", 0.9)],
    ]
    assert join(attempts)[0].value == "1958-04-21"


def test_of_two_equal_attempts_the_last_one_counts():
    assert join([[Candidate("15", 0.9)], [Candidate("50", 0.9)]])[0].value == "50"


def test_what_the_caller_refused_is_out():
    attempts = [[Candidate("A", 0.9), Candidate("B", 0.4)], [Candidate("A", -1.0)]]
    assert [one.value for one in join(attempts)] == ["B"]


def test_one_attempt_keeps_its_scores():
    assert join([[Candidate("A", 1.0)]]) == (Candidate("A", 1.0),)


def test_keys_stand_for_numbers_and_choices():
    assert keyed("4711#", SlotRule(SlotKind.DIGITS, least=4, most=4)) == Candidate("4711", 1.0)
    assert keyed("2", SlotRule(SlotKind.CHOICE, choices=CHOICES)) == Candidate("exchange", 1.0)
    assert keyed("9", SlotRule(SlotKind.CHOICE, choices=CHOICES)) is None


@pytest.mark.parametrize("kind", list(SlotKind))
@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    "text", ["", "…", "the", "0", "double", "at dot com", "&&& 99999999999999999999999", "and and and"]
)
def test_every_kind_bears_any_text(kind, strict, text):
    rule = SlotRule(kind, choices=CHOICES if kind is SlotKind.CHOICE else None)
    found = candidates([Said(text, 1.0)], rule, NOW, strict=strict)
    assert all(0 < one.score <= 1 and one.value for one in found)
