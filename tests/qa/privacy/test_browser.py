"""The privacy pages in a real Chromium: by keyboard alone, and without faults that axe finds."""

import asyncio
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import async_playwright, expect

from demo.ports import free_ports
from tests.browser import FLAGS, find_chromium
from tests.qa.privacy.test_pages import browser  # noqa: F401 - the fixture of the pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]
AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}


@pytest.fixture
async def address(browser):  # noqa: F811
    (port,) = free_ports(1)
    server = uvicorn.Server(uvicorn.Config(browser[1], host="127.0.0.1", port=port, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


@pytest.fixture
async def page(address):
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        one = await chromium.new_page(base_url=address)
        await one.goto("/qa/privacy")
        await one.fill("input[name=name]", "maria")
        await one.fill("input[name=password]", "correct horse")
        await one.keyboard.press("Enter")
        await expect(one.get_by_role("heading", name="Privacy", exact=True)).to_be_visible()
        yield one
        await chromium.close()


async def grave(page):
    if not AXE.exists():
        pytest.skip("axe is not installed: run scripts/install_web_assets.py")
    found = await page.evaluate(f"() => {{ {AXE.read_text()}; return axe.run(document); }}")
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"] if one["impact"] in GRAVE]


async def test_a_person_is_looked_up_and_deleted_by_keyboard(page, house):
    assert await grave(page) == []
    await page.get_by_label("Telephone number").focus()
    await page.keyboard.type("+1 555 014 2000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Data of +15550142000")).to_be_visible()
    assert "5550142000" not in page.url, "numbers stand in no address"
    assert await grave(page) == []
    await page.get_by_label("to confirm").focus()
    await page.keyboard.type("delete")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Deleted")).to_be_visible()
    assert await house.store.summary("CA1") is None


async def test_the_dark_pages_have_no_grave_faults(page):
    await page.emulate_media(color_scheme="dark")
    assert await grave(page) == []
