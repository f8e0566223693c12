"""The scorecard in a real Chromium: by keyboard alone, and without faults that axe finds."""

import pytest
from playwright.async_api import expect

from qa.scorecards.values import ScorerKind
from tests.visiting import grave_faults, launched, visitors

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


async def test_a_call_is_scored_with_keys_alone_and_axe_finds_nothing_grave(stage):
    async with launched() as chromium, visitors(chromium, stage.app, "open") as visiting:
        page = await visiting.page("sue", "/qa/calls/CA1/score", "#scorecard")
        await expect(page.locator("#scorecard")).to_contain_text("Rules:")
        faults = {"score": await grave_faults(page)}
        questions = await page.locator("#scorecard .question:has(input[type=radio])").count()
        for _ in range(questions):
            await page.keyboard.press("1")
        await page.get_by_role("button", name="Submit").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#scorecard [role=status]")).to_contain_text("Your score is kept")
        for address in ("scorecards", "scorecards/agreement", "scorecards/calibration", "disputes"):
            await page.goto(f"/qa/{address}")
            faults[address] = await grave_faults(page)
    kept = await stage.reviews.store.of_call("CA1")
    (human,) = [one for one in kept if one.kind is ScorerKind.HUMAN]
    assert (human.points, human.auto_fail) == (100.0, False)
    assert {name: found for name, found in faults.items() if found} == {}
