"""How guessing is slowed down, without a site around it."""

from tests.web.site import Times
from web.failures import MOST_KEPT, MOST_PAIR, Failures


def test_tries_at_the_same_time_count_before_their_passwords_are_checked():
    failures = Failures(Times())
    begun = [failures.begin("maria", "1") for _ in range(MOST_PAIR + 3)]
    assert begun[:MOST_PAIR] == [None] * MOST_PAIR
    assert all(wait for wait in begun[MOST_PAIR:])


def test_the_right_password_makes_earlier_mistakes_undone():
    failures = Failures(Times())
    for _ in range(MOST_PAIR - 1):
        failures.begin("maria", "1")
    failures.begin("maria", "1")
    failures.succeeded("maria", "1")
    assert [failures.begin("maria", "1") for _ in range(MOST_PAIR)] == [None] * MOST_PAIR


def test_what_is_remembered_has_an_end():
    failures = Failures(Times())
    for number in range(MOST_KEPT):
        failures.begin(f"name{number}", f"address{number}")
    assert len(failures._tries) <= MOST_KEPT
