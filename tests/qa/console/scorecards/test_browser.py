"""The scorecard in a real Chromium: by keyboard alone, and without faults that axe finds."""

import asyncio
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import async_playwright, expect

from demo.ports import free_ports
from qa.scorecards.values import ScorerKind
from tests.browser import FLAGS, find_chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]
AXE = Path(__file__).parents[4] / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHECKED = "() => axe.run(document, {resultTypes: ['violations']})"
GRAVE = {"serious", "critical"}


async def faults_of(page):
    found = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.evaluate(AXE.read_text())
        result = await page.evaluate(CHECKED)
        assert len(result["passes"]) > 10, "axe has looked"
        found += [
            f"{scheme} {one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in result["violations"]
            if one["impact"] in GRAVE
        ]
    return found


async def test_a_call_is_scored_with_keys_alone_and_axe_finds_nothing_grave(stage):
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    assert AXE.exists(), "axe-core is installed by `make setup`"
    (port,) = free_ports(1)
    server = uvicorn.Server(
        uvicorn.Config(stage.app, port=port, log_level="warning", timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    refused = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = await (await browser.new_context(base_url=f"http://127.0.0.1:{port}")).new_page()
        page.on("console", lambda one: refused.append(one.text) if "Content Security" in one.text else None)
        await page.goto("/qa/calls/CA1/score")
        await page.fill("input[name=name]", "sue")
        await page.fill("input[name=password]", "open")
        await page.keyboard.press("Enter")
        await expect(page.locator("#scorecard")).to_contain_text("Rules:")
        faults = {"score": await faults_of(page)}
        questions = await page.locator("#scorecard .question:has(input[type=radio])").count()
        for _ in range(questions):
            await page.keyboard.press("1")
        await page.get_by_role("button", name="Submit").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#scorecard [role=status]")).to_contain_text("Your score is kept")
        for address in ("scorecards", "scorecards/agreement", "scorecards/calibration", "disputes"):
            await page.goto(f"/qa/{address}")
            faults[address] = await faults_of(page)
        await browser.close()
    server.should_exit = True
    await serving
    kept = await stage.reviews.store.of_call("CA1")
    (human,) = [one for one in kept if one.kind is ScorerKind.HUMAN]
    assert (human.points, human.auto_fail) == (100.0, False)
    assert {name: found for name, found in faults.items() if found} == {}
    assert refused == []
