"""What is kept of an answer that is no whole value."""

from datetime import datetime

from dialog.grammar.kinds import SlotKind
from dialog.grammar.recollection import fragments
from dialog.grammar.slots import Said

NOW = datetime(2026, 11, 25, 10, 0)


def values(text, kind):
    return [one.value for one in fragments([Said(text, 1.0)], kind, NOW)]


def test_a_postcode_with_a_letter_missing_is_kept_as_it_was_heard():
    assert "64LJ" in values("6 4 l j", SlotKind.POSTCODE)


def test_a_date_without_its_year_has_question_marks():
    assert "????-11-09" in values("9 November", SlotKind.DATE)


def test_spelled_names_are_in_capitals_and_said_ones_are_not():
    assert values("c a r l y", SlotKind.NAME)[0] == "CARLY"
    assert values("Carly Nash", SlotKind.NAME) == ["carly nash"]


def test_less_likely_texts_weigh_less():
    said = [Said("g 4", 1.0), Said("j 4", 0.5)]
    assert [(one.value, one.score) for one in fragments(said, SlotKind.CODE, NOW)] == [
        ("G4", 1.0),
        ("J4", 0.5),
    ]


def test_a_number_is_its_digits_whole_or_not():
    assert values("it's one oh one five", SlotKind.DIGITS)[0] == "1015"
    assert values("I really cannot say", SlotKind.DIGITS) == []
