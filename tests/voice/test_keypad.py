"""Keys gathered into one turn."""

from dialog.types import Expectation, ExpectationKind
from voice.keypad import Keypad

FOUR_DIGITS = Expectation(kind=ExpectationKind.DIGITS, digits=4)
ANY_DIGITS = Expectation(kind=ExpectationKind.DIGITS)
OPEN = Expectation()


def press(keypad: Keypad, keys: str, expectation: Expectation) -> list[str]:
    entries = [keypad.press(key, index * 0.2, expectation) for index, key in enumerate(keys)]
    return [entry for entry in entries if entry is not None]


def test_the_expected_number_of_digits_completes_the_entry():
    assert press(Keypad(), "4711", FOUR_DIGITS) == ["4711"]


def test_a_hash_completes_an_entry_of_unknown_length():
    assert press(Keypad(), "471123#", ANY_DIGITS) == ["471123"]


def test_a_hash_alone_is_a_key():
    keypad = Keypad()
    assert press(keypad, "#", OPEN) == []
    assert keypad.take() == "#"


def test_an_unfinished_entry_waits_longer_where_a_number_is_expected():
    keypad = Keypad()
    assert keypad.patience_s(ANY_DIGITS) > keypad.patience_s(OPEN)


def test_an_entry_knows_when_it_began_and_ended():
    keypad = Keypad()
    press(keypad, "12", ANY_DIGITS)
    assert (keypad.start_s, keypad.end_s) == (0.0, 0.2)


def test_two_callers_keys_never_mix():
    one, two = Keypad(), Keypad()
    press(one, "12", ANY_DIGITS)
    press(two, "34", ANY_DIGITS)
    assert (one.take(), two.take()) == ("12", "34")
