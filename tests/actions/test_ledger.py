"""The ledger: one row for one key, across processes."""

import asyncio

import pytest

from actions.ledger import (
    ClaimLostError,
    DailyLimitError,
    KeyReusedError,
    Standing,
    State,
    Write,
    open_ledger,
)
from actions.types import Failure

WRITE = Write("CA1:2:shop.x", "shop.x", "f" * 16, "1")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def other(database_url, now):
    """Another process's ledger."""
    async with await open_ledger(database_url, now) as one:
        yield one


async def test_a_write_goes_from_requested_to_done(ledger, now):
    standing, entry = await ledger.claim(WRITE, 10)
    assert (standing, entry.state, entry.call_id) == (Standing.FRESH, State.REQUESTED, "CA1")
    await ledger.begin(WRITE.key, 10)
    assert (await ledger.entry(WRITE.key)).state is State.RUNNING
    now.move(seconds=2)
    await ledger.settle(WRITE.key, State.DONE, {"n": 1})
    standing, entry = await ledger.claim(WRITE, 10)
    assert (standing, entry.result, entry.attempts) == (Standing.SETTLED, {"n": 1}, 1)
    assert (entry.changed_at - entry.requested_at).total_seconds() == 2
    assert await ledger.of_call("CA1") == [entry]


async def test_what_another_process_is_at_is_left_to_it_for_its_time(ledger, other, now):
    await ledger.claim(WRITE, 10)
    await ledger.begin(WRITE.key, 10)
    assert (await other.claim(WRITE, 10))[0] is Standing.HELD
    now.move(seconds=11)
    assert (await other.claim(WRITE, 10))[0] is Standing.UNSETTLED
    with pytest.raises(ClaimLostError):
        await ledger.settle(WRITE.key, State.DONE, {})


async def test_what_was_only_requested_can_be_begun_by_another(ledger, other, now):
    await ledger.claim(WRITE, 10)
    now.move(seconds=11)
    assert (await other.claim(WRITE, 10))[0] is Standing.FRESH
    with pytest.raises(ClaimLostError):
        await ledger.begin(WRITE.key, 10)


async def test_only_one_of_many_takes_an_abandoned_key_over(ledger, database_url, now):
    await ledger.claim(WRITE, 10)
    await ledger.begin(WRITE.key, 10)
    now.move(seconds=11)
    rivals = [await open_ledger(database_url, now) for _ in range(4)]
    standings = [found[0] for found in await asyncio.gather(*(one.claim(WRITE, 10) for one in rivals))]
    assert sorted(standings) == [Standing.HELD] * 3 + [Standing.UNSETTLED]
    for one in rivals:
        await one.close()


async def test_an_unknown_outcome_is_looked_up_by_whoever_asks_next(ledger, other):
    await ledger.claim(WRITE, 10)
    await ledger.begin(WRITE.key, 10)
    await ledger.settle(WRITE.key, State.UNKNOWN, {}, Failure.UNKNOWN)
    assert (await other.claim(WRITE, 10))[0] is Standing.UNSETTLED


@pytest.mark.parametrize(
    "changed",
    [
        Write(WRITE.key, "shop.y", WRITE.fingerprint, "1"),
        Write(WRITE.key, WRITE.action, "0" * 16, "1"),
        Write(WRITE.key, WRITE.action, WRITE.fingerprint, "2"),
    ],
)
async def test_a_key_cannot_stand_for_two_requests(ledger, changed):
    await ledger.claim(WRITE, 10)
    with pytest.raises(KeyReusedError):
        await ledger.claim(changed, 10)


async def test_what_is_over_the_days_limit_is_not_entered(ledger):
    await ledger.claim(WRITE, 10, per_day=1)
    second = Write("CA2:1:shop.x", WRITE.action, WRITE.fingerprint, "1")
    with pytest.raises(DailyLimitError):
        await ledger.claim(second, 10, per_day=1)
    assert await ledger.entry(second.key) is None


async def test_a_key_has_a_longest_form(ledger):
    with pytest.raises(KeyReusedError):
        await ledger.claim(Write("k" * 201, "shop.x", "f" * 16, None), 10)
