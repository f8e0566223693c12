"""What tests of pages do in a real Chromium: serve an application, open its pages as somebody, ask axe."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route, async_playwright

from demo.ports import free_ports
from tests.browser import FLAGS, find_chromium

AXE = Path(__file__).parent.parent / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHECKED = "() => axe.run(document, {resultTypes: ['violations']})"
GRAVE = {"serious", "critical"}
SCHEMES = ("light", "dark")
MOST_TABS = 60


@asynccontextmanager
async def launched(*flags: str) -> AsyncIterator[Browser]:
    """A running Chromium; without one on this machine, the test skips."""
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        yield browser
        await browser.close()


@dataclass(frozen=True)
class Served:
    """An application on a port of this machine."""

    address: str
    server: uvicorn.Server

    def break_connections(self) -> None:
        """The connections of all open pages are lost."""
        for connection in list(self.server.server_state.connections):
            connection.transport.abort()


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[Served]:
    """Serves an application."""
    (port,) = free_ports(1)
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield Served(f"http://127.0.0.1:{port}", server)
    server.should_exit = True
    await serving


class Visitors:
    """Pages of people who sign in at one address.

    What a page asks of other machines, what its policy forbids and what its scripts throw is in `faults`.
    """

    def __init__(self, chromium: Browser, address: str, password: str) -> None:
        self._chromium, self._address, self._password = chromium, address, password
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    async def page(self, name: str, path: str, ready: str, **options: Any) -> Page:
        """The page at `path` of somebody who has just signed in there, once it has what `ready` selects."""
        context = await self._chromium.new_context(base_url=self._address, **options)
        self._contexts.append(context)
        await context.route("**/*", self._only_here)
        page = await context.new_page()
        page.on("console", self._noted)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        await page.goto(path)
        await page.fill("input[name=name]", name)
        await page.fill("input[name=password]", self._password)
        await page.keyboard.press("Enter")
        await page.wait_for_selector(ready)
        return page

    async def _only_here(self, route: Route) -> None:
        if route.request.url.startswith(self._address):
            await route.continue_()
        else:
            self.faults.append(route.request.url)
            await route.abort()

    def _noted(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    async def close(self) -> None:
        """Close all pages. The test fails where there was a fault."""
        for context in self._contexts:
            await context.close()
        assert self.faults == []


@asynccontextmanager
async def visitors(chromium: Browser, app: Any, password: str) -> AsyncIterator[Visitors]:
    """Serves an application to people who all have the same password."""
    async with served(app) as there:
        these = Visitors(chromium, there.address, password)
        yield these
        await these.close()


async def focus(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await page.evaluate("() => document.activeElement.innerText.trim()") == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


async def grave_faults(page: Page, schemes: Sequence[str] = SCHEMES) -> list[str]:
    """What axe calls serious or critical on a page, in each colour scheme; none of it may be left."""
    assert AXE.exists(), "axe-core is installed by `make setup`"
    found = []
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme)
        # A script element would break the page's policy.
        await page.evaluate(AXE.read_text())
        result = await page.evaluate(CHECKED)
        assert len(result["passes"]) > 10, "axe has looked"
        found += [
            f"{scheme}: {one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in result["violations"]
            if one["impact"] in GRAVE
        ]
    return found
