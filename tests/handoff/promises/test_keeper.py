"""Promises are kept: over restarts, by two processes at once, and by one that is killed at any moment.

The database is real, the clock stands until it is moved, and the carrier is one that remembers what it was asked for by
the name of each try, as the real one's calls are remembered in the transfers.
"""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from enum import IntEnum

import pytest

from actions.desk import Appointment, Promises
from actions.desk.tables import PromiseState
from calls.database import open_engine
from dialog.schema.queues import QueuesFile
from handoff.promises.keeper import HOLD_S, MOST_BREAKS, PromiseKeeper
from handoff.promises.promise import MOST_TRIES, Result
from handoff.promises.store import PromiseLostError, PromiseStore

QUEUES = QueuesFile.model_validate(
    {
        "hours": {day: ["00:00-18:00"] for day in ("wed", "thu", "fri")},
        "queues": {"support": {"name": "support"}},
    }
)
MARIA, JONAS = "+15550142000", "+15550142001"


class Now:
    def __init__(self):
        self.at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def __call__(self):
        return self.at

    def move(self, **by):
        self.at += timedelta(**by)


class Stage(IntEnum):
    """How far a try has come, by what the carrier knows of it."""

    NOTHING = 0
    AGENT_RINGS = 1
    AGENT_ACCEPTED = 2
    CALLER_RINGS = 3
    TALKING = 4


class Carrier:
    """Knows every try by its name, whatever becomes of the process that asked for it."""

    def __init__(self):
        self.stages = {}
        self.dialled = Counter()
        self.agents_rung = 0
        self.free = True
        self.ends = {}
        """By number: what its tries come to."""

    def enters(self, attempt, stage):
        if self.stages.get(attempt, Stage.NOTHING) < stage:
            self.stages[attempt] = stage
            return True
        return False

    @property
    def furthest(self):
        return max(self.stages.values(), default=None)


class Process:
    """One process that keeps promises: asks the carrier step by step, and is `stuck` where a test wants to kill it."""

    def __init__(self, engine, carrier, now, stuck=None):
        self.carrier, self.stuck = carrier, stuck
        self.told = []
        self.breaks = 0
        self.holds = asyncio.Event()
        self.store = PromiseStore(engine)
        self.keeper = PromiseKeeper(self.store, self, self, lambda: QUEUES, now, self._pause)
        self._work = []

    async def is_free(self, promise):
        return self.carrier.free

    async def call_back(self, promise):
        if self.breaks:
            self.breaks -= 1
            raise ConnectionResetError("the carrier")
        self.carrier.stages.setdefault(promise.attempt, Stage.NOTHING)
        await self._here(Stage.NOTHING)
        self.carrier.agents_rung += self.carrier.enters(promise.attempt, Stage.AGENT_RINGS)
        await self._here(Stage.AGENT_RINGS)
        if (ends := self.carrier.ends.get(promise.phone)) is Result.NO_AGENT:
            return ends
        self.carrier.enters(promise.attempt, Stage.AGENT_ACCEPTED)
        await self._here(Stage.AGENT_ACCEPTED)
        self.carrier.dialled[promise.phone] += self.carrier.enters(promise.attempt, Stage.CALLER_RINGS)
        await self._here(Stage.CALLER_RINGS)
        if ends is not None:
            return ends
        self.carrier.enters(promise.attempt, Stage.TALKING)
        await self._here(Stage.TALKING)
        return Result.KEPT

    async def tried(self, promise, result):
        self.told.append((promise.state, result))

    async def _here(self, stage):
        if stage is self.stuck:
            await asyncio.Event().wait()

    async def _pause(self, _seconds):
        await self.holds.wait()
        self.holds.clear()

    async def looks(self):
        await self.keeper.look()

    def runs(self):
        self._work.append(asyncio.create_task(self.keeper.run()))

    async def is_killed(self):
        """Nothing is written any more, nothing is told."""
        for work in self._work:
            work.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        await self.keeper.close()


@pytest.fixture
def now():
    return Now()


@pytest.fixture
def carrier():
    return Carrier()


@pytest.fixture
async def process(database_url, carrier, now):
    """Starts one more process on the same database: `process()`."""
    engines, processes = [], []

    def start(stuck=None):
        engines.append(open_engine(database_url))
        processes.append(Process(engines[-1], carrier, now, stuck))
        return processes[-1]

    yield start
    for one in processes:
        await one.is_killed()
    for engine in engines:
        await engine.dispose()


@pytest.fixture
async def promise(process, now):
    """Notes a call-back: `await promise(MARIA)`."""

    class Diary:
        region = None

        def appoint(self, queue, when, at):
            return Appointment(queue, at)

    first = process()

    async def note(phone):
        promises = Promises(first.store._engine, now, Diary)
        noted = await promises.note(f"CA1:{phone}", "CA1", phone, "returns", "support", "")
        return noted["promise_id"]

    return note


async def until(true, within_s=5.0):
    """Wait, in real time, for what other tasks bring about."""
    async with asyncio.timeout(within_s):
        while not await true():
            await asyncio.sleep(0.002)


async def settles(process, promise_id, state=PromiseState.KEPT):
    """It is written down, and the process is done with it: it tells the desk after it has written."""

    async def settled():
        written = (await process.store.by_id(promise_id)).state is state
        return written and promise_id not in process.keeper._under_way

    await until(settled)


async def test_a_promise_is_kept_and_the_desk_is_told(process, promise, carrier):
    maria = await promise(MARIA)
    one = process()
    await one.looks()
    await settles(one, maria)
    assert carrier.dialled == {MARIA: 1}
    assert one.told == [(PromiseState.KEPT, Result.KEPT)]
    await one.looks()
    assert carrier.agents_rung == 1, "what is kept is not kept again"


@pytest.mark.parametrize("stage", list(Stage))
async def test_a_process_killed_at_any_moment_leads_to_exactly_one_call_back(
    stage, process, promise, carrier, now
):
    maria = await promise(MARIA)
    killed = process(stuck=stage)
    killed.runs()

    async def is_there():
        return carrier.furthest is stage

    await until(is_there)
    await killed.is_killed()

    other = process()
    await other.looks()
    assert carrier.furthest is stage, "nobody touches it while the first may still be at it"
    now.move(seconds=HOLD_S + 1)
    await other.looks()
    await settles(other, maria)
    assert carrier.dialled == {MARIA: 1}
    assert carrier.agents_rung == 1
    assert (await other.store.by_id(maria)).tries == 1, "it was one and the same try"
    assert (killed.told, other.told) == ([], [(PromiseState.KEPT, Result.KEPT)])


async def test_two_processes_that_look_at_once_call_once(process, promise, carrier):
    promises = [await promise(phone) for phone in (MARIA, JONAS)]
    one, other = process(), process()
    await asyncio.gather(one.looks(), other.looks())
    for promise_id in promises:
        await settles(one, promise_id)
        await settles(other, promise_id)
    assert carrier.dialled == {MARIA: 1, JONAS: 1}
    assert len(one.told) + len(other.told) == 2


async def test_nobody_is_called_while_no_agent_is_free_and_no_try_is_used_up(process, promise, carrier):
    maria = await promise(MARIA)
    one = process()
    carrier.free = False
    await one.looks()
    assert (await one.store.by_id(maria)).tries == 0
    carrier.free = True
    await one.looks()
    await settles(one, maria)


async def test_nobody_is_called_when_the_queue_is_closed(process, promise, carrier, now):
    maria = await promise(MARIA)
    one = process()
    now.move(hours=6)
    await one.looks()
    assert (await one.store.by_id(maria)).tries == 0
    now.move(hours=6)
    await one.looks()
    await settles(one, maria)


@pytest.mark.parametrize("result", [Result.NO_ANSWER, Result.BUSY, Result.FAILED, Result.NO_AGENT])
async def test_what_comes_to_nothing_is_tried_again_later_and_in_the_end_given_to_people(
    result, process, promise, carrier, now
):
    maria = await promise(MARIA)
    carrier.ends[MARIA] = result
    one = process()
    for number in range(1, MOST_TRIES + 1):
        await one.looks()
        await settles(one, maria, PromiseState.WAITING if number < MOST_TRIES else PromiseState.GIVEN_UP)
        await one.looks()
        assert len(one.told) == number, "not before the pause is over"
        now.move(days=1)
        now.at = now.at if now.at.weekday() in {2, 3, 4} else now.at + timedelta(days=4)
    assert carrier.dialled[MARIA] == (0 if result is Result.NO_AGENT else MOST_TRIES)
    assert one.told[-1] == (PromiseState.GIVEN_UP, result)
    assert [given.promise_id for given in await one.store.given_up()] == [maria]
    assert await one.store.close(maria, now())
    assert await one.store.given_up() == []


async def test_a_try_that_lasts_stays_with_its_process(process, promise, carrier, now):
    await promise(MARIA)
    one, other = process(stuck=Stage.TALKING), process()
    await one.looks()

    async def talks():
        return carrier.furthest is Stage.TALKING

    await until(talks)
    for _ in range(4):
        now.move(seconds=HOLD_S / 3)
        before = (await one.store.open())[0].held_until
        one.holds.set()

        async def is_prolonged(before=before):
            return (await one.store.open())[0].held_until > before

        await until(is_prolonged)
    await other.looks()
    assert other.told == []
    assert (await other.store.open())[0].tries == 1


async def test_a_process_that_was_silent_too_long_cannot_write_over_the_other_s_result(process, promise, now):
    maria = await promise(MARIA)
    slow, other = process(), process()
    (seen,) = await slow.store.open()
    mine = await slow.store.claim(seen, "slow", now(), HOLD_S)
    assert await other.store.claim(seen, "other", now(), HOLD_S) is None
    now.move(seconds=HOLD_S + 1)
    theirs = await other.store.claim(mine, "other", now(), HOLD_S)
    assert theirs.attempt == mine.attempt
    with pytest.raises(PromiseLostError):
        await slow.store.keep(mine, now(), HOLD_S)
    with pytest.raises(PromiseLostError):
        await slow.store.settle(mine, mine, now())
    assert (await other.store.by_id(maria)).held_by == "other"


async def test_after_an_error_the_same_try_goes_on_and_at_last_counts_as_failed(
    process, promise, carrier, now
):
    maria = await promise(MARIA)
    one = process()
    one.breaks = MOST_BREAKS
    for number in range(1, MOST_BREAKS + 1):
        await one.looks()
        await until(lambda number=number: _equal(one.breaks, MOST_BREAKS - number))
        await until(lambda: _equal(len(one.keeper._under_way), 0))
        assert (await one.store.by_id(maria)).tries == 1
        now.move(seconds=HOLD_S + 1)
    assert one.told == [(PromiseState.WAITING, Result.FAILED)]
    now.move(hours=1)
    await one.looks()
    await settles(one, maria)
    assert carrier.dialled == {MARIA: 1}


async def test_a_process_takes_up_no_more_than_it_can(process, promise):
    for number in range(4):
        await promise(f"+1555014200{number}")
    one = process(stuck=Stage.AGENT_RINGS)
    await one.looks()
    await one.looks()
    assert sum(found.state is PromiseState.CALLING for found in await one.store.open()) == 2


async def test_people_who_have_called_back_themselves_close_the_promise(process, promise, carrier, now):
    maria = await promise(MARIA)
    one = process()
    assert await one.store.close(maria, now())
    await one.looks()
    assert carrier.agents_rung == 0
    assert not await one.store.close(maria, now()), "it is kept already"


async def _equal(one, other):
    return one == other
