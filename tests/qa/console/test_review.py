"""The review queue and the log of accesses, as pages."""

import re

from qa.access.log import Accessed
from qa.review.rules import is_sampled
from tests.web.site import token_in


def ids(page):
    return re.findall(r'<a href="/qa/review/(CA\d+)\?[^"]*"><time', page.text)


async def do(browser, call_id, deed, query="draw=worst&show=open&period=7d"):
    page = await browser.get("/qa/review")
    return await browser.post(f"/qa/review/{call_id}?{query}", data={"csrf": token_in(page), "deed": deed})


async def test_the_worst_come_first_each_with_its_reasons(stage):
    page = await (await stage.browser("ana")).get("/qa/review")
    assert ids(page) == ["CA2", "CA3"]
    assert "<li>the caller gave 1 of 5</li><li>handed over because the caller was upset</li>" in page.text
    assert "<li>slow answers: p95 2.4 s</li>" in page.text


async def test_the_sample_shows_nothing_of_how_its_calls_went(stage):
    rules = stage.console.review
    drawn = [one for one in ("CA1", "CA2", "CA3") if is_sampled(one, rules)]
    page = await (await stage.browser("ana")).get("/qa/review?draw=sample")
    assert ids(page) == drawn
    assert "50 % of all calls" in page.text
    assert "the caller gave" not in page.text
    assert "Handed over" not in page.text


async def test_a_call_is_taken_reviewed_and_then_comes_the_next(stage):
    ana, ben = await stage.browser("ana"), await stage.browser("ben")
    taken = await do(ana, "CA2", "take")
    assert taken.headers["location"] == "/qa/review/CA2?draw=worst&show=open&period=7d"
    page = await ana.get(taken.headers["location"])
    assert "taken by ana" in page.text
    assert 'rel="next" href="/qa/review/CA3?' in page.text
    assert 'rel="prev"' not in page.text

    refused = await do(ben, "CA2", "finish")
    assert refused.status_code == 409
    assert "ana has this call: taken." in refused.text

    finished = await do(ana, "CA2", "finish")
    assert finished.headers["location"].startswith("/qa/review/CA3?")
    assert ids(await ana.get("/qa/review")) == ["CA3"]
    assert ids(await ben.get("/qa/review?show=done")) == ["CA2"]
    assert "reviewed by ana" in (await ben.get("/qa/review?show=done")).text
    assert "Of 2 in this list, 1 is reviewed." in (await ben.get("/qa/review")).text


async def test_a_skipped_call_is_open_to_others_and_a_supervisor_puts_back_what_lies(stage):
    ana, ben, sue = [await stage.browser(name) for name in ("ana", "ben", "sue")]
    skipped = await do(ana, "CA3", "skip")
    assert skipped.headers["location"] == "/qa/review?draw=worst&show=open&period=7d", "it was the last"
    assert ids(await ben.get("/qa/review?show=skipped")) == ["CA3"]
    assert (await do(ben, "CA3", "take")).status_code == 303
    assert ids(await ben.get("/qa/review?show=mine")) == ["CA3"]
    assert (await do(ana, "CA3", "put_back")).status_code == 409
    assert (await do(sue, "CA3", "put_back")).status_code == 303
    assert ids(await ben.get("/qa/review?show=mine")) == []
    assert ids(await ben.get("/qa/review")) == ["CA2", "CA3"]


async def test_a_call_that_is_not_known_cannot_be_reviewed(stage):
    ana = await stage.browser("ana")
    assert (await ana.get("/qa/review/CA99")).status_code == 404
    assert (await do(ana, "CA99", "take")).status_code == 404
    assert (await ana.get("/qa/review?period=ever")).status_code == 400


async def test_who_accessed_what_is_found_by_call_and_by_person(stage):
    access = stage.console.access
    await access.note("ana", Accessed.OPENED, "CA1")
    await access.note("ben", Accessed.LISTENED, "CA1")
    await access.note("ana", Accessed.EXPORTED, detail="5 calls of order=newest")
    sue = await stage.browser("sue")

    async def lines(query):
        text = (await sue.get(f"/qa/accesses?{query}")).text
        return re.findall(r'person=(\w+)">\w+</a></td>\s*<td>([\w ]+)</td>', text)

    assert await lines("") == [("ana", "exported"), ("ben", "listened to"), ("ana", "opened")]
    assert await lines("call=CA1") == [("ben", "listened to"), ("ana", "opened")]
    assert await lines("person=ana&call=") == [("ana", "exported"), ("ana", "opened")]
    assert await lines("call=CA1&person=ana") == [("ana", "opened")]
    assert "Nobody has accessed that." in (await sue.get("/qa/accesses?person=nobody")).text


async def test_the_log_of_accesses_has_pages(stage):
    for number in range(101):
        await stage.console.access.note("ana", Accessed.OPENED, f"CA{number}")
    sue = await stage.browser("sue")
    first = await sue.get("/qa/accesses")
    assert (first.text.count("<td>opened</td>"), 'rel="next"' in first.text) == (100, True)
    second = await sue.get("/qa/accesses?page=2")
    assert (second.text.count("<td>opened</td>"), 'rel="next"' in second.text) == (1, False)
