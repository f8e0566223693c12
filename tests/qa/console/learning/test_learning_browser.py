"""The gaps in a real Chromium: from a question to the draft of an article by keyboard, and what axe finds."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from demo.learning import learning_stage
from tests.qa.console.learning.conftest import PASSWORD
from tests.visiting import focus, grave_faults, visitors

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.timeout(120)]


@pytest_asyncio.fixture(loop_scope="module")
async def page(chromium, tmp_path):
    """A page of Sue's."""
    async with (
        learning_stage(tmp_path, PASSWORD) as stage,
        visitors(chromium, stage.app, PASSWORD) as visiting,
    ):
        one = await visiting.page("sue", "/qa/gaps", "nav.rooms", reduced_motion="reduce")
        await expect(one.locator("h1")).to_have_text("What nothing answered")
        one.stage = stage
        yield one


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
    found = {}
    gap = await page.locator("tbody a").first.get_attribute("href")
    await page.goto("/qa/corrections")
    await page.click("text=Fetch from the desk")
    await expect(page.locator("tbody tr")).to_have_count(2)
    addresses = ("/qa/gaps", gap, "/qa/corrections", "/qa/corrections/calls/CA0000", "/qa/versions")
    for address in addresses:
        await page.goto(address)
        found[address] = await grave_faults(page)
    assert len(found) == len(addresses)
    assert {name: faults for name, faults in found.items() if faults} == {}
