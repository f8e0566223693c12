"""What a script goes on with, once the caller of a call that was really had is back from a hand-over."""

from datetime import UTC, datetime

from calls.events import TransferRequested, TurnKeyed, TurnSaid
from qa.seed.aloud import going_on
from qa.seed.course import Timed, as_events

ORDER = TransferRequested(transfer_id="T1", queue="support", reason="asked_for_person", words="a person")


def keyed(turn):
    return TurnKeyed(turn=turn, digits="1", start_s=1.0, end_s=1.2)


def said(turn):
    return TurnSaid(turn=turn, text="Goodbye.", heard="Goodbye.", start_s=2.0, end_s=3.0)


def test_turns_are_counted_on_from_what_was_had():
    had = as_events(
        [Timed(float(turn), keyed(turn)) for turn in range(1, 5)], "CA1", datetime(2026, 1, 5, tzinfo=UTC)
    )
    played = [keyed(1), keyed(2), ORDER, said(2), keyed(3)]
    assert going_on(had, played) == [said(4), keyed(5)]


def test_what_was_never_handed_over_in_the_script_goes_on_with_nothing():
    assert going_on([], [keyed(1), said(1)]) == []
