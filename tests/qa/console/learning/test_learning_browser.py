"""The gaps in a real Chromium: from a question to the draft of an article by keyboard, and what axe finds."""

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import async_playwright, expect

from demo.learning import learning_stage
from demo.ports import free_ports
from tests.browser import FLAGS, find_chromium
from tests.qa.console.learning.conftest import PASSWORD

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.timeout(120)]
AXE = Path(__file__).parents[4] / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHECKED = "() => axe.run(document, {resultTypes: ['violations']})"
GRAVE = {"serious", "critical"}


@pytest_asyncio.fixture(loop_scope="module")
async def page(tmp_path):
    """A page of Sue's; requests to other machines and breaches of the policy fail the test."""
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    (port,) = free_ports(1)
    address, faults = f"http://127.0.0.1:{port}", []

    async def only_here(route):
        if route.request.url.startswith(address):
            await route.continue_()
        else:
            faults.append(route.request.url)
            await route.abort()

    async with learning_stage(tmp_path, PASSWORD) as stage, async_playwright() as playwright:
        server = uvicorn.Server(
            uvicorn.Config(stage.app, port=port, log_level="warning", timeout_graceful_shutdown=1)
        )
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        context = await browser.new_context(base_url=address, reduced_motion="reduce")
        await context.route("**/*", only_here)
        one = await context.new_page()
        one.on("console", lambda told: faults.append(told.text) if "Security Policy" in told.text else None)
        await one.goto("/qa/gaps")
        await one.fill("input[name=name]", "sue")
        await one.fill("input[name=password]", PASSWORD)
        await one.keyboard.press("Enter")
        await expect(one.locator("h1")).to_have_text("What nothing answered")
        one.stage = stage
        yield one
        await browser.close()
        server.should_exit = True
        await serving
    assert faults == []


async def focus(page, name):
    """Press Tab until what is called so has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("() => document.activeElement.innerText.trim()") == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


async def test_from_a_question_to_a_draft_by_keyboard_alone(page):
    await focus(page, "do you repair leather boots")
    await page.keyboard.press("Enter")
    await expect(page.locator("#said + ul")).to_contain_text("We repair leather boots in our workshop")
    await expect(page.locator("textarea[name=spoken]")).to_have_value(
        "We repair leather boots in our workshop for forty euros, and it takes two weeks."
    )
    await focus(page, "Accept as a draft")
    await page.keyboard.press("Enter")
    await expect(page.locator("[role=status]")).to_contain_text("Accepted by sue: the draft is")
    assert len(list(page.stage.learning.drafts.glob("*.md"))) == 1


async def test_axe_finds_no_grave_fault_in_light_and_in_dark(page):
    assert AXE.exists(), "axe-core is installed by `make setup`"
    found = {}
    gap = await page.locator("tbody a").first.get_attribute("href")
    await page.goto("/qa/corrections")
    await page.click("text=Fetch from the desk")
    await expect(page.locator("tbody tr")).to_have_count(2)
    addresses = ("/qa/gaps", gap, "/qa/corrections", "/qa/corrections/calls/CA0000", "/qa/versions")
    for address in addresses:
        await page.goto(address)
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await page.evaluate(AXE.read_text())
            result = await page.evaluate(CHECKED)
            assert len(result["passes"]) > 10, "axe has looked"
            found[f"{address}, {scheme}"] = [
                f"{one['id']}: {one['nodes'][0]['html'][:200]}"
                for one in result["violations"]
                if one["impact"] in GRAVE
            ]
    assert len(found) == 2 * len(addresses)
    assert {name: faults for name, faults in found.items() if faults} == {}
