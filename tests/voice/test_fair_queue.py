"""Who is served next when many calls want the same model."""

import pytest

from voice.fair_queue import FairQueue, Lane, Overloaded


def taken(queue):
    jobs = []
    while (job := queue.take()) is not None:
        jobs.append(job)
    return jobs


def test_what_a_caller_waits_for_goes_before_what_may_wait():
    queue = FairQueue(10)
    queue.put("partial", "a", Lane.IDLE)
    queue.put("rest of a sentence", "a", Lane.SOON)
    queue.put("final", "b", Lane.NOW)
    assert taken(queue) == ["final", "rest of a sentence", "partial"]


def test_calls_take_turns_and_each_keeps_its_order():
    queue = FairQueue(10)
    for number in range(3):
        queue.put(f"talker {number}", "talker", Lane.NOW)
    queue.put("other", "other", Lane.NOW)
    assert taken(queue) == ["talker 0", "other", "talker 1", "talker 2"]


def test_a_full_queue_refuses_and_says_so():
    queue = FairQueue(1)
    queue.put("one", "a", Lane.NOW)
    with pytest.raises(Overloaded, match="1 jobs are waiting"):
        queue.put("two", "b", Lane.NOW)


def test_a_job_nobody_wants_any_more_is_taken_out_once():
    queue = FairQueue(2)
    queue.put("one", "a", Lane.NOW)
    assert queue.drop("one")
    assert not queue.drop("one")
    assert len(queue) == 0
    queue.put("two", "a", Lane.NOW)
    queue.put("three", "a", Lane.NOW)
    assert taken(queue) == ["two", "three"]
