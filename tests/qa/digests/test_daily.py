"""Servers that come and go send the digest of each day once."""

import asyncio
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import OperationalError

from calls.database import open_engine
from qa.digests.daily import HOLD, DailyDigest
from qa.digests.delivery import Failure, NotSentError
from qa.digests.store import DigestStore

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 6
QUARTER = 900.0


class OverError(Exception):
    """The story is at its end."""


class House:
    """Servers on one database, under one clock that goes by quarters of an hour."""

    def __init__(self, engine):
        self.engine = engine
        self.at = self.until = datetime(2026, 11, 23, 12, 0, tzinfo=BERLIN)
        self.sent = []
        self.failures = []
        """What the next tries end with."""

    async def send(self, day):
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((day.day, self.at))

    async def pause(self, seconds):
        # Aware times of one zone are counted by its clock, which is all that matters here.
        self.at += timedelta(seconds=max(seconds, QUARTER))
        if self.at >= self.until:
            raise OverError

    def server(self, send=None):
        return DailyDigest(
            *(DigestStore(self.engine), send or self.send, lambda: BERLIN, HOUR, lambda: self.at, self.pause)
        )

    async def runs(self, **time):
        """A server is started, and killed after so long."""
        self.until = self.at + timedelta(**time)
        with pytest.raises(OverError):
            await self.server().run()
        self.at = self.until

    @property
    def days(self):
        return [day for day, _ in self.sent]


@pytest.fixture
async def house(database_url):
    engine = open_engine(database_url)
    yield House(engine)
    await engine.dispose()


async def test_yesterdays_digest_goes_out_once_a_day_at_the_hour(house):
    await house.runs(days=4)
    assert house.days == [22, 23, 24, 25, 26]
    assert {at.hour for _, at in house.sent[1:]} == {HOUR}


async def test_a_restart_sends_nothing_twice_and_leaves_nothing_out(house):
    for _ in range(6):
        await house.runs(hours=9)
    assert house.days == [22, 23, 24]
    house.at += timedelta(days=3)  # nobody runs
    await house.runs(hours=1)
    assert house.days == [22, 23, 24, 25, 26, 27]


async def test_who_starts_and_is_stopped_before_the_hour_has_begun_all_the_same(house):
    house.at = house.at.replace(hour=3)
    await house.runs(hours=1)
    assert house.sent == []
    house.at += timedelta(days=2)
    await house.runs(hours=3)
    assert house.days == [22, 23, 24]


async def test_servers_that_look_at_once_send_once(house):
    gate = asyncio.Barrier(1)

    async def slowly(day):
        async with gate:
            await house.send(day)

    servers = [house.server(slowly) for _ in range(4)]
    await asyncio.gather(*(one.look() for one in servers))
    await asyncio.gather(*(one.look() for one in servers))
    assert house.days == [22]


async def test_a_failure_is_logged_with_its_code_and_tried_again(house, logged):
    house.failures = [NotSentError(Failure.NOT_TOLD, "status 503"), OSError("no disk")]
    await house.runs(hours=2)
    assert house.days == [22]
    told = [
        (fields["day"], fields["attempt"], fields["code"]) for level, _, fields in logged if level == "ERROR"
    ]
    assert told == [("2026-11-22", 1, "digest.not_told"), ("2026-11-22", 2, "digest.broken")]


async def test_a_day_that_fails_holds_up_no_other(house):
    await house.runs(hours=1)
    house.at += timedelta(days=3)
    house.failures = [NotSentError(Failure.NOT_WRITTEN, "no space")]
    server = house.server()
    await server.look()
    assert house.days == [22, 24, 25]
    house.at += timedelta(minutes=5)
    await server.look()
    assert house.days == [22, 24, 25, 23]


async def test_a_day_whose_server_was_killed_is_taken_up_by_another(house):
    begun = asyncio.Event()

    async def never(_day):
        begun.set()
        await asyncio.Event().wait()

    killed = asyncio.create_task(house.server(never).look())
    async with asyncio.timeout(10):
        await begun.wait()
    killed.cancel()
    await asyncio.wait({killed})
    other = house.server()
    await other.look()
    assert house.sent == [], "it may still be at it"
    house.at += HOLD
    await other.look()
    assert house.days == [22]


async def test_who_was_too_slow_does_not_say_what_became_of_it(house, logged):
    async def too_long(_day):
        house.at += HOLD
        await house.server().look()

    await house.server(too_long).look()
    assert house.days == [22], "the other has sent it"
    assert any("taken over" in text for _, text, _ in logged)
    assert (await DigestStore(house.engine).known(9))[date(2026, 11, 22)].done


async def test_a_database_that_does_not_answer_is_asked_again(house, logged, monkeypatch):
    async def gone(*_):
        raise OperationalError("select", {}, Exception("away"))

    with monkeypatch.context() as patched:
        patched.setattr(DigestStore, "known", gone)
        await house.runs(hours=1)
    assert {fields["code"] for level, _, fields in logged if level == "ERROR"} == {"digest.not_read"}
    await house.runs(hours=1)
    assert house.days == [22]
