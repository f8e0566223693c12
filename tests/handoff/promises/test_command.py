"""`warmline callbacks`, as an operator uses it."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from actions.desk import Appointment, Promises
from actions.desk.tables import PromiseState, promises
from cli import app
from handoff.promises.command import open_promises
from settings import StorageSettings

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
MARIA, JONAS = "+15550142000", "+15550142001"


@pytest.fixture
def warmline(tmp_path, monkeypatch):
    """Runs `warmline callbacks` on a database with two promises: one waits, one was given up."""
    monkeypatch.setenv("WARMLINE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    asyncio.run(two_promises(StorageSettings().store_url))
    runner = CliRunner()
    return lambda *args: runner.invoke(app, ["callbacks", *args], env={"COLUMNS": "160"})


async def two_promises(url):
    class Diary:
        region = None

        def appoint(self, queue, when, at):
            return Appointment("support", at)

    async with open_promises(url) as store:
        noting = Promises(store._engine, lambda: NOW, Diary)
        await noting.note("k1", "CA1", MARIA, "a return", "", "")
        given_up = await noting.note("k2", "CA2", JONAS, "an invoice", "", "")
        async with store._engine.begin() as connection:
            of_jonas = promises.c.promise_id == given_up["promise_id"]
            await connection.execute(update(promises).where(of_jonas).values(state=PromiseState.GIVEN_UP))


def test_those_that_people_must_see_to_are_listed_first_and_closed_by_hand(warmline):
    shown = warmline().stdout
    assert shown.index(JONAS) < shown.index(MARIA)
    assert "tried too often: call them yourself" in shown
    jonas, maria = (json.loads(line) for line in warmline("--json").stdout.splitlines())
    assert (jonas["phone"], jonas["state"], maria["state"]) == (JONAS, "given_up", "waiting")
    assert warmline("done", jonas["promise_id"][:8]).exit_code == 0
    assert JONAS not in warmline().stdout
    assert warmline("done", maria["promise_id"]).exit_code == 0
    assert "No call-backs are promised." in warmline().stdout


def test_one_that_there_is_not_is_one_line_and_no_traceback(warmline):
    refused = warmline("done", "zzz")
    assert refused.exit_code == 1
    assert "no open call-back begins with 'zzz'" in refused.output
    assert warmline("done", "").exit_code == 1, "an empty beginning is nobody's"
