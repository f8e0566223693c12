"""Numbers and dates for the ear."""

import pytest

from dialog.phrasing import TemplateError, fill, names_in, spell, spoken_date


def test_digits_are_said_one_by_one_and_long_numbers_in_groups():
    assert spell("4711") == "four seven one one"
    assert spell("+15550142000") == "one five five, five zero one, four two zero, zero zero"
    assert spell("5550142999") == "five five five, zero one four, two nine nine nine"
    assert spell(17) == "one seven"


def test_dates_are_said_with_their_weekday():
    assert spoken_date("2026-11-25") == "Wednesday, November the twenty-fifth"


def test_a_missing_value_is_an_error_and_not_a_gap():
    with pytest.raises(TemplateError):
        fill("Order {{ number }}", {})


def test_a_template_cannot_reach_into_python():
    with pytest.raises(TemplateError):
        fill("{{ ''.__class__.__mro__ }}", {})


def test_the_names_a_template_uses():
    assert names_in("{{ order.item | capitalize }} for {{ brand }}") == {"order", "brand"}
