"""Work on the model's thread, for calls that share it."""

import asyncio
import threading

import pytest

from voice.fair_queue import Lane
from voice.workers import Worker


@pytest.fixture
def worker():
    made = Worker("test")
    yield made
    made.stop()


async def held(worker):
    """A job that keeps the thread until the returned event is set."""
    started, release = threading.Event(), threading.Event()

    def hold():
        started.set()
        release.wait(10)

    task = asyncio.ensure_future(worker.run(hold, "holder"))
    await asyncio.to_thread(started.wait, 10)
    return task, release


async def test_the_result_comes_back_and_so_does_what_broke(worker):
    assert await worker.run(lambda: 4711, "a") == 4711
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 / 0, "a")


async def test_a_final_overtakes_the_partials_of_all_calls(worker):
    order = []
    holding, release = await held(worker)
    jobs = [
        asyncio.ensure_future(worker.run(lambda: order.append("partial a"), "a", Lane.IDLE)),
        asyncio.ensure_future(worker.run(lambda: order.append("partial b"), "b", Lane.IDLE)),
        asyncio.ensure_future(worker.run(lambda: order.append("final b"), "b", Lane.NOW)),
    ]
    await asyncio.sleep(0)
    assert not worker.idle
    release.set()
    await asyncio.gather(holding, *jobs)
    assert order == ["final b", "partial a", "partial b"]


async def test_cancelled_work_is_not_done(worker):
    done = []
    holding, release = await held(worker)
    job = asyncio.ensure_future(worker.run(lambda: done.append("never"), "a"))
    await asyncio.sleep(0)
    job.cancel()
    await asyncio.sleep(0)
    release.set()
    await holding
    await worker.run(lambda: None, "b")
    assert done == []


async def test_the_wait_of_urgent_work_is_told_once(worker):
    assert worker.take_wait_s() == 0.0
    holding, release = await held(worker)
    waiting = asyncio.ensure_future(worker.run(lambda: None, "a"))
    await asyncio.sleep(0.05)
    release.set()
    await asyncio.gather(holding, waiting)
    assert worker.take_wait_s() >= 0.04
    assert worker.take_wait_s() == 0.0, "what is over is no load, even while the worker is busy with what may wait"


async def test_work_that_never_begins_is_load():
    now = [0.0]
    worker = Worker("test", clock=lambda: now[0])
    holding, release = await held(worker)
    waiting = asyncio.ensure_future(worker.run(lambda: None, "a"))
    await asyncio.sleep(0)
    now[0] = 0.6
    assert worker.take_wait_s() == 0.0, "it may begin in a moment"
    now[0] = 1.2
    assert worker.take_wait_s() == worker.take_wait_s() == 1.2
    release.set()
    await asyncio.gather(holding, waiting)
    worker.stop()
