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


@pytest.mark.parametrize(
    ("template", "value", "said"),
    [
        ("{{ v | code }}", "AB1234", "A B, one two three four"),
        ("{{ v | code(2) }}", "ST47", "S as in Sierra, T as in Tango, four seven"),
        ("{{ v | postcode }}", "10115", "one zero one, one five"),
        ("{{ v | name }}", "Maria Silva", "Maria Silva"),
        ("{{ v | name(2) }}", "Jo", "Jo, spelled J as in Juliet, O as in Oscar"),
        ("{{ v | email }}", "maria.silva@example.com", "maria dot silva at example dot com"),
        ("{{ v | email }}", "m***@example.com", "m and so on at example dot com"),
        ("{{ v | phone }}", "+4930123456", "plus four nine three, zero one two, three four five six"),
        ("{{ v | full_date }}", "1984-03-12", "March the twelfth, nineteen eighty-four"),
        ("{{ v | time }}", "14:30", "two thirty in the afternoon"),
        ("{{ v | money('euros') }}", 129.9, "one hundred and twenty-nine euros ninety"),
        ("{{ (v - 0.1) | money('euros') }}", 34.9, "thirty-four euros eighty"),
        ("{{ v | money }}", "12.00", "twelve"),
    ],
)
def test_values_are_read_back_by_filters(template, value, said):
    assert fill(template, {"v": value}) == said


@pytest.mark.parametrize(
    "template", ["{{ v | email }}", "{{ v | full_date }}", "{{ v | money }}", "{{ v // 0 }}"]
)
def test_a_value_that_a_filter_cannot_say_is_a_fault_of_the_template(template):
    with pytest.raises(TemplateError):
        fill(template, {"v": "nonsense" if "|" in template else 1})
