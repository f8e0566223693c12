"""The clock that jumps, and the threads that are none."""

import asyncio

import pytest

from qa.virtual.costs import HEARING_S, PLAN_S, Spent
from qa.virtual.loop import NothingLeftError, run_virtually
from qa.virtual.worker import MoreTime, VirtualWorker
from voice.fair_queue import Lane


def now():
    return asyncio.get_running_loop().time()


def test_an_hour_passes_at_once_and_timers_keep_their_order():
    async def work():
        began, seen = now(), []

        async def note(seconds):
            await asyncio.sleep(seconds)
            seen.append(round(now() - began, 6))

        await asyncio.gather(note(3600.0), note(0.5), note(60.0))
        return seen

    assert run_virtually(work(), Spent()) == [0.5, 60.0, 3600.0]


def test_who_waits_for_what_can_never_come_is_told_instead_of_hanging():
    async def work():
        await asyncio.Event().wait()

    with pytest.raises(NothingLeftError):
        run_virtually(work(), Spent())


def test_deciding_takes_its_modelled_time_and_no_thread():
    async def work():
        began = now()
        result = await asyncio.to_thread(lambda: asyncio.get_running_loop() is not None)
        return result, round(now() - began, 6)

    assert run_virtually(work(), Spent()) == (True, PLAN_S), "the work is done on the loop itself"


def test_an_error_on_the_way_reaches_who_asked():
    async def work():
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            await VirtualWorker("hearing", HEARING_S, Spent()).run(lambda: 1 // 0, "call")

    run_virtually(work(), Spent())


def test_urgent_work_goes_before_what_may_wait():
    async def work():
        worker, done = VirtualWorker("hearing", HEARING_S, Spent()), []
        began = now()

        async def ask(name, lane):
            await worker.run(lambda: None, "call", lane)
            done.append((name, round(now() - began, 6)))

        await asyncio.gather(ask("first", Lane.NOW), ask("glance", Lane.IDLE), ask("text", Lane.NOW))
        return done

    text_s, glance_s = HEARING_S[Lane.NOW], HEARING_S[Lane.IDLE]
    assert run_virtually(work(), Spent()) == [
        ("first", text_s),
        ("text", round(2 * text_s, 6)),
        ("glance", round(2 * text_s + glance_s, 6)),
    ]


def test_work_that_is_given_up_is_not_done_and_lets_the_next_begin():
    async def work():
        worker, done = VirtualWorker("hearing", HEARING_S, Spent()), []
        given_up = asyncio.ensure_future(worker.run(lambda: done.append("first"), "call"))
        await asyncio.sleep(HEARING_S[Lane.NOW] / 2)
        given_up.cancel()
        await worker.run(lambda: done.append("second"), "call")
        return done, worker.idle

    assert run_virtually(work(), Spent()) == (["second"], True)


def test_work_that_asks_for_more_time_is_called_again_then():
    async def work():
        asked = []

        def look():
            asked.append(round(now() - began, 6))
            if len(asked) == 1:
                raise MoreTime(0.4)
            return "found"

        began = now()
        return await VirtualWorker("hearing", HEARING_S, Spent()).run(look, "call"), asked

    first = HEARING_S[Lane.NOW]
    assert run_virtually(work(), Spent()) == ("found", [first, round(first + 0.4, 6)])
