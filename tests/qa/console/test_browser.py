"""The list of calls, the review queue and the log of accesses in a real Chromium."""

import asyncio
import re
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import async_playwright, expect

from demo.ports import free_ports
from qa.access.log import Accessed
from tests.browser import FLAGS, find_chromium
from tests.qa.console.conftest import PASSWORD, console_stage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.timeout(60)]
AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHECKED = "() => axe.run(document, {resultTypes: ['violations']})"
GRAVE = {"serious", "critical"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium():
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


class Room:
    """A running console, and pages of those who sign in there. Requests to other machines fail the test."""

    def __init__(self, stage, chromium, address):
        self.stage, self._chromium, self._address = stage, chromium, address
        self.faults, self._contexts = [], []

    async def page(self, name, path="/qa/calls", **options):
        context = await self._chromium.new_context(base_url=self._address, timezone_id="UTC", **options)
        self._contexts.append(context)
        await context.route("**/*", self._only_here)
        page = await context.new_page()
        page.on("console", self._noted)
        await page.goto(path)
        await page.fill("input[name=name]", name)
        await page.fill("input[name=password]", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_selector("nav.rooms")
        return page

    async def close(self):
        for context in self._contexts:
            await context.close()

    async def _only_here(self, route):
        if route.request.url.startswith(self._address):
            await route.continue_()
        else:
            self.faults.append(route.request.url)
            await route.abort()

    def _noted(self, message):
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)


@pytest_asyncio.fixture(loop_scope="module")
async def room(chromium, tmp_path):
    (port,) = free_ports(1)
    async with console_stage(tmp_path) as stage:
        config = uvicorn.Config(stage.app, port=port, log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        one = Room(stage, chromium, f"http://127.0.0.1:{port}")
        yield one
        await one.close()
        server.should_exit = True
        await serving
    assert one.faults == []


def calls(page):
    return page.locator("table.calls tbody tr:not(.snippet)")


async def test_conditions_change_the_list_and_its_address_without_a_new_page(room):
    page = await room.page("ana")
    await expect(calls(page)).to_have_count(5)
    await page.evaluate("() => { window.same = true; }")
    await page.focus("#words")
    await page.keyboard.type("parcel")
    await expect(calls(page)).to_have_count(3)
    await expect(page.locator("#count")).to_have_text("3 calls")
    await expect(page).to_have_url(re.compile(r"/qa/calls\?words=parcel&order=newest$"))
    await expect(page.locator("#words")).to_be_focused()
    await expect(page.locator(".snippet mark").first).to_have_text("parcel")
    await page.check("input[name=outcome][value=open]")
    await expect(calls(page)).to_have_count(1)
    assert await page.evaluate("() => window.same"), "only the list was loaded anew"
    await page.click("text=Said: parcel")
    await expect(calls(page)).to_have_count(1)
    await expect(page.locator("input[name=outcome][value=open]")).to_be_checked()
    await page.go_back()
    await expect(page.locator("#words")).to_have_value("parcel")


async def test_the_list_works_without_script(room):
    page = await room.page("ana", java_script_enabled=False)
    await page.fill("#words", "parcel")
    await page.click("button:text('Show')")
    await expect(page).to_have_url(re.compile(r"/qa/calls\?words=parcel&order=newest$"))
    await expect(calls(page)).to_have_count(3)
    await page.click("text=Answers p50 / p95")
    await expect(calls(page).first).to_contain_text("Abandoned")


async def test_a_call_is_reviewed_by_keyboard_alone(room):
    page = await room.page("ana", "/qa/review")
    await page.locator("table.calls a").first.focus()
    await page.keyboard.press("Enter")
    for name in ("Take it", "Reviewed"):
        await expect(page.locator(f"button:text-is('{name}')")).to_be_visible()
        await focus(page, name)
        await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/qa/review/CA3"))
    assert (await room.stage.console.facts.get("CA2")).call_id == "CA2"
    await page.goto("/qa/review?show=done")
    await expect(calls(page)).to_have_count(1)


async def focus(page, name):
    """Press Tab until what is called so has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("() => document.activeElement.innerText.trim()") == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


async def test_axe_finds_no_grave_fault_on_any_page_in_light_and_in_dark(room):
    assert AXE.exists(), "axe-core is installed by `make setup`"
    await room.stage.console.access.note("ana", Accessed.OPENED, "CA1")
    page = await room.page("sue", reduced_motion="reduce")
    paths = (
        "/qa/calls?order=newest",
        "/qa/calls?words=parcel&latency_above_s=0.1&order=slowest",
        "/qa/calls?words=nothing&order=newest",
        "/qa/calls?colour=red",
        "/qa/review",
        "/qa/review?draw=sample",
        "/qa/review/CA2",
        "/qa/accesses",
    )
    found = {}
    for path in paths:
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await page.goto(path)
            await page.evaluate(
                "() => document.querySelectorAll('details').forEach((one) => (one.open = true))"
            )
            await page.evaluate(AXE.read_text())
            result = await page.evaluate(CHECKED)
            assert len(result["passes"]) > 10, "axe has looked"
            found[f"{path}, {scheme}"] = [
                f"{one['id']}: {one['nodes'][0]['html'][:200]}"
                for one in result["violations"]
                if one["impact"] in GRAVE
            ]
    assert {name: faults for name, faults in found.items() if faults} == {}
