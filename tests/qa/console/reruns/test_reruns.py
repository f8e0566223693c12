"""Running calls again from the console: who may, one at a time, and the report that comes of it."""

import asyncio
import json
import sys
from datetime import UTC, datetime

import pytest

from demo.qa import qa_stage
from qa.access.log import Accessed
from qa.console.panels import Viewing
from qa.console.reruns.jobs import BusyError, RerunJobs
from qa.console.reruns.panel import RerunPanel
from qa.rerun.difference import difference
from qa.rerun.report import Report
from qa.rerun.reports import NoSuchReportError, Reports
from qa.rerun.run import Rerun
from tests.web.site import client, sign_in

PASSWORD = "a good password"
NOW = datetime(2026, 11, 28, 18, tzinfo=UTC)


@pytest.fixture
async def stage(tmp_path):
    async with qa_stage(tmp_path, PASSWORD, 20) as one:
        yield one


@pytest.fixture
async def ana(stage):
    async with client(stage.app) as one:
        await sign_in(one, "ana", PASSWORD, "/qa/calls")
        yield one


async def kept_report(stage, call_id):
    """A report of one call that went exactly as before."""
    events = await stage.log.read(call_id)
    found = difference(events, Rerun(call_id=call_id, events=tuple(events), released=()))
    report = Report(playbook="acme@1", made_at=NOW, calls=(found,))
    report_id = Reports.new_id(NOW)
    Reports(stage.data_dir).keep(report_id, report)
    return report_id


async def test_a_report_is_listed_and_shows_then_beside_today(stage, ana):
    report_id = await kept_report(stage, stage.call_ids[0])
    assert report_id in (await ana.get("/qa/reruns")).text
    page = await ana.get(f"/qa/reruns/{report_id}")
    assert page.status_code == 200
    assert stage.call_ids[0] in page.text


async def test_who_opens_a_report_is_noted_with_the_call(stage, ana):
    report_id = await kept_report(stage, stage.call_ids[0])
    await ana.get(f"/qa/reruns/{report_id}")
    (line,) = await stage.console.access.lines(stage.call_ids[0])
    assert (line.person_id, line.what) == ("ana", Accessed.OPENED)


async def test_an_agent_has_no_business_there(stage):
    async with client(stage.app) as maria:
        await sign_in(maria, "maria", PASSWORD, "/qa/calls")
        assert (await maria.get("/qa/reruns")).status_code == 403
        assert (await maria.get(f"/qa/calls/{stage.call_ids[0]}/scenario.yaml")).status_code == 403


@pytest.mark.parametrize("report_id", ["nothing", "20260101T000000-abcdef", "..%2F..%2Fetc"])
async def test_a_report_that_does_not_exist_is_not_found(ana, report_id):
    assert (await ana.get(f"/qa/reruns/{report_id}")).status_code == 404


async def test_nothing_is_begun_without_the_sessions_token(ana, stage):
    answer = await ana.post("/qa/reruns", data={"calls": stage.call_ids[0]})
    assert answer.status_code == 403


async def test_a_call_is_taken_as_a_scenario_and_that_is_noted(stage, ana):
    call_id = stage.call_ids[0]
    answer = await ana.get(f"/qa/calls/{call_id}/scenario.yaml")
    assert answer.text.startswith("# May identify the caller")
    assert f"scenario: {call_id}" in answer.text
    (line,) = await stage.console.access.lines(call_id)
    assert (line.what, line.detail) == (Accessed.EXPORTED, "scenario")


async def test_the_panel_is_for_those_who_see_all_calls(stage):
    def piece(template, **values):
        return f"{template} {values['call_id']}"

    seen = []
    for person_id in ("ana", "maria"):
        account = await people_account(stage, person_id)
        seen.append(await RerunPanel().render(Viewing(account, "CA1", [], "token", piece)))
    assert seen == ["qa/reruns/_panel.html CA1", ""]


async def people_account(stage, person_id):
    from handoff.desk.accounts import PeopleAccounts

    return await PeopleAccounts(stage.people).account(person_id)


def test_a_report_forgets_calls_whose_record_is_deleted(tmp_path):
    reports = Reports(tmp_path)
    empty = difference([], Rerun(call_id="CA1", events=(), released=()))
    report_id = Reports.new_id(NOW)
    reports.keep(report_id, Report(playbook="p", made_at=NOW, calls=(empty,)))
    assert reports.forget(["CA1"]) == 1
    assert reports.read(report_id).calls == ()
    with pytest.raises(NoSuchReportError):
        reports.read("20260101T000000-abcdef")


PRINTS = "import json; [print(json.dumps({'call': c, 'verdict': 'same'}), flush=True) for c in ('a', 'b')]"


async def over(job):
    while not job.over:
        await job.changed.wait()


async def test_a_job_tells_each_call_that_is_done(tmp_path):
    jobs = RerunJobs(tmp_path, "sqlite://", (sys.executable, "-c", PRINTS))
    job = jobs.start("r1", ["a", "b"], tmp_path)
    await over(job)
    assert (job.done, job.verdicts, job.failure) == (2, {"same": 2}, None)
    assert jobs.under_way is None


async def test_there_is_one_job_at_a_time(tmp_path):
    jobs = RerunJobs(tmp_path, "sqlite://", (sys.executable, "-c", "import time; time.sleep(600)"))
    jobs.start("r1", ["a"], tmp_path)
    await asyncio.sleep(0)
    with pytest.raises(BusyError) as caught:
        jobs.start("r2", ["b"], tmp_path)
    assert caught.value.report_id == "r1"
    await jobs.stop()


async def test_a_job_that_fails_says_so(tmp_path):
    jobs = RerunJobs(tmp_path, "sqlite://", (sys.executable, "-c", "import sys; sys.exit(3)"))
    job = jobs.start("r1", ["a"], tmp_path)
    await over(job)
    assert job.failure == "failed"


async def test_the_database_is_given_by_the_environment_and_not_by_arguments(tmp_path):
    told = tmp_path / "told.json"
    code = (
        f"import json, os, sys; json.dump([sys.argv, os.environ['DATABASE_URL']], open({str(told)!r}, 'w'))"
    )
    jobs = RerunJobs(tmp_path, "postgresql://u:secret@h/db", (sys.executable, "-c", code))
    await over(jobs.start("r1", ["a"], tmp_path))
    arguments, url = json.loads(told.read_text())
    assert "secret" in url
    assert "secret" not in " ".join(arguments)
    assert arguments[-2:] == ["--", "a"], "an id can never be taken for an option"
