"""The privacy pages in a real Chromium: by keyboard alone, and without faults that axe finds."""

import pytest
from playwright.async_api import expect

from tests.qa.privacy.test_pages import browser  # noqa: F401 - the fixture of the pages
from tests.visiting import grave_faults, launched, visitors

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


@pytest.fixture
def database_url(sqlite_url):
    """The stores behind the pages run on PostgreSQL too."""
    return sqlite_url


@pytest.fixture
async def page(browser):  # noqa: F811
    async with launched() as chromium, visitors(chromium, browser[1], "correct horse") as visiting:
        one = await visiting.page("maria", "/qa/privacy", "nav.rooms")
        await expect(one.get_by_role("heading", name="Privacy", exact=True)).to_be_visible()
        yield one


async def test_a_person_is_looked_up_and_deleted_by_keyboard(page, house):
    assert await grave_faults(page) == []
    await page.get_by_label("Telephone number").focus()
    await page.keyboard.type("+1 555 014 2000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Data of +15550142000")).to_be_visible()
    assert "5550142000" not in page.url, "numbers stand in no address"
    assert await grave_faults(page) == []
    await page.get_by_label("to confirm").focus()
    await page.keyboard.type("delete")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Deleted")).to_be_visible()
    assert await house.store.summary("CA1") is None


async def test_the_dark_pages_have_no_grave_faults(page):
    await page.emulate_media(color_scheme="dark")
    assert await grave_faults(page) == []
