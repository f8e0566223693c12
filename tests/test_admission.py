"""When a call more can be served well."""

import asyncio

import pytest

from admission import LATE_LOOP_S, LONG_WAIT_S, MEMORY_S, Admission, look, watch


def quiet(admission, until_s=5.0):
    for tenth in range(int(until_s * 10) + 1):
        admission.note(tenth / 10, lag_s=0.001, wait_s=0.0)


def test_a_quiet_machine_takes_calls():
    admission = Admission()
    quiet(admission)
    assert admission.accepts(5.0, live_calls=3)


@pytest.mark.parametrize(("lag_s", "wait_s"), [(2 * LATE_LOOP_S, 0.0), (0.0, 2 * LONG_WAIT_S)])
def test_a_late_loop_or_a_long_queue_refuses_until_it_is_over_for_a_while(lag_s, wait_s):
    admission = Admission()
    quiet(admission)
    admission.note(5.1, lag_s, wait_s)
    assert admission.accepts(5.1, 3), "one hiccup is no load"
    admission.note(5.2, lag_s, wait_s)
    assert not admission.accepts(5.2, 3)
    admission.note(5.3, 0.0, 0.0)
    assert not admission.accepts(5.3, 3), "load comes in waves"
    admission.note(5.4 + MEMORY_S, 0.0, 0.0)
    assert admission.accepts(5.4 + MEMORY_S, 3)


def test_what_cannot_be_measured_counts_as_full():
    assert not Admission().accepts(0.0, 0)
    admission = Admission()
    quiet(admission)
    assert not admission.accepts(100.0, 0), "the last measurement is old"


def test_an_operators_own_limit_holds():
    admission = Admission(most_calls=2)
    quiet(admission)
    assert admission.accepts(5.0, 1)
    assert not admission.accepts(5.0, 2)


async def test_the_loops_lag_and_the_queue_are_watched(virtual_time):
    admission = Admission()
    watching = asyncio.ensure_future(watch(admission, lambda: virtual_time.now, lambda: 0.7))
    await virtual_time.advance(1.0)
    assert not admission.accepts(virtual_time.now, 0)
    watching.cancel()


async def test_one_look_is_enough_for_the_first_call(virtual_time):
    admission = Admission()
    looking = asyncio.ensure_future(look(admission, lambda: virtual_time.now, lambda: 0.0))
    await virtual_time.advance(0.2)
    await looking
    assert admission.accepts(virtual_time.now, 0)
