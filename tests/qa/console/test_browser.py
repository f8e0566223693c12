"""The list of calls, the review queue and the log of accesses in a real Chromium."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect

from qa.access.log import Accessed
from tests.qa.console.conftest import PASSWORD, console_stage
from tests.visiting import focus, grave_faults, visitors

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.timeout(60)]


class Room:
    """A running console, and pages of those who sign in there."""

    def __init__(self, stage, visiting):
        self.stage, self._visiting = stage, visiting

    async def page(self, name, path="/qa/calls", **options):
        there = {"timezone_id": "UTC", "locale": "en-US", **options}
        return await self._visiting.page(name, path, "nav.rooms", **there)


@pytest_asyncio.fixture(loop_scope="module")
async def room(chromium, tmp_path):
    async with console_stage(tmp_path) as stage, visitors(chromium, stage.app, PASSWORD) as visiting:
        yield Room(stage, visiting)


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


async def test_going_back_shows_the_list_as_it_was(room):
    page = await room.page("ana")
    await page.select_option("select[name=period]", "7d")
    await expect(calls(page)).to_have_count(4)
    await page.select_option("select[name=order]", "slowest")
    await expect(calls(page).first).to_contain_text("2.40 s")
    await page.go_back()
    await expect(page).to_have_url(re.compile(r"\?period=7d&order=newest$"))
    await expect(calls(page).first).to_contain_text("0.80 s")
    await expect(page.locator("select[name=order]")).to_have_value("newest")
    await expect(calls(page).first.locator("time")).to_have_text("Nov 9, 2026, 11:00 AM")
    await page.select_option("select[name=order]", "oldest")
    await expect(calls(page).first).to_contain_text("7:00 AM")


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


async def test_axe_finds_no_grave_fault_on_any_page_in_light_and_in_dark(room):
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
        await page.goto(path)
        await page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found[path] = await grave_faults(page)
    assert {name: faults for name, faults in found.items() if faults} == {}
