"""The tables of a new installation, and of one that has been there for long, on both databases."""

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, insert, select

from actions import ledger_table
from actions.desk import tables as desk
from calls import tables as calls
from calls.database import open_engine
from calls.migrate import alembic_config, upgrade, upgrade_engine
from calls.summary import CallSummary
from handoff.roster import people
from handoff.transfer import store as transfers
from qa.access import log as accesses
from qa.digests import tables as digests
from qa.facts import tables as facts
from qa.gaps import store as gaps
from qa.learning import tables as learning
from qa.privacy import tables as privacy
from qa.replay import tables as replay
from qa.review import store as reviews
from qa.scorecards import tables as scorecards
from qa.views import store as views
from tests.calls.conftest import START

ROOMS = (
    *(calls, ledger_table, desk, people, transfers, accesses, facts),
    digests,
    *(gaps, learning, privacy, replay, reviews, scorecards, views),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    with request.getfixturevalue("postgresql_server").database(empty=True) as url:
        yield url


@pytest.fixture
async def engine(empty_url):
    one = open_engine(empty_url)
    yield one
    await one.dispose()


async def test_a_new_installation_has_the_tables_that_the_code_works_with(engine):
    await upgrade_engine(engine)
    wanted = MetaData()
    for room in ROOMS:
        for table in room.metadata.tables.values():
            table.to_metadata(wanted)

    def differences(connection):
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, wanted)

    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    # What the database has beyond that is how it searches, which each does in its own way.
    missing = [one for one in found if isinstance(one, list) or not one[0].startswith("remove_")]
    assert missing == []


async def test_calls_in_which_a_language_model_was_asked_are_counted_anew(engine):
    asked, alone = "CA1", "CA2"
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "0011"))
        for call_id, proposed in ((asked, "slow"), (alone, None)):
            known = CallSummary(call_id=call_id, started_at=START, turns=1).model_dump()
            await connection.execute(insert(calls.calls), {**known, "last_seq": 9})
            event = {"call_id": call_id, "seq": 9, "at": START, "name": "turn.planned"}
            await connection.execute(insert(calls.events), {**event, "body": {"proposed": proposed}})
            few = {"call_id": call_id, "last_seq": 9, "started_at": START, "outcome": "contained"}
            counts = dict.fromkeys(("discontent", "action_failures", "no_match", "unanswered"), 0)
            await connection.execute(
                insert(facts.facts), {**few, **counts, "auto_fail": False, "facts": {"call_id": call_id}}
            )
    await upgrade_engine(engine)
    async with engine.connect() as connection:
        found = await connection.execute(select(facts.facts.c.call_id, facts.facts.c.last_seq))
        assert {row.call_id: row.last_seq for row in found} == {asked: 0, alone: 9}


async def test_what_an_old_installation_knows_of_its_calls_is_still_there(engine):
    known = CallSummary(call_id="CA1", started_at=START, turns=0).model_dump(exclude={"last_seq"})
    event = {"call_id": "CA1", "seq": 7, "at": START, "name": "turn.silent", "body": {}}
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "0003"))
        await connection.execute(insert(calls.events), event)
        await connection.execute(insert(calls.calls), known)
    await upgrade_engine(engine)
    async with engine.connect() as connection:
        row = (await connection.execute(select(calls.calls))).one()
    assert (row.call_id, row.started_at, row.last_seq) == ("CA1", START, 7)


async def test_processes_that_start_together_make_the_tables_once(empty_url):
    await asyncio.gather(*(upgrade(empty_url) for _ in range(3)))
    await upgrade(empty_url)
