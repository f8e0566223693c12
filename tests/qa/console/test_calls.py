"""The list of calls."""

import re
from urllib.parse import urlencode

import pytest

from qa.console.addresses import calls_url
from qa.console.listed import PAGE
from qa.facts.filter import CallFilter
from qa.facts.store import Order
from qa.facts.types import CallOutcome
from tests.qa.console.conftest import CALLS, call, console_stage
from tests.web.site import token_in

HX = {"hx-request": "true"}


def ids(page):
    """The calls that a page lists, in order."""
    return re.findall(r'<a href="/qa/calls/(CA\d+)"', page.text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("order=newest", ["CA1", "CA2", "CA3", "CA5", "CA4"]),
        ("order=oldest", ["CA4", "CA5", "CA3", "CA2", "CA1"]),
        ("order=slowest", ["CA3", "CA1", "CA2", "CA4", "CA5"]),
        ("order=worst_score", ["CA3", "CA1", "CA2", "CA4", "CA5"]),
        ("order=worst_mood", ["CA2", "CA1", "CA3", "CA4", "CA5"]),
        ("period=7d&order=newest", ["CA1", "CA2", "CA3", "CA5"]),
        ("period=yesterday&order=newest", []),
        ("since=2026-11-09T09%3A30%3A00Z&until=2026-11-09T11%3A00%3A00Z&order=newest", ["CA2"]),
        ("outcome=abandoned&outcome=open&order=newest", ["CA3", "CA5"]),
        ("intent=order_status&order=newest", ["CA1", "CA4"]),
        ("escalation=upset&order=newest", ["CA2"]),
        ("queue=returns&order=newest", ["CA2"]),
        ("agent=tom&order=newest", ["CA4"]),
        ("caller=%2B15550001&order=newest", ["CA1"]),
        ("discontent_above=0.5&order=newest", ["CA2"]),
        ("latency_above_s=2&order=newest", ["CA3"]),
        ("csat_below=3&order=newest", ["CA2"]),
        ("score_below=50&order=newest", ["CA3"]),
        ("failures=1&order=newest", ["CA3"]),
        ("words=parcel&order=newest", ["CA1", "CA3", "CA5"]),
        ("words=parcel+anybody&order=newest", ["CA3"]),
        ("call=CA3&call=CA4&order=newest", ["CA3", "CA4"]),
        ("call=&order=newest", []),
    ],
)
async def test_calls_are_found_by_the_conditions_of_an_address(stage, query, found):
    page = await (await stage.browser("ana")).get(f"/qa/calls?{query}")
    assert (page.status_code, ids(page)) == (200, found)
    assert f'role="status">{len(found)} call' in page.text


async def test_a_form_leads_to_the_one_address_of_its_list(stage):
    ana = await stage.browser("ana")
    form = {
        "words": " parcel ",
        "period": "",
        "intent": "",
        "outcome": "open",
        "since": "",
        "order": "newest",
    }
    answer = await ana.get(f"/qa/calls?{urlencode(form)}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/qa/calls?outcome=open&words=parcel&order=newest"
    by_script = await ana.get(f"/qa/calls?{urlencode(form)}", headers=HX)
    assert by_script.headers["hx-push-url"] == answer.headers["location"]
    assert ids(by_script) == ["CA5"]


async def test_links_of_other_rooms_need_no_second_request(stage):
    wanted = CallFilter(
        outcomes=(CallOutcome.ABANDONED, CallOutcome.LOST), latency_above_s=1.25, words="parcel"
    )
    page = await (await stage.browser("ana")).get(calls_url(wanted, Order.SLOWEST))
    assert (page.status_code, ids(page)) == (200, ["CA3"])


async def test_each_condition_can_be_taken_off(stage):
    page = await (await stage.browser("ana")).get(
        "/qa/calls?outcome=handed_over&escalation=upset&period=7d&order=newest"
    )
    chips = dict(re.findall(r'<li><a href="([^"]+)">([^<]+)<span aria-hidden', page.text))
    assert chips == {
        "/qa/calls?outcome=handed_over&amp;escalation=upset&amp;order=newest": "Last 7 days",
        "/qa/calls?escalation=upset&amp;period=7d&amp;order=newest": "Outcome: Handed over",
        "/qa/calls?outcome=handed_over&amp;period=7d&amp;order=newest": "Handed over because: is upset",
    }


def head(page, name):
    """How a column's head says that the list is sorted, and where a click on it leads."""
    return re.search(
        rf'<th scope="col"[^>]*?(?: aria-sort="(\w+)")?>\s*<a href="([^"]+)">{name}', page.text
    ).groups()


async def test_a_head_sorts_by_its_column_and_says_how_the_list_is_sorted(stage):
    ana = await stage.browser("ana")
    page = await ana.get("/qa/calls?words=parcel&order=newest")
    assert head(page, "Started") == ("descending", "/qa/calls?words=parcel&amp;order=oldest")
    assert head(page, "Answers") == (None, "/qa/calls?words=parcel&amp;order=slowest")
    page = await ana.get("/qa/calls?order=worst_score")
    assert head(page, "Score") == ("ascending", "/qa/calls?order=worst_score")


async def test_a_hit_is_shown_where_it_was_said_and_the_search_is_noted_without_its_words(stage):
    page = await (await stage.browser("ana")).get("/qa/calls?words=money+%3Cb%3E&order=newest")
    assert "<mark>money</mark> back &lt;<mark>b</mark>&gt;now" in page.text
    (line,) = await stage.console.access.lines()
    assert (line.person_id, line.what, line.call_id) == ("ana", "searched", None)
    assert line.detail == "1 calls of words=given&order=newest"


async def test_a_list_without_search_is_no_access_to_a_call(stage):
    await (await stage.browser("ana")).get("/qa/calls?order=newest")
    assert await stage.noted() == []


async def test_nothing_found_says_what_to_do(stage, tmp_path):
    page = await (await stage.browser("ana")).get(
        "/qa/calls?intent=order_status&escalation=upset&order=newest"
    )
    assert "No call meets all of these conditions." in page.text
    empty = tmp_path / "empty"
    empty.mkdir()
    async with console_stage(empty, []) as other:
        page = await (await other.browser("ana")).get("/qa/calls")
        assert "There are no calls yet." in page.text


async def test_an_address_that_means_nothing_is_refused_by_name(stage):
    ana = await stage.browser("ana")
    page = await ana.get("/qa/calls?latency_above_s=quick&colour=red")
    assert page.status_code == 422
    assert "<code>latency_above_s</code>" in page.text
    assert "<code>colour</code>" in page.text
    assert ids(page) == [], "no list rather than a wrong one"
    assert (await ana.get("/qa/calls?colour=red", headers=HX)).status_code == 200, "htmx shows it then"


async def test_fifty_calls_a_page(tmp_path):
    many = [call(number) for number in range(1, PAGE + 3)]
    async with console_stage(tmp_path, many) as stage:
        ana = await stage.browser("ana")
        first = await ana.get("/qa/calls?order=newest")
        assert len(ids(first)) == PAGE
        assert "1 to 50 of 52" in first.text
        assert 'rel="next" href="/qa/calls?order=newest&amp;page=2"' in first.text
        second = await ana.get("/qa/calls?order=newest&page=2")
        assert ids(second) == ["CA51", "CA52"]
        assert "51 to 52 of 52" in second.text
        assert 'rel="next"' not in second.text
        assert "This page is behind the last one" in (await ana.get("/qa/calls?order=newest&page=3")).text


# Who sees what


async def test_agents_see_the_calls_that_were_theirs(stage):
    maria = await stage.browser("maria")
    page = await maria.get("/qa/calls?order=newest")
    assert ids(page) == ["CA2"]
    assert ids(await maria.get("/qa/calls?agent=tom&order=newest")) == []
    assert ids(await maria.get("/qa/calls?words=parcel&order=newest")) == []
    assert 'href="/qa/review"' not in page.text
    assert 'href="/qa/calls.csv' not in page.text
    assert '<option value="tom"' not in page.text, "nor who took which"


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/qa/calls", ""),
        ("/qa/review", "maria"),
        ("/qa/review/CA1", "maria"),
        ("/qa/calls.csv", "maria"),
        ("/qa/calls.jsonl", "maria"),
        ("/qa/recordings.zip", "maria ana"),
        ("/qa/accesses", "maria ana"),
    ],
)
async def test_each_page_asks_for_its_role(stage, path, refused):
    for name in ("maria", "ana", "sue", "adam"):
        answer = await (await stage.browser(name)).get(path)
        assert answer.status_code == (403 if name in refused else 200), name


async def test_nobody_comes_in_without_signing_in(stage):
    ana = await stage.browser("ana")
    ana.cookies.clear()
    assert (await ana.get("/qa/calls")).headers["location"] == "/sign-in?onward=/qa/calls"


async def test_an_analyst_lands_in_the_console_and_an_agent_there_on_the_calls(stage):
    ana, maria = await stage.browser("ana"), await stage.browser("maria")
    first = await ana.get("/")
    assert (first.headers["location"], (await maria.get("/qa")).headers["location"]) == ("/qa", "/qa/calls")


# Saved views


async def save(browser, query, name, **more):
    page = await browser.get(f"/qa/calls?{query}")
    fields = {"csrf": token_in(page), "query": query, "name": name, **more}
    return await browser.post("/qa/views", data=fields)


async def test_a_view_is_saved_shared_opened_first_and_deleted(stage):
    ana, ben = await stage.browser("ana"), await stage.browser("ben")
    saved = await save(
        ana, "outcome=abandoned&period=7d&order=slowest", "Lost  callers ", shared="true", first="true"
    )
    assert saved.headers["location"] == "/qa/calls?outcome=abandoned&period=7d&order=slowest"
    assert (await ana.get("/qa/calls")).headers["location"] == saved.headers["location"]
    assert ids(await ana.get("/qa/calls?order=newest")) == [
        one.call_id for one, _ in sorted(CALLS, key=lambda pair: pair[0].started_at, reverse=True)
    ], "all calls can still be seen"
    page = await ben.get("/qa/calls")
    assert page.status_code == 200, "somebody else's first view is not mine"
    assert ">Lost callers</a>" in page.text
    assert '<span class="soft">by ana</span>' in page.text
    token = {"csrf": token_in(page)}
    assert (await ben.post("/qa/views/1/delete", data=token)).status_code == 404
    token = {"csrf": token_in(await ana.get(saved.headers["location"]))}
    assert (await ana.post("/qa/views/1/delete", data=token)).status_code == 303
    assert "Lost callers" not in (await ben.get("/qa/calls")).text


async def test_a_shared_view_shows_an_agent_no_more_than_their_own_calls(stage):
    await save(await stage.browser("ana"), "outcome=handed_over&order=newest", "Handed over", shared="true")
    maria = await stage.browser("maria")
    assert ">Handed over</a>" in (await maria.get("/qa/calls")).text
    assert ids(await maria.get("/qa/calls?outcome=handed_over&order=newest")) == ["CA2"]


@pytest.mark.parametrize(("query", "name"), [("order=newest", " "), ("colour=red", "Red"), ("", "n" * 61)])
async def test_a_view_that_means_nothing_is_not_saved(stage, query, name):
    ana = await stage.browser("ana")
    token = token_in(await ana.get("/qa/calls?order=newest"))
    answer = await ana.post("/qa/views", data={"csrf": token, "query": query, "name": name})
    assert answer.status_code == 400


async def test_a_form_without_its_token_saves_nothing(stage):
    ana = await stage.browser("ana")
    assert (await ana.post("/qa/views", data={"query": "order=newest", "name": "Mine"})).status_code == 403
    assert (await ana.post("/qa/review/CA1", data={"deed": "take"})).status_code == 403
