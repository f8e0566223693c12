"""The pages of calls run again in a real Chromium: begun by keyboard, followed, read, without faults that axe finds."""

import sys

import pytest
import pytest_asyncio
from playwright.async_api import expect

from demo.qa import qa_stage
from handoff.desk.accounts import PeopleAccounts
from qa.console import FOLDER
from qa.console.calls import create_calls_router
from qa.console.reruns.jobs import RerunJobs
from qa.console.reruns.routes import create_reruns_router
from qa.rerun.difference import difference
from qa.rerun.report import Report
from qa.rerun.run import Rerun
from tests.visiting import grave_faults, visitors
from web.app import create_site, create_web_app

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.timeout(90)]
PASSWORD = "a good password"
WARMLINE = """
import json, pathlib, shutil, sys
folder, go = pathlib.Path({folder!r}), pathlib.Path({go!r})
call = sys.argv[-1]
while not go.exists():
    pass
print(json.dumps({{"call": call, "verdict": "same"}}), flush=True)
report_id = sys.argv[sys.argv.index("--report-id") + 1]
(folder / "reruns").mkdir(exist_ok=True)
shutil.copy(folder / "made.json", folder / "reruns" / (report_id + ".json"))
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(chromium, tmp_path_factory):
    """A console whose `warmline rerun` is done as soon as the test says so."""
    folder = tmp_path_factory.mktemp("console")
    async with qa_stage(folder, PASSWORD, 10) as stage:
        events = await stage.log.read(stage.call_ids[0])
        same = difference(events, Rerun(call_id=stage.call_ids[0], events=tuple(events), released=()))
        report = Report(playbook="acme@1", made_at=stage.console.now(), calls=(same,))
        (folder / "made.json").write_text(report.model_dump_json())
        go = folder / "go"
        code = WARMLINE.format(folder=str(folder), go=str(go))
        jobs = RerunJobs(folder, "sqlite://", (sys.executable, "-c", code))
        site = create_site(PeopleAccounts(stage.people), b"k" * 32, False, lambda: 1_800_000_000.0, [FOLDER])
        routers = [create_calls_router(site, stage.console), create_reruns_router(site, stage.console, jobs)]
        app = create_web_app(site, routers, lambda _account: "/qa", lambda: 0.0)
        async with visitors(chromium, app, PASSWORD) as visiting:
            yield stage, await visiting.page("ana", "/qa/reruns", "#rerun-begin"), go
            await jobs.stop()


async def test_a_call_is_run_again_by_keyboard_and_its_report_comes_by_itself(room):
    stage, page, go = room
    assert await grave_faults(page) == []
    await page.focus("#rerun-calls")
    await page.keyboard.type(stage.call_ids[0])
    await page.keyboard.press("Enter")
    await expect(page.locator("#rerun-told")).to_have_text("0 of 1 calls")
    assert await grave_faults(page) == []
    go.touch()
    await expect(page.locator(f"#call-{stage.call_ids[0]}")).to_be_visible(timeout=20_000)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await grave_faults(page) == [], f"in {scheme} colours"
