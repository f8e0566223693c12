"""The pages of calls run again in a real Chromium: begun by keyboard, followed, read, without faults that axe finds."""

import asyncio
import sys
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import async_playwright, expect

from demo.ports import free_ports
from demo.qa import qa_stage
from handoff.desk.accounts import PeopleAccounts
from qa.console import FOLDER
from qa.console.calls import create_calls_router
from qa.console.reruns.jobs import RerunJobs
from qa.console.reruns.routes import create_reruns_router
from qa.rerun.difference import difference
from qa.rerun.report import Report
from qa.rerun.run import Rerun
from tests.browser import FLAGS, find_chromium
from web.app import create_site, create_web_app

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.timeout(90)]
AXE = Path(__file__).parents[4] / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHECKED = "() => axe.run(document, {resultTypes: ['violations']})"
GRAVE = {"serious", "critical"}
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
async def room(tmp_path_factory):
    """A console whose `warmline rerun` is done as soon as the test says so."""
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    folder = tmp_path_factory.mktemp("console")
    async with qa_stage(folder, PASSWORD, 10) as stage, async_playwright() as playwright:
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
        port = free_ports(1)[0]
        server = uvicorn.Server(
            uvicorn.Config(app, port=port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        )
        serving = asyncio.create_task(server.serve())
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = await browser.new_page(base_url=f"http://127.0.0.1:{port}")
        while not server.started:
            await asyncio.sleep(0.01)
        await page.goto("/qa/reruns")
        await page.fill("input[name=name]", "ana")
        await page.fill("input[name=password]", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#rerun-begin")
        yield stage, page, go
        await browser.close()
        await jobs.stop()
        server.should_exit = True
        await serving


async def faults(page):
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(CHECKED)
    return [one["id"] for one in found["violations"] if one["impact"] in GRAVE]


async def test_a_call_is_run_again_by_keyboard_and_its_report_comes_by_itself(room):
    stage, page, go = room
    assert await faults(page) == []
    await page.focus("#rerun-calls")
    await page.keyboard.type(stage.call_ids[0])
    await page.keyboard.press("Enter")
    await expect(page.locator("#rerun-told")).to_have_text("0 of 1 calls")
    assert await faults(page) == []
    go.touch()
    await expect(page.locator(f"#call-{stage.call_ids[0]}")).to_be_visible(timeout=20_000)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await faults(page) == [], f"in {scheme} colours"
