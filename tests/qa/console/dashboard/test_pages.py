"""The dashboard over plain HTTP: who sees it, what an address means, and that each figure opens its calls."""

import re
from datetime import timedelta
from html import unescape

import pytest

from qa.console.addresses import read_query
from qa.metrics.catalogue import BY_ID, SHOWN
from tests.qa.console.dashboard.conftest import dashboard_stage
from tests.qa.metrics.stories import NOW
from tests.web.site import client


def text_of(page):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def links(page, start):
    return [unescape(one) for one in re.findall(r'href="([^"]+)"', page.text) if one.startswith(start)]


async def test_who_looks_back_begins_here_and_agents_with_their_calls(stage):
    ana, maria = await stage.browser("ana"), await stage.browser("maria")
    assert "Containment" in (await ana.get("/qa")).text
    answer = await maria.get("/qa")
    assert (answer.status_code, answer.headers["location"]) == (303, "/qa/calls")
    for path in ("/qa/figures/containment", "/qa/digest", "/qa/digest/file"):
        assert (await maria.get(path)).status_code == 403
    stranger = client(stage.app)
    assert (await stranger.get("/qa")).headers["location"].startswith("/sign-in")
    await stranger.aclose()


async def test_every_metric_stands_there_with_its_formula_and_a_link(stage):
    page = await (await stage.browser("ana")).get("/qa?period=28d")
    for metric in SHOWN:
        assert metric.formula in text_of(page)
        assert f'href="/qa/figures/{metric.id}?period=28d"' in page.text
    assert "style=" not in page.text, "no browser would apply it"


async def test_containment_stands_beside_satisfaction_and_repeat_contact(stage):
    page = await (await stage.browser("ana")).get("/qa?period=28d")
    first = page.text.index('class="tiles first"')
    places = [
        page.text.index(f'id="first-{name}"', first)
        for name in ("containment", "csat_assistant", "repeat_contact")
    ]
    assert places == sorted(places)


async def test_a_figure_opens_as_many_calls_as_it_says(stage):
    ana = await stage.browser("ana")
    page = await ana.get("/qa/figures/containment?period=28d")
    inside, beside = (
        int(one.replace(",", ""))
        for one in re.search(r"In it \(([\d,]+)\).*?not in it \(([\d,]+)\)", page.text, re.DOTALL).groups()
    )
    whole = int(re.search(r"of ([\d,]+)</span>", page.text)[1])
    assert inside + beside == whole
    told = float(re.search(r'class="value number">([\d.]+) %', page.text)[1])
    assert told == pytest.approx(100 * inside / whole, abs=0.05)

    seen = set()
    for number in range(1, inside // 50 + 2):
        rows = (await ana.get(f"/qa/figures/containment?period=28d&page={number}")).text
        seen |= set(re.findall(r'href="/qa/calls/(CA\d+)"', rows))
    assert len(seen) == inside
    for call_id in list(seen)[:5]:
        assert (await stage.console.facts.get(call_id)).outcome.value == "contained"


@pytest.mark.parametrize(
    "metric",
    ["calls", "containment", "abandoned", "handed_over", "needless_transfers", "auto_fail", "refused"],
)
@pytest.mark.parametrize("more", ["", "&intent=refund", "&queue=returns"])
async def test_the_list_of_calls_that_a_figure_leads_to_has_the_same_calls(stage, metric, more):
    page = await (await stage.browser("ana")).get(f"/qa/figures/{metric}?period=28d{more}")
    (address,) = links(page, "/qa/calls?")
    wanted = read_query(address.partition("?")[2]).filter(NOW)
    listed = {one.call_id for one in await stage.console.facts.page(wanted, limit=1000)}
    total = re.search(r"<caption>([\d,]+) calls", page.text)
    assert len(listed) == (int(total[1].replace(",", "")) if total else 0)
    assert set(re.findall(r'href="/qa/calls/(CA\d+)"', page.text)) <= listed


async def test_the_cells_of_tables_open_their_calls(stage):
    ana = await stage.browser("ana")
    page = await ana.get("/qa?period=28d")
    cells = [one for one in links(page, "/qa/figures/transfers?") if "outcome=caller_gone" in one]
    behind = await ana.get(cells[0])
    assert "outcome: The caller has hung up" in behind.text
    call_id = re.search(r'href="/qa/calls/(CA\d+)"', behind.text)[1]
    known = await stage.console.facts.get(call_id)
    assert any(one.outcome == "caller_gone" for one in known.each_transfer)

    row, hour = re.search(r"weekday=(\d)&amp;hour=(\d+)", page.text).groups()
    heat = await ana.get(f"/qa/figures/calls?period=28d&weekday={row}&hour={hour}")
    began = re.findall(r'datetime="([\d-]+T(\d\d))', heat.text)
    assert began
    assert {int(one[1]) for one in began} == {int(hour)}, "local hours, as on the page"


async def test_what_is_chosen_stands_in_the_address_and_in_all_links(stage):
    ana = await stage.browser("ana")
    page = await ana.get("/qa?period=custom&first=2026-11-02&last=2026-11-08&queue=returns&playbook=acme+2")
    assert "2 November to 8 November 2026" in page.text
    assert "26 October to 1 November 2026" in page.text, "what it is compared with"
    for address in links(page, "/qa/figures/"):
        assert "first=2026-11-02&last=2026-11-08" in address
        assert "queue=returns" in address


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("period=custom&first=2026-11-08&last=2026-11-02", "The last day is before the first."),
        ("period=custom&first=yesterday&last=2026-11-02", "The first day must be a date"),
        ("period=custom&first=2027-01-01&last=2027-01-02", "still to come"),
        ("period=custom&first=2020-01-01&last=2026-01-02", "at most 366 days"),
        ("period=fortnight", "A period is one of"),
    ],
)
async def test_a_period_that_is_none_is_explained_and_the_usual_one_shown(stage, query, said):
    page = await (await stage.browser("ana")).get(f"/qa?{query}")
    assert page.status_code == 422
    assert said in page.text
    assert "21 November to 27 November 2026" in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/qa/figures/happiness", 404),
        ("/qa/figures/containment?period=never", 400),
        ("/qa/figures/containment?page=99999&hour=77&weekday=x", 200),
        ("/qa/figures/containment?page=-1", 200),
        ("/qa/digest?day=tomorrow", 400),
        ("/qa/digest?day=2026-11-27", 404),
        ("/qa/digest?day=0001-01-01", 404),
        ("/qa?queue=%00&intent=%3Cscript%3E", 200),
    ],
)
async def test_addresses_that_nobody_was_given(stage, path, status):
    answer = await (await stage.browser("ana")).get(path)
    assert answer.status_code == status
    assert "<script>" not in answer.text


async def test_no_calls_are_no_zeroes(tmp_path):
    async with dashboard_stage(tmp_path, calls=[]) as stage:
        ana = await stage.browser("ana")
        page = await ana.get("/qa?period=28d")
        assert page.status_code == 200
        tile = re.search(r'id="first-containment".*?</li>', page.text, re.DOTALL)[0]
        assert "–" in tile
        assert "0.0 %" not in tile
        assert "No calls on this day." in (await ana.get("/qa/digest")).text
        for metric in BY_ID:
            assert (await ana.get(f"/qa/figures/{metric}")).status_code == 200


async def test_a_call_that_comes_is_counted_and_a_score_that_changes_too(stage):
    ana = await stage.browser("ana")

    async def value(name):
        page = await ana.get(f"/qa/figures/{name}?period=28d")
        return re.search(r'class="value number">([^<]+)<', page.text)[1]

    before, score = int(await value("calls")), await value("qa_score")
    known, said = (await stage.console.facts.get("CA00001")), ""
    new = known.model_copy(update={"call_id": "CAnew", "started_at": NOW - timedelta(hours=1), "score": None})
    assert known.outcome.value != "open"
    await stage.console.facts.put([(new, said)])
    assert int(await value("calls")) == before + 1
    await stage.console.facts.put([(new.model_copy(update={"score": 0.0, "last_seq": new.last_seq}), said)])
    assert await value("qa_score") != score
    await stage.console.facts.drop(["CAnew"])
    assert int(await value("calls")) == before
    assert await value("qa_score") == score


async def test_without_prices_no_cost_is_made_up(tmp_path):
    from qa.metrics.rules import Rules

    async with dashboard_stage(tmp_path, rules=Rules()) as stage:
        page = await (await stage.browser("ana")).get("/qa?period=28d")
        tile = re.search(r'id="all-cost_per_contact".*?</li>', page.text, re.DOTALL)[0]
        assert "–" in tile
        assert "set what things cost" in tile
