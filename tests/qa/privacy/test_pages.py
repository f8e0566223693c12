"""The pages on privacy: who may see them, and what they do."""

import io
import zipfile

import pytest

from qa.access.log import AccessLog
from qa.console import FOLDER
from qa.console.console import Console
from qa.console.routers import create_console_routers
from qa.privacy.parts import privacy_parts
from tests.qa.privacy.conftest import NOW, OTHER
from tests.web.site import KEY, FewAccounts, Times, client, sign_in, token_in
from web.accounts import Account
from web.app import create_site, create_web_app

PERSON = "+15550142000"


@pytest.fixture
def database_url(sqlite_url):
    """The stores behind the pages run on PostgreSQL too."""
    return sqlite_url


@pytest.fixture
async def browser(house):
    accounts = FewAccounts()
    accounts.known["maria"] = Account("maria", "Maria", frozenset({"admin"}), 0)
    site = create_site(accounts, KEY, False, Times(), [FOLDER])
    parts = privacy_parts(house.store, house.engine, house.data_dir, lambda: house.rules, None, lambda: NOW)
    access = AccessLog(house.engine, lambda: NOW)
    console = Console(
        house.log, house.facts, access, house.data_dir, lambda: None, lambda: NOW, privacy=parts
    )
    app = create_web_app(site, create_console_routers(site, console), lambda _: "/qa", Times())
    async with client(app) as one:
        await sign_in(one, "maria", "correct horse")
        yield one, app


async def form(browser, where, **fields):
    token = token_in(await browser.get("/qa/privacy"))
    return await browser.post(f"/qa/privacy/{where}", data={"csrf": token, **fields})


async def test_an_analyst_may_not_see_them(browser):
    _, app = browser
    async with client(app) as other:
        await sign_in(other, "ana", "battery staple")
        assert (await other.get("/qa/privacy")).status_code == 403


async def test_a_form_without_its_token_does_nothing(browser, house):
    refused = await browser[0].post("/qa/privacy/delete", data={"number": PERSON, "word": "delete"})
    assert refused.status_code == 403
    assert await house.store.summary("CA1") is not None


async def test_a_person_is_found_with_what_they_agreed_to_and_that_is_noted(browser, house):
    page = await form(browser[0], "person", number="+1 (555) 014-2000")
    assert "CA1" in page.text
    assert "CA2" not in page.text
    assert "told, and stayed on the line" in page.text
    assert [one.call_id for one in await AccessLog(house.engine, lambda: NOW).lines()] == ["CA1"]


async def test_what_is_no_number_is_refused_with_a_reason(browser):
    page = await form(browser[0], "person", number="hello")
    assert page.status_code == 400
    assert "no telephone number" in page.text


async def test_an_export_is_a_file(browser):
    answer = await form(browser[0], "export", number=PERSON)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert "calls/CA1/events.jsonl" in file.namelist()


async def test_nothing_is_deleted_before_the_word_is_typed(browser, house):
    page = await form(browser[0], "delete", number=PERSON, word="yes")
    assert page.status_code == 400
    assert "Nothing was deleted" in page.text
    assert await house.store.summary("CA1") is not None
    page = await form(browser[0], "delete", number=PERSON, word="Delete")
    assert "1 calls, 1 files" in page.text
    assert await house.store.summary("CA1") is None
    assert (await house.store.summary("CA2")).caller == OTHER


async def test_calls_are_held_and_released(browser):
    assert (await form(browser[0], "hold", call_id="CA1", reason="a court")).status_code == 303
    assert "a court" in (await browser[0].get("/qa/privacy?notice=held")).text
    assert (await form(browser[0], "hold", call_id="nothing", reason="x")).status_code == 400
    assert (await form(browser[0], "release", call_id="CA1")).status_code == 303
    assert "No call is held" in (await browser[0].get("/qa/privacy")).text
