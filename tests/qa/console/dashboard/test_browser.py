"""The dashboard in a real Chromium: by keyboard, in both themes, narrow and wide, and without faults that axe finds."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.qa.console.conftest import PASSWORD
from tests.qa.console.dashboard.conftest import dashboard_stage
from tests.visiting import Visitors, grave_faults, served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser, pytest.mark.timeout(120)]
PAGES = (
    "/qa?period=28d",
    "/qa?period=today&queue=billing",
    "/qa?period=fortnight",
    "/qa/figures/containment?period=28d",
    "/qa/figures/csat_change_assistant?period=28d",
    "/qa/digest",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory):
    """Where the console is."""
    async with dashboard_stage(tmp_path_factory.mktemp("board")) as stage, served(stage.app) as there:
        yield there.address


@pytest_asyncio.fixture(loop_scope="module")
async def visit(chromium, there):
    """Opens a page as Ana."""
    visiting = Visitors(chromium, there, PASSWORD)

    async def opened(path, **options):
        page = await visiting.page("ana", "/qa", ".tiles", **options)
        await page.goto(path)
        return page

    yield opened
    await visiting.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious(visit, scheme):
    page = await visit(PAGES[0], color_scheme=scheme)
    for path in PAGES:
        await page.goto(path)
        assert await grave_faults(page, [scheme]) == [], path


async def test_the_formula_shows_when_a_figure_is_pointed_at_or_has_the_focus_and_escape_hides_it(visit):
    page = await visit("/qa?period=28d")
    tile = page.locator("#all-verified_containment_24h")
    formula = tile.locator("[role=tooltip]")
    await expect(formula).to_be_hidden()
    await tile.hover()
    await expect(formula).to_contain_text("did not call about the same intent within 24 hours")
    await page.keyboard.press("Escape")
    await expect(formula).to_be_hidden()
    await page.mouse.move(0, 0)
    await tile.locator("a").focus()
    await expect(formula).to_be_visible()


async def test_from_a_figure_to_a_call_and_back_by_keyboard(visit):
    page = await visit("/qa?period=28d")
    await page.locator("#first-containment a").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/qa/figures/containment?period=28d")
    await expect(page.locator("h1")).to_have_text("Containment")
    assert (await page.locator("section tbody th a").first.get_attribute("href")).startswith("/qa/calls/CA")
    await page.go_back()
    await page.wait_for_url("**/qa?period=28d")


async def test_a_form_chooses_a_period_and_the_address_keeps_it(visit):
    page = await visit("/qa")
    await page.fill("input[name=first]", "2026-11-02")
    await page.fill("input[name=last]", "2026-11-08")
    await page.select_option("select[name=queue]", "returns")
    await page.get_by_role("button", name="Show").click()
    await page.wait_for_url("**/qa?*first=2026-11-02*")
    await expect(page.locator(".span")).to_contain_text("2 November to 8 November 2026")
    await page.reload()
    await expect(page.locator("select[name=queue]")).to_have_value("returns")
    assert await page.locator(".choices [aria-current]").count() == 0


async def test_each_chart_has_the_same_as_a_table_and_nothing_runs_out_of_a_narrow_page(visit):
    page = await visit("/qa?period=7d", viewport={"width": 360, "height": 800})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    first = page.locator("figure").first
    await first.locator("summary").click()
    await expect(first.locator("tbody tr")).to_have_count(7)
    assert await page.locator("figure svg").count() == await page.locator("figure details").count()
