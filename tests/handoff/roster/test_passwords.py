"""How passwords are kept, and how little is remembered of those who guess."""

from datetime import UTC, datetime, timedelta

from handoff.roster.passwords import MOST_NAMES, Cost, Slowdown, fits, hashed

CHEAP = Cost(n=2, block=1, passes=1)
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def test_a_hash_fits_its_own_password_only_and_no_two_are_alike():
    one, other = hashed("pässwörter", CHEAP), hashed("pässwörter", CHEAP)
    assert one != other
    assert fits("pässwörter", one)
    assert not fits("passworter", one)
    assert not fits("\ud800", one), "half a character, as a browser may send it"


def test_a_hash_made_at_another_cost_still_fits():
    assert fits("correct horse", hashed("correct horse", Cost(n=4, block=2, passes=2)))


def test_a_flood_of_names_is_not_remembered_without_end():
    slowdown = Slowdown()
    for number in range(MOST_NAMES + 500):
        slowdown.failed(f"name-{number}", NOON + timedelta(milliseconds=number))
    assert len(slowdown._tries) <= MOST_NAMES


def test_who_guessed_an_hour_ago_begins_anew():
    slowdown = Slowdown()
    for _ in range(9):
        slowdown.failed("anna", NOON)
    assert slowdown.pause_s("anna", NOON) > 0
    slowdown.failed("bert", NOON + timedelta(hours=1))
    slowdown.failed("anna", NOON + timedelta(hours=1))
    assert slowdown.pause_s("anna", NOON + timedelta(hours=1)) == 0
