"""The log: numbered, ordered, shared, and not lost."""

import asyncio
from datetime import timedelta

import pytest

from calls.events import CallEnded, CallEndReason, CallStarted, TurnSilent
from calls.ids import InvalidCallIdError
from calls.log import CallLog
from calls.store import StoreUnavailableError, open_store
from tests.calls.conftest import START, Now
from tests.calls.killed import kill_after
from tests.calls.story import whole_call


def silent(turn):
    return TurnSilent(turn=turn, at_s=float(turn))


ENDED = CallEnded(reason=CallEndReason.CALLER, duration_s=1.0)


async def test_events_are_numbered_from_one_without_gaps_and_read_back_equal(log):
    appended = [await log.append("CA1", body) for body in whole_call()]
    await log.flush()
    assert [event.seq for event in appended] == list(range(1, 15))
    assert await log.read("CA1") == appended
    assert await log.read("CA1", after=12) == appended[12:]


async def test_what_is_appended_can_be_read_before_it_is_stored(log):
    event = await log.append("CA1", silent(1))
    assert await log.read("CA1") == [event]


async def test_two_calls_at_once_keep_their_own_numbers(log):
    async def talk(call_id):
        for turn in range(50):
            await log.append(call_id, silent(turn))
            await asyncio.sleep(0)

    await asyncio.gather(talk("CA1"), talk("CA2"))
    await log.flush()
    for call_id in ("CA1", "CA2"):
        events = await log.read(call_id)
        assert [event.seq for event in events] == list(range(1, 51))
        assert [event.body.turn for event in events] == list(range(50))


async def test_who_has_called_lately_is_known_and_the_call_itself_is_none_of_them(log):
    number = "+15550142000"
    await log.append("CA1", CallStarted(caller=number, playbook="acme"))
    await log.append("CA2", CallStarted(caller=number, playbook="acme"))
    await log.flush()
    assert await log.has_called(number, START, but="CA2")
    assert not await log.has_called(number, START + timedelta(hours=1), but="CA2")
    assert not await log.has_called("+15550142001", START, but="CA2")
    only = "+15550142002"
    await log.append("CA3", CallStarted(caller=only, playbook="acme"))
    await log.flush()
    assert not await log.has_called(only, START, but="CA3")


async def test_a_call_goes_on_in_another_process_where_it_was(url, store, log):
    await log.append("CA1", silent(1))
    await log.flush()
    other_store = await open_store(url)
    other = CallLog(other_store, Now())
    assert (await other.append("CA1", silent(2))).seq == 2
    await other.close()
    await other_store.close()


async def test_two_processes_that_write_to_one_call_lose_nothing(url, store, log):
    other_store = await open_store(url)
    other = CallLog(other_store, Now())
    for turn in range(10):
        await log.append("CA1", silent(turn))
        await other.append("CA1", silent(100 + turn))
    await log.flush()
    await other.close()
    events = await log.read("CA1")
    assert [event.seq for event in events] == list(range(1, 21))
    turns = [event.body.turn for event in events]
    assert [turn for turn in turns if turn < 100] == list(range(10))
    assert [turn for turn in turns if turn >= 100] == list(range(100, 110))
    await other_store.close()


async def test_a_follower_gets_the_past_and_the_future_once_each_and_ends_with_the_call(log):
    await log.append("CA1", silent(1))
    followed = asyncio.create_task(_all(log.follow("CA1")))
    for turn in range(2, 5):
        await asyncio.sleep(0.01)
        await log.append("CA1", silent(turn))
    await log.append("CA2", silent(9))
    await log.append("CA1", ENDED)
    events = await asyncio.wait_for(followed, 5)
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]


async def test_a_follower_in_another_process_sees_it_too(url, log):
    other_store = await open_store(url)
    other = CallLog(other_store, Now())
    followed = asyncio.create_task(_all(other.follow("CA1")))
    await log.append("CA1", silent(1))
    await log.append("CA1", ENDED)
    assert len(await asyncio.wait_for(followed, 5)) == 2
    await other.close()
    await other_store.close()


async def test_a_slow_subscriber_misses_nothing_and_holds_nobody_up(log):
    subscription = log.subscribe(room=3)
    for turn in range(20):
        await log.append("CA1", silent(turn))
    await log.flush()
    got = [await asyncio.wait_for(anext(subscription), 5) for _ in range(20)]
    assert [event.seq for event in got] == list(range(1, 21))


async def test_a_store_that_fails_for_a_while_loses_nothing(store, monkeypatch):
    real, failures = store.write, iter(range(3))

    async def write(batch):
        if next(failures, None) is not None:
            raise StoreUnavailableError("down")
        await real(batch)

    monkeypatch.setattr(store, "write", write)
    log = CallLog(store, Now(), pause=lambda _s: asyncio.sleep(0))
    for turn in range(5):
        await log.append("CA1", silent(turn))
    await log.close()
    assert len(await store.read("CA1")) == 5


@pytest.mark.parametrize("call_id", ["", "../etc/passwd", "a" * 65, "a b"])
async def test_an_id_that_could_do_harm_is_refused(log, call_id):
    with pytest.raises(InvalidCallIdError):
        await log.append(call_id, silent(1))


async def test_a_killed_process_leaves_what_it_has_stored(url, tmp_path):
    code = f"""
import asyncio
from calls.events import TurnSilent
from calls.log import CallLog
from calls.store import open_store
from tests.calls.conftest import START, Now
async def main():
    log = CallLog(await open_store({url!r}), Now())
    for turn in range(1, 1000):
        await log.append("CA1", TurnSilent(turn=turn, at_s=0.0))
        await asyncio.sleep(0.01)
        print(turn, flush=True)
asyncio.run(main())
"""
    kill_after(code, 40)
    store = await open_store(url)
    events = await store.read("CA1")
    await store.close()
    assert len(events) >= 30
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


async def _all(events):
    return [event async for event in events]
