"""When the caller's words are decoded, on a clock of 20 ms."""

from voice.hearing.schedule import Decode, Schedule


def story(*moments):
    """Runs a schedule through (now_s, quiet_s, idle) and returns what it began."""
    schedule = Schedule()
    schedule.begin(0.0)
    return [schedule.next(now, quiet, idle=idle, underway=False) for now, quiet, idle in moments]


def test_partials_come_while_the_caller_speaks_and_the_model_is_idle():
    assert story((0.3, 0.0, True), (0.7, 0.0, True), (0.9, 0.0, True), (1.4, 0.0, True)) == [
        None,
        Decode.PARTIAL,
        None,
        Decode.PARTIAL,
    ]
    assert story((0.7, 0.0, False)) == [None]


def test_the_first_quiet_window_is_decoded_at_once_where_nobody_else_waits():
    assert story((1.0, 0.032, True), (1.1, 0.13, True)) == [Decode.EARLY, None]


def test_a_pause_is_decoded_even_where_others_wait():
    assert story((1.0, 0.032, False), (1.06, 0.096, False), (1.1, 0.128, False)) == [None, None, Decode.FINAL]


def test_a_caller_who_goes_on_is_decoded_again_at_the_next_pause():
    assert story((0.3, 0.032, True), (0.4, 0.0, True), (0.5, 0.032, True)) == [
        Decode.EARLY,
        None,
        Decode.EARLY,
    ]
