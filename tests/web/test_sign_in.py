"""Who gets in, for how long, and what a stranger's form is worth."""

import pytest

from tests.web.site import FewAccounts, Times, client, sign_in, small_site, token_in


@pytest.fixture
def times():
    return Times()


@pytest.fixture
def accounts():
    return FewAccounts()


@pytest.fixture
async def browser(accounts, times):
    async with client(small_site(accounts, times)) as one:
        yield one


async def test_whoever_has_not_signed_in_is_asked_to_and_comes_back_to_where_they_wanted(browser):
    asked = await browser.get("/private?x=1")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in?onward=/private%3Fx%3D1"
    form = await browser.get(asked.headers["location"])
    assert 'name="onward" value="/private?x=1"' in form.text
    done = await sign_in(browser, "maria", "correct horse", "/private?x=1")
    assert done.headers["location"] == "/private?x=1"
    page = await browser.get("/private?x=1")
    assert page.status_code == 200
    assert "Maria &lt;b&gt;Lopez&lt;/b&gt;" in page.text, "what is put into a page is escaped"


async def test_a_wrong_password_and_an_unknown_name_are_told_the_same(browser):
    answers = [await sign_in(browser, name, "wrong") for name in ("maria", "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    texts = [answer.text.replace("maria", "").replace("nobody", "") for answer in answers]
    assert texts[0] == texts[1]
    assert (await browser.get("/private")).status_code == 303


async def test_names_are_read_without_case_and_spaces(browser):
    assert (await sign_in(browser, " Maria ", "correct horse")).status_code == 303


@pytest.mark.parametrize(
    "onward", ["https://evil.test/", "//evil.test", "/\\evil.test", "/\t/evil.test", "javascript:alert(1)"]
)
async def test_nobody_is_sent_on_to_another_site(browser, onward):
    done = await sign_in(browser, "maria", "correct horse", onward)
    assert done.headers["location"] == "/"


async def test_the_cookie_is_for_http_and_this_site_only_and_for_https_where_there_is_https(accounts, times):
    async with client(small_site(accounts, times)) as browser:
        plain = (await sign_in(browser, "maria", "correct horse")).headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Secure" not in plain
    async with client(small_site(accounts, times, secure=True), base="https://desk.test") as browser:
        safe = (await sign_in(browser, "maria", "correct horse")).headers["set-cookie"]
    assert safe.startswith("__Host-warmline_session=")
    assert "Secure" in safe


async def test_a_session_ends_after_half_a_day(browser, times):
    await sign_in(browser, "maria", "correct horse")
    times.at += 11.9 * 3600
    assert (await browser.get("/private")).status_code == 200
    times.at += 0.2 * 3600
    assert (await browser.get("/private")).status_code == 303


async def test_a_session_ends_when_all_of_that_person_are_ended(browser, accounts):
    await sign_in(browser, "maria", "correct horse")
    accounts.ended("maria")
    assert (await browser.get("/private")).status_code == 303


async def test_a_session_ends_when_the_person_is_no_longer_there(browser, accounts):
    await sign_in(browser, "maria", "correct horse")
    del accounts.known["maria"]
    assert (await browser.get("/private")).status_code == 303


async def test_signing_out_takes_the_session_away(browser):
    await sign_in(browser, "maria", "correct horse")
    page = await browser.get("/private")
    out = await browser.post("/sign-out", data={"csrf": token_in(page)})
    assert out.headers["location"] == "/sign-in"
    assert (await browser.get("/private")).status_code == 303


async def test_an_altered_cookie_is_no_session(browser):
    await sign_in(browser, "maria", "correct horse")
    name, value = next(iter(browser.cookies.items()))
    browser.cookies.clear()
    browser.cookies.set(name, value.replace(".", ".A", 1), domain="desk.test")
    assert (await browser.get("/private")).status_code == 303


async def test_a_page_of_another_role_is_refused_and_shows_nothing(browser):
    await sign_in(browser, "ana", "battery staple")
    page = await browser.get("/private")
    assert page.status_code == 403
    assert "Welcome" not in page.text


async def test_a_form_needs_the_token_of_its_own_session(accounts, times):
    app = small_site(accounts, times)
    async with client(app) as maria, client(app) as other:
        await sign_in(maria, "maria", "correct horse")
        await sign_in(other, "maria", "correct horse")
        own, theirs = [token_in(await one.get("/private")) for one in (maria, other)]
        assert (await maria.post("/private", data={})).status_code == 403
        assert (await maria.post("/private", data={"csrf": theirs})).status_code == 403
        assert (await maria.post("/private", data={"csrf": own})).text == "changed by maria"
        assert (await maria.post("/private", headers={"x-csrf-token": own})).status_code == 200


async def test_a_form_on_another_sites_page_is_refused_even_with_a_token(browser):
    await sign_in(browser, "maria", "correct horse")
    token = token_in(await browser.get("/private"))
    forged = await browser.post("/private", data={"csrf": token}, headers={"origin": "https://evil.test"})
    assert forged.status_code == 403


async def test_signing_in_needs_a_token_too(browser):
    forged = await browser.post("/sign-in", data={"name": "maria", "password": "correct horse"})
    assert forged.status_code == 403
    assert (await browser.get("/private")).status_code == 303


async def test_whoever_guesses_has_to_wait_and_nobody_else_does(accounts, times):
    app = small_site(accounts, times)
    async with client(app) as guesser, client(app, "10.0.0.2") as colleague:
        tries = [(await sign_in(guesser, "maria", f"guess {number}")).status_code for number in range(6)]
        assert tries == [401] * 5 + [429]
        refused = await sign_in(guesser, "maria", "correct horse")
        assert refused.status_code == 429, "also the right password has to wait"
        assert int(refused.headers["retry-after"]) == 15 * 60
        assert (await sign_in(colleague, "maria", "correct horse")).status_code == 303
        times.at += 15 * 60 + 1
        assert (await sign_in(guesser, "maria", "correct horse")).status_code == 303


async def test_one_address_cannot_try_many_names(accounts, times):
    async with client(small_site(accounts, times)) as guesser:
        tries = [(await sign_in(guesser, f"name{number}", "password")).status_code for number in range(21)]
        assert tries == [401] * 20 + [429]
