"""The pages of learning over plain HTTP: who sees what, what becomes of what they do, and that looking is noted."""

import re
from datetime import UTC, datetime

import pytest

from dialog.source import read_article
from handoff.escalation.weights import read_weights
from qa.console.learning.panel import CorrectionPanel
from qa.console.panels import Viewing
from qa.learning.correction import Kind, State
from qa.learning.from_call import new
from qa.learning.lessons import Lesson, Lessons, Source
from qa.learning.versions import BUILT_IN, Tried
from tests.qa.console.learning.conftest import PASSWORD
from tests.web.site import client, signing_in, token_in
from web.accounts import Account, Role

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PAGES = ("/qa/gaps", "/qa/corrections", "/qa/versions", "/qa/corrections/calls/CA0000")


@pytest.fixture
async def console(stage):
    """Signs people in: `await console("ana")` is a browser of hers."""
    async with signing_in(stage.app, PASSWORD, "/qa/gaps") as signing:
        yield signing


async def post(browser, path, **fields):
    fields["csrf"] = token_in(await browser.get("/qa/versions"))
    return await browser.post(path, data=fields)


async def first_gap(browser):
    """The address of the weightiest gap."""
    return re.search(r'href="(/qa/gaps/[0-9a-f]{12})"', (await browser.get("/qa/gaps")).text)[1]


async def test_agents_see_none_of_it_and_strangers_have_to_sign_in(stage, console):
    maria, stranger = await console("maria"), client(stage.app)
    for path in PAGES:
        assert (await maria.get(path)).status_code == 403
        assert (await stranger.get(path)).status_code == 303
    await stranger.aclose()


async def test_the_weightiest_gap_comes_first_with_what_the_agent_said(console):
    page = (await (await console("ana")).get("/qa/gaps")).text
    assert page.index("repair") < page.index("my dog")
    assert "We repair leather boots in our workshop" in page


async def test_what_shows_callers_words_is_noted_first(stage, console):
    ana = await console("ana")
    await ana.get(await first_gap(ana))
    await ana.get("/qa/corrections/calls/CA0000")
    noted = [(one.person_id, one.call_id, one.detail) for one in await stage.access.lines()]
    assert noted[0] == ("ana", "CA0000", "corrections")
    assert noted[1][2].startswith("gap ")
    assert noted[2][2] == "gaps, open"


async def test_an_accepted_gap_becomes_a_draft_and_not_a_part_of_the_playbook(stage, console):
    ana = await console("ana")
    address = await first_gap(ana)
    answer = await post(
        ana,
        f"{address}/accept",
        name="repairs",
        title="Repairs",
        spoken="We repair boots for forty euros.",
        questions="do you repair boots\ncan you mend boots\nwhat does a repair cost",
        body="# Repairs\r\n\r\nTwo weeks.",
    )
    assert answer.status_code == 303
    source, body = read_article(stage.learning.drafts / "repairs.md")
    assert source.data["owner"] == "Ana Lindt"
    assert body == "# Repairs\n\nTwo weeks."
    page = (await ana.get(address)).text
    assert "Accepted by ana: the draft is repairs.md" in page
    assert (await post(ana, f"{address}/reject")).status_code == 409, "it is decided"
    assert (await post(ana, f"{address}/open")).status_code == 303
    assert "Accept as a draft" in (await ana.get(address)).text


async def test_a_draft_that_breaks_a_rule_comes_back_as_it_was_written(stage, console):
    ana = await console("ana")
    address = await first_gap(ana)
    answer = await post(
        ana, f"{address}/accept", name="repairs", title="T", spoken="Yes & no.", questions="one"
    )
    assert answer.status_code == 400
    assert "questions: needs at least 3, one a line; it has 1" in answer.text
    assert "Yes &amp; no." in answer.text
    assert not stage.learning.drafts.exists()


async def test_a_rejected_gap_is_gone_from_the_list(console):
    ana = await console("ana")
    address = await first_gap(ana)
    await post(ana, f"{address}/reject")
    assert address not in (await ana.get("/qa/gaps")).text
    assert address in (await ana.get("/qa/gaps?state=rejected")).text


async def test_a_form_without_its_token_does_nothing(console):
    ana = await console("ana")
    address = await first_gap(ana)
    assert (await ana.post(f"{address}/reject")).status_code == 403
    assert address in (await ana.get("/qa/gaps")).text


async def test_corrections_come_from_the_desk_and_from_the_form_and_are_judged(stage, console):
    ana = await console("ana")
    await post(ana, "/qa/corrections/gather")
    assert "product_care" in (await ana.get("/qa/corrections")).text
    answer = await post(ana, "/qa/corrections/calls/CA0004", kind="answer_wrong", turn="1")
    assert answer.status_code == 303
    (made,) = await stage.learning.corrections.page(call_id="CA0004")
    assert (made.kind, made.text, made.by) == (Kind.ANSWER_WRONG, "may I bring my dog into the shop", "ana")
    await post(ana, f"/qa/corrections/{made.correction_id}/judge", state="accepted")
    (accepted,) = await stage.learning.corrections.page(State.ACCEPTED)
    assert (accepted.correction_id, accepted.judged_by) == (made.correction_id, "ana")


async def test_a_correction_that_says_nothing_is_told(console):
    answer = await post(await console("ana"), "/qa/corrections/calls/CA0004", kind="intent", turn="1")
    assert answer.status_code == 400
    assert "meant: say what it should have been" in answer.text


async def test_unknown_calls_gaps_and_corrections_are_not_there(console):
    ana = await console("ana")
    for path in ("/qa/gaps/000000000000", "/qa/corrections/calls/CA9999"):
        assert (await ana.get(path)).status_code == 404
    assert (await post(ana, "/qa/corrections/none/judge", state="accepted")).status_code == 404


def written(stage, better=True, tried=None, source=Source.CORRECTION, **more):
    lesson = Lesson(
        text="mend my boots", name="product_care", correction_id="c1", call_id="CA1", source=source
    )
    told = {"made_at": AT, "parent": BUILT_IN, "playbook": "acme 1", "better": better, "items": ("c1",)}
    told |= {"tried": tried or Tried(), **more}
    return stage.learning.versions.write(Lessons(lessons=(lesson,)), read_weights(), told).version


async def test_a_supervisor_puts_a_version_into_use_and_takes_it_back(stage, console):
    name = written(stage)
    sue, ana = await console("sue"), await console("ana")
    assert (await post(ana, f"/qa/versions/{name}/promote")).status_code == 403
    assert (await post(sue, f"/qa/versions/{name}/promote")).status_code == 303
    assert stage.learning.versions.promoted() == name
    assert f"{name} · in use" in (await ana.get("/qa/versions")).text
    await post(sue, f"/qa/versions/{BUILT_IN}/promote")
    assert stage.learning.versions.promoted() == BUILT_IN


async def test_a_version_that_was_not_better_is_refused(stage, console):
    name = written(stage, better=False)
    answer = await post(await console("sue"), f"/qa/versions/{name}/promote")
    assert answer.status_code == 409
    assert "was not better than built-in" in answer.text


async def accepted_transcript(stage):
    made = new("CA0004", 1, Kind.TRANSCRIPT, "rip the <ship>", "repair the zip", "ana", AT)
    made = made.model_copy(update={"correction_id": "c1", "state": State.ACCEPTED, "judged_at": AT})
    await stage.learning.corrections.add(made)


async def test_what_a_transcript_has_become_stands_beside_it(stage, console):
    await accepted_transcript(stage)
    ana, sue = await console("ana"), await console("sue")
    assert "waits for the next warmline train" in (await ana.get("/qa/corrections?state=accepted")).text
    await post(sue, f"/qa/versions/{written(stage, source=Source.TRANSCRIPT)}/promote")
    for path in ("/qa/corrections?state=accepted", "/qa/corrections/calls/CA0004"):
        page = (await ana.get(path)).text
        assert "“mend my boots” is an example of product_care in v0001" in page
    assert "What came of it" not in (await ana.get("/qa/corrections?state=rejected")).text


async def test_a_transcript_that_teaches_nothing_says_why(stage, console):
    await accepted_transcript(stage)
    written(stage, items=(), left_out={"c1": "unsure"})
    page = (await (await console("ana")).get("/qa/corrections?state=accepted")).text
    assert "teaches nothing: it is not sure what these words mean" in page


async def test_a_broken_version_is_told_and_corrections_are_judged_all_the_same(tmp_path, stage, console):
    await accepted_transcript(stage)
    name = written(stage)
    await post(await console("sue"), f"/qa/versions/{name}/promote")
    (lessons,) = tmp_path.rglob("lessons.json")
    lessons.write_text("{}", "utf-8")
    page = (await (await console("ana")).get("/qa/corrections?state=accepted")).text
    assert f"is not the file of version {name}" in page
    assert 'name="state" value="rejected"' in page


async def test_what_came_of_calls_that_were_run_again_is_told_with_their_report(stage, console):
    written(stage, better=False, tried=Tried(better=1, worse=2, report="20261124T120000-abcdef"))
    page = (await (await console("ana")).get("/qa/versions")).text
    assert "Calls run again with both versions: 1 better, 2 worse, 0 changed, 0 the same." in page
    assert 'href="/qa/reruns/20261124T120000-abcdef"' in page


async def test_the_page_of_a_call_that_is_over_has_the_corrections_and_their_form(stage):
    panel = CorrectionPanel(stage.learning, stage.playbook)
    events = await stage.log.read("CA0004")

    def viewing(role, some):
        account = Account("ana", "Ana", frozenset({role}), 0)
        return Viewing(account, "CA0004", some, "a token", stage.piece)

    html = await panel.render(viewing(Role.ANALYST, events))
    assert 'action="/qa/corrections/calls/CA0004"' in html
    assert 'value="a token"' in html
    assert "may I bring my dog" in html
    assert await panel.render(viewing(Role.AGENT, events)) == ""
    assert await panel.render(viewing(Role.ANALYST, events[:-1])) == "", "it goes on"
