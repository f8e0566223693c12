"""How values sound when they are read back."""

import pytest

from dialog.grammar.kinds import SlotKind
from dialog.grammar.read_back import read_back


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        ("4711", SlotKind.DIGITS, "four seven one one"),
        ("5550142999", SlotKind.DIGITS, "five five five, zero one four, two nine nine nine"),
        ("+4930123456", SlotKind.PHONE, "plus four nine three, zero one two, three four five six"),
        ("AB1234", SlotKind.CODE, "A B, one two three four"),
        ("SW1A 1AA", SlotKind.POSTCODE, "S W, one, A, one, A A"),
        ("Maria Silva", SlotKind.NAME, "Maria Silva"),
        ("maria.silva@example.com", SlotKind.EMAIL, "maria dot silva at example dot com"),
        ("j_s-42@mail.org", SlotKind.EMAIL, "j underscore s dash four two at mail dot org"),
        ("1979-09-27", SlotKind.DATE, "September the twenty-seventh, nineteen seventy-nine"),
        ("14:30", SlotKind.TIME, "two thirty in the afternoon"),
        ("07:05", SlotKind.TIME, "seven oh five in the morning"),
        ("12:00", SlotKind.TIME, "noon"),
        ("250.00", SlotKind.MONEY, "two hundred and fifty"),
        ("49.90", SlotKind.MONEY, "forty-nine point nine zero"),
        ("store_credit", SlotKind.CHOICE, "store credit"),
        ("2", SlotKind.QUANTITY, "2"),
    ],
)
def test_the_first_read_back(value, kind, said):
    assert read_back(value, kind) == said


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        ("ST47", SlotKind.CODE, "S as in Sierra, T as in Tango, four seven"),
        ("Jo Li", SlotKind.NAME, "Jo Li, spelled J as in Juliet, O as in Oscar, L as in Lima, I as in India"),
        ("ab.1@example.com", SlotKind.EMAIL, "A as in Alpha, B as in Bravo, dot, one, at example dot com"),
    ],
)
def test_the_second_read_back_has_a_word_for_each_letter(value, kind, said):
    assert read_back(value, kind, 2) == said


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        ("49.90", "euros", "forty-nine euros ninety"),
        ("49.05", "euros", "forty-nine euros and five cents"),
        ("1.00", "pounds", "one pound"),
        ("0.50", "pounds", "fifty pence"),
        ("1200.00", "dollars", "one thousand two hundred dollars"),
    ],
)
def test_amounts_with_their_currency(value, currency, said):
    assert read_back(value, SlotKind.MONEY, currency=currency) == said


@pytest.mark.parametrize(
    ("value", "kind"), [("soon", "date"), ("late", "time"), ("much", "money"), ("maria", "email")]
)
def test_what_is_not_in_its_canonical_form_is_refused_by_a_rule(value, kind):
    with pytest.raises(ValueError, match="must"):
        read_back(value, kind)
