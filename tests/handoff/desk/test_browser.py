"""The desk in a real Chromium: two agents and one call, by keyboard alone, and without faults that axe finds."""

import asyncio
import contextlib
import re
import time
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import async_playwright, expect

from calls.events import CallDisposed
from demo.desk import desk_stage
from demo.ports import free_ports
from tests.browser import FLAGS, find_chromium
from tests.handoff.desk.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]
AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHECKED = "() => axe.run(document, {resultTypes: ['violations']})"


@pytest.fixture
async def server(tmp_path):
    """A running desk: its address and its stage."""
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    (port,) = free_ports(1)
    async with desk_stage(tmp_path, PASSWORD) as stage:
        config = uvicorn.Config(stage.app, port=port, log_level="warning", timeout_graceful_shutdown=1)
        one = uvicorn.Server(config)
        serving = asyncio.create_task(one.serve())
        while not one.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{port}", stage, path
        one.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def browsers(server, **options):
    """`await open("maria")` is a page of hers, signed in; requests to other machines fail the test."""
    address, _, path = server
    strangers = []

    async def only_here(route):
        if route.request.url.startswith(address):
            await route.continue_()
        else:
            strangers.append(route.request.url)
            await route.abort()

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))

        def noted(message):
            if "Content Security Policy" in message.text or message.type == "error":
                strangers.append(message.text)

        async def opened(name, **more):
            context = await browser.new_context(base_url=address, **{**options, **more})
            await context.route("**/*", only_here)
            page = await context.new_page()
            page.on("console", noted)
            await page.goto("/desk")
            await page.fill("input[name=name]", name)
            await page.fill("input[name=password]", PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_selector("body[data-live=yes]")
            return page

        yield opened
        await browser.close()
    assert strangers == []


async def test_two_agents_one_call_and_accepting_it_on_one_makes_it_disappear_on_the_other(server):
    _, stage, _ = server
    async with browsers(server) as opened:
        maria, tom = await opened("maria"), await opened("tom")
        await stage.ring("maria", "tom")
        for page in (maria, tom):
            await expect(page.locator("#ring-card")).to_contain_text("Dana Whitfield", timeout=1500)
            await expect(page).to_have_title(re.compile("☎ Dana Whitfield"))
            await expect(page.locator("#announcement")).to_contain_text("Incoming call. Dana Whitfield")
        await maria.click("#accept")
        pressed = time.monotonic()
        await expect(tom.locator("#ring-card")).to_have_count(0, timeout=1000)
        gone_s = time.monotonic() - pressed
        await expect(tom.locator("#notices")).to_contain_text("A colleague has taken the call.")
        await expect(tom).to_have_title("Desk · Warmline")
        await expect(maria.locator("h1")).to_contain_text("Dana Whitfield: Refund")
        print(f"gone on the other page {gone_s:.2f} s after the click")  # noqa: T201


async def test_a_call_from_ring_to_finish_by_keyboard_alone(server):
    _, stage, _ = server
    async with browsers(server) as opened:
        page = await opened("maria")
        transfer = await stage.ring("maria")
        await expect(page.locator("#accept")).to_be_enabled()
        await page.keyboard.press("1")
        await expect(page.locator("#bar")).to_contain_text("Connected")
        await stage.talk(transfer, "maria")
        await expect(page.locator("#lines")).to_contain_text("How long does a refund take")
        await expect(page.locator("#assist")).to_contain_text("refund you within five days")
        # The connection breaks and comes back: nothing is missing, and nothing is there twice.
        await page.context.set_offline(True)
        await stage.talk(transfer, "maria")
        await page.context.set_offline(False)
        await expect(page.locator("#lines .line.agent")).to_have_count(2, timeout=5000)
        await stage.calls.caller_leaves(transfer.id)
        await expect(page.locator("#bar")).to_contain_text("Call over")
        await focus(page, "Finish the call")
        await page.keyboard.press("Enter")
        await focus(page, "Finish", times=40)
        await page.keyboard.press("Enter")
        assert "/desk/calls/" in page.url, "without a disposition it is not finished"
        await page.locator("input[name=disposition]").first.focus()
        await page.keyboard.press("Space")
        await focus(page, "Finish", times=40)
        await page.keyboard.press("Enter")
        await expect(page.locator("#notices")).to_contain_text("The call is finished.")
        await expect(page.locator("#presence-state")).to_contain_text("Available")
        bodies = [one.body for one in await stage.log.read(transfer.order.call_id)]
        assert any(isinstance(body, CallDisposed) for body in bodies)


async def focus(page, name, times=60):
    """Press Tab until what is called so has the focus."""
    for _ in range(times):
        await page.keyboard.press("Tab")
        if await page.evaluate("() => document.activeElement.innerText.trim()") == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


async def test_declining_by_key_asks_why(server):
    _, stage, _ = server
    async with browsers(server) as opened:
        page = await opened("maria")
        transfer = await stage.ring("maria")
        await page.wait_for_selector("#ring-card")
        await page.keyboard.press("2")
        await expect(page.locator("#decline-busy")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#notices")).to_contain_text("You have declined the call.")
        assert (await stage.desk.transfers.read(transfer.id)).legs[0].result == "declined"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_serious_fault_on_any_page(server, scheme):
    assert AXE.exists(), "axe-core is installed by `make setup`"
    _, stage, _ = server
    found = {}

    async def check(page, name):
        await page.evaluate(AXE.read_text())
        result = await page.evaluate(CHECKED)
        found[name] = [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in result["violations"]
            if one["impact"] in {"serious", "critical"}
        ]

    async with browsers(server, color_scheme=scheme, reduced_motion="reduce") as opened:
        page = await opened("maria")
        await check(page, "nobody waits")
        transfer = await stage.ring("maria")
        await page.wait_for_selector("#ring-card")
        await page.keyboard.press("2")
        await check(page, "a call rings")
        await page.keyboard.press("Escape")
        await page.click("#accept")
        await expect(page.locator("#bar")).to_contain_text("Connected")
        await stage.talk(transfer, "maria")
        await expect(page.locator("#lines")).to_contain_text("Finally.")
        await check(page, "a call")
        await stage.calls.caller_leaves(transfer.id)
        await expect(page.locator("#bar")).to_contain_text("Call over")
        await check(page, "a call that is over")
        await page.goto("/nothing")
        await check(page, "nothing here")
        await page.click("text=Sign out")
        await check(page, "sign-in")
    assert len(found) == 6
    assert {name: faults for name, faults in found.items() if faults} == {}
