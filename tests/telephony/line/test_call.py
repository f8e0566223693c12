"""The states of a call."""

from datetime import UTC, datetime, timedelta

import pytest

from telephony.line.call import OVER, Call, CallStatus, Direction, InvalidMoveError

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def call():
    return Call("CA1", "AC1", "+1", "+2", Direction.INBOUND, NOW)


def test_a_call_that_is_answered_and_ends_has_a_duration():
    one = call()
    one.move(CallStatus.RINGING, NOW)
    one.move(CallStatus.IN_PROGRESS, NOW + timedelta(seconds=2))
    assert one.duration_s is None
    one.move(CallStatus.COMPLETED, NOW + timedelta(seconds=33))
    assert one.duration_s == 31
    assert one.over


@pytest.mark.parametrize("end", sorted(OVER - {CallStatus.COMPLETED}))
def test_a_call_that_nobody_answered_has_none(end):
    one = call()
    one.move(CallStatus.RINGING, NOW)
    one.move(end, NOW)
    assert one.duration_s is None


@pytest.mark.parametrize("end", sorted(OVER))
def test_an_end_is_never_left(end):
    one = call()
    one.status = end
    for status in CallStatus:
        with pytest.raises(InvalidMoveError):
            one.move(status, NOW)


def test_an_answered_call_cannot_become_busy():
    one = call()
    one.move(CallStatus.IN_PROGRESS, NOW)
    with pytest.raises(InvalidMoveError):
        one.move(CallStatus.BUSY, NOW)
