"""A small site with people of its own, and a browser of plain HTTP."""

import re
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse

from web.accounts import Account, Role
from web.app import create_site, create_web_app

KEY = b"k" * 32
PASSWORDS = {"maria": "correct horse", "ana": "battery staple"}


class FewAccounts:
    """Accounts in memory; `ended` ends somebody's sessions."""

    def __init__(self):
        self.known = {
            "maria": Account("maria", "Maria <b>Lopez</b>", frozenset({"agent"}), 0),
            "ana": Account("ana", "Ana Lindt", frozenset({"analyst"}), 0),
        }

    async def sign_in(self, person_id, password):
        return self.known[person_id] if PASSWORDS.get(person_id) == password else None

    async def account(self, person_id):
        return self.known.get(person_id)

    def ended(self, person_id):
        one = self.known[person_id]
        self.known[person_id] = Account(one.person_id, one.name, one.roles, one.sessions + 1)


class Times:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.at = 1_800_000_000.0

    def __call__(self):
        return self.at


def small_site(accounts, times, *, secure=False):
    site = create_site(accounts, KEY, secure, times)
    router = APIRouter(dependencies=[Depends(site.door.check_form)])

    agent = Depends(site.door.needs(Role.AGENT))

    @router.get("/private")
    async def private(request: Request, account: Account = agent):
        return site.pages.page("trouble.html", request, account, title="Private", text="Welcome")

    @router.post("/private")
    async def change(account: Account = agent):
        return PlainTextResponse(f"changed by {account.person_id}")

    return create_web_app(site, [router], lambda _: "/private", times)


def client(app, address="10.0.0.1", base="http://desk.test"):
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(address, 5000)), base_url=base, follow_redirects=False
    )


def token_in(page):
    return re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)[1]


async def sign_in(browser, name, password, onward="/private"):
    form = await browser.get("/sign-in")
    fields = {"name": name, "password": password, "onward": onward, "csrf": token_in(form)}
    return await browser.post("/sign-in", data=fields)


@asynccontextmanager
async def signing_in(app, password, onward):
    """Signs people in, who all have the same password: `await signing("maria")` is a browser of hers."""
    async with AsyncExitStack() as opened:

        async def signing(name):
            browser = await opened.enter_async_context(client(app))
            assert (await sign_in(browser, name, password, onward)).status_code == 303
            return browser

        yield signing
