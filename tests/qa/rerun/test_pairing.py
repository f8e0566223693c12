"""Which turn of then stands beside which of today."""

from qa.rerun.pairing import paired
from qa.rerun.views import TurnView


def spoken(number, start_s, end_s, text="words"):
    return TurnView(number=number, kind="spoken", text=text, start_s=start_s, end_s=end_s)


def silent(number):
    return TurnView(number=number, kind="silent", start_s=1.0, end_s=1.0)


GREETING = TurnView(number=0, kind="opening")


def told(pairs):
    return [
        (pair.then.number if pair.then else None, pair.now.number if pair.now else None) for pair in pairs
    ]


def test_turns_are_paired_by_the_sound_they_were_heard_in_whatever_the_clock_says():
    then = [GREETING, spoken(1, 5.0, 6.0), spoken(2, 10.0, 12.0)]
    now = [GREETING, spoken(1, 8.0, 9.0), spoken(2, 21.0, 23.0)]
    assert told(paired(then, now, [(1, 7.8, 9.2), (2, 20.8, 23.2)])) == [(0, 0), (1, 1), (2, 2)]


def test_a_turn_that_is_not_heard_any_more_stands_alone():
    then = [spoken(1, 5.0, 6.0), spoken(2, 10.0, 12.0)]
    now = [spoken(1, 20.0, 22.0)]
    assert told(paired(then, now, [(1, 7.0, 8.0), (2, 19.8, 22.2)])) == [(1, None), (2, 1)]


def test_noise_that_is_taken_for_a_turn_today_stands_alone():
    assert told(
        paired([spoken(1, 5.0, 6.0)], [spoken(1, 1.0, 2.0), spoken(2, 5.0, 6.0)], [(1, 4.8, 6.2)])
    ) == [
        (None, 1),
        (1, 2),
    ]


def test_a_turn_heard_in_two_pieces_is_put_together():
    now = [spoken(1, 5.0, 6.0, "my order"), spoken(2, 6.5, 8.0, "is lost")]
    (pair,) = paired([spoken(1, 5.0, 8.0)], now, [(1, 4.8, 8.2)])
    assert pair.now.text == "my order is lost"


def test_two_turns_heard_as_one_are_put_together_and_none_is_lost():
    then = [spoken(1, 5.0, 6.0, "my order"), spoken(2, 6.5, 8.0, "is lost")]
    (pair,) = paired(then, [spoken(1, 5.0, 8.0)], [(1, 4.8, 6.2), (2, 6.3, 8.2)])
    assert (pair.then.text, pair.numbers) == ("my order is lost", (1, 2))


def test_silences_are_paired_by_their_place():
    then = [GREETING, silent(1), spoken(2, 12.0, 13.0)]
    now = [GREETING, silent(1), silent(2), spoken(3, 20.0, 21.0)]
    assert told(paired(then, now, [(2, 19.8, 21.2)])) == [(0, 0), (1, 1), (None, 2), (2, 3)]
