"""What the voice is told to listen for."""

import pytest

from dialog.expecting import MOST_NAMES, with_names
from dialog.types import Expectation, ExpectationKind

NAMES = tuple(f"Name{number}" for number in range(MOST_NAMES + 1))


@pytest.mark.parametrize("kind", [ExpectationKind.OPEN, ExpectationKind.CHOICE])
def test_where_callers_say_anything_names_are_looked_for_the_first_of_them(kind):
    expected = with_names(Expectation(kind=kind, hotwords=("refund",)), NAMES)
    assert expected.vocabulary == NAMES[:MOST_NAMES]
    assert (expected.kind, expected.hotwords) == (kind, ("refund",))


@pytest.mark.parametrize("kind", [ExpectationKind.YES_NO, ExpectationKind.DIGITS, ExpectationKind.SPELLED])
def test_a_yes_a_number_and_what_is_spelled_hold_no_name_and_cost_no_look(kind):
    expected = Expectation(kind=kind)
    assert with_names(expected, NAMES) == expected
