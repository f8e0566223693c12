"""Scoring a call on its page, disputing an answer, settling it, and what each role may do."""

import asyncio
import re

import pytest

from qa.scorecards.values import DisputeState, ScorerKind
from tests.web.site import client, token_in

SCORE = "/qa/calls/CA1/score"
ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


async def signed_in(stage, name):
    browser = client(stage.app)
    form = await browser.get("/sign-in")
    fields = {"name": name, "password": "open", "csrf": token_in(form)}
    assert (await browser.post("/sign-in", data=fields)).status_code == 303
    page = await browser.get(SCORE)
    found = re.search(r'x-csrf-token": "([0-9a-f]+)"', page.text)
    browser.headers["x-csrf-token"] = found[1] if found else ""
    return browser


def all_answers(stage, **others):
    form = stage.reviews.form.form
    fields = {f"a.{one.id}": "yes" for one in form.questions if one.kind == "select"}
    return fields | {f"a.{name}": value for name, value in others.items()}


async def test_the_rules_have_scored_the_call_before_anybody_opens_it(stage):
    known = await stage.facts.get("CA1")
    assert known.score is not None
    assert not known.auto_fail


@ON_BOTH
async def test_a_reviewer_keeps_a_draft_submits_and_the_rules_stand_beside_it(stage):
    ana = await signed_in(stage, "ana")
    assert "Rules:" in (await ana.get(SCORE)).text
    assert "Only you see it" in (await ana.post(SCORE, data={"a.tone": "yes", "do": "save"})).text
    missing = await ana.post(SCORE, data={"a.tone": "yes", "do": "submit"})
    assert missing.status_code == 422
    await ana.post(SCORE, data=all_answers(stage, identity="no") | {"do": "submit"})
    kept = await stage.reviews.store.of_call("CA1")
    human = next(one for one in kept if one.kind is ScorerKind.HUMAN)
    rules = next(one for one in kept if one.kind is ScorerKind.RULES)
    assert (human.points, human.auto_fail, human.scorer) == (0.0, True, "ana")
    assert rules.points == (await stage.facts.get("CA1")).score
    assert human.build.playbook == "acme 1"
    again = await ana.post(SCORE, data=all_answers(stage) | {"do": "submit"})
    assert "scored this call already" in again.text


async def test_a_look_at_a_call_is_noted(stage):
    await signed_in(stage, "ana")
    assert [one.person_id for one in await stage.access.lines("CA1")] == ["ana"]


@ON_BOTH
async def test_the_agent_disputes_their_own_call_and_a_second_person_settles(stage):
    await (await signed_in(stage, "sue")).post(SCORE, data=all_answers(stage, tone="no") | {"do": "submit"})
    (given,) = [one for one in await stage.reviews.store.of_call("CA1") if one.kind is ScorerKind.HUMAN]
    maria = await signed_in(stage, "maria")
    fields = {"evaluation": given.evaluation_id, "question": "tone", "reason": "I was kind."}
    assert (await maria.post("/qa/calls/CA1/disputes", data=fields)).status_code == 200
    assert "I was kind." in (await maria.get("/qa/disputes")).text
    (dispute,) = await stage.reviews.store.disputes_of()
    settle = f"/qa/disputes/{dispute.dispute_id}/settle"
    right = {"right": "yes", "note": "She was."}
    assert (await maria.post(settle, data=right)).status_code == 403
    assert (await (await signed_in(stage, "sue")).post(settle, data=right)).status_code == 403, (
        "it is her score"
    )
    kim = await signed_in(stage, "kim")
    assert (await kim.post(settle, data={"right": "no", "note": "As given."})).status_code == 422
    assert (await kim.post(settle, data=right)).status_code == 303
    (settled,) = await stage.reviews.store.disputes_of()
    assert (settled.state, settled.settled_by) == (DisputeState.UPHELD, "kim")
    assert (await stage.reviews.store.evaluation(given.evaluation_id)).answer("tone").option == "no"
    assert (await kim.post(settle, data=right)).status_code == 403


async def test_somebody_elses_call_is_nothing_to_an_agent_and_agents_do_not_score(stage):
    tom = await signed_in(stage, "tom")
    assert (await tom.get(SCORE)).status_code == 404
    maria = await signed_in(stage, "maria")
    assert (await maria.post(SCORE, data=all_answers(stage) | {"do": "submit"})).status_code == 403
    assert 'value="submit"' not in (await maria.get(SCORE)).text


@ON_BOTH
async def test_in_a_calibration_nobody_sees_the_others_until_all_have_submitted(stage):
    sue = await signed_in(stage, "sue")
    begun = await sue.post("/qa/scorecards/calibration", data={"call": "CA1", "reviewers": "ana, ben"})
    assert begun.status_code == 303
    ana, ben = await signed_in(stage, "ana"), await signed_in(stage, "ben")
    await ana.post(SCORE, data=all_answers(stage) | {"c.tone": "a secret remark", "do": "submit"})
    assert "a secret remark" not in (await ben.get(SCORE)).text
    assert "waits for ben" in (await sue.get("/qa/scorecards/calibration")).text
    await ben.post(SCORE, data=all_answers(stage, tone="no") | {"do": "submit"})
    assert "a secret remark" in (await ben.get(SCORE)).text
    agreement = await stage.reviews.agreement()
    (tone,) = [one for one in agreement.questions if one.question.id == "tone"]
    assert (tone.people.n, tone.people.accuracy) == (1, 0.0)
    assert "too few labels" in (await sue.get("/qa/scorecards/agreement")).text


@ON_BOTH
async def test_a_supervisor_brings_a_form_and_activates_it_and_errors_name_the_line(stage):
    sue = await signed_in(stage, "sue")
    source = stage.reviews.form.source
    wrong = await sue.post(
        "/qa/scorecards/forms", data={"source": source.replace("weight: 65", "weight: 60")}
    )
    assert wrong.status_code == 422
    assert "add up to 95" in wrong.text
    text = source.replace("title: Starter card", "title: Better card")
    made = await sue.post("/qa/scorecards/forms", files={"file": ("scorecard.yaml", text.encode())})
    assert made.headers["location"] == "/qa/scorecards/forms/starter/2"
    assert (await sue.get(made.headers["location"])).status_code == 200
    draft = made.headers["location"]
    assert (await sue.post(draft, data={"source": text + "\nextra: 1"})).status_code == 422
    assert (await sue.post(draft, data={"source": text.replace("Better", "Best")})).status_code == 303
    assert "Best card" in (await sue.get(draft)).text
    activate = f"{draft}/activate"
    assert (await (await signed_in(stage, "ana")).post(activate)).status_code == 403
    assert (await sue.post(activate)).status_code == 303
    assert stage.reviews.form.label == "starter 2"
    assert (await sue.post(activate)).status_code == 409, "it is no draft any more"
    assert (await sue.post(draft, data={"source": text})).status_code == 409, "active forms never change"
    assert "retired" in (await sue.get("/qa/scorecards")).text


@pytest.mark.parametrize("path", ["/qa/scorecards", "/qa/scorecards/agreement", "/qa/scorecards/calibration"])
async def test_agents_do_not_see_how_scorers_are_compared(stage, path):
    assert (await (await signed_in(stage, "maria")).get(path)).status_code == 403


async def test_activating_a_form_scores_the_calls_of_the_time_back_with_progress_on_the_page(stage):
    sue = await signed_in(stage, "sue")
    text = stage.reviews.form.source.replace("weight: 65", "weight: 15").replace("weight: 25", "weight: 75")
    made = await sue.post("/qa/scorecards/forms", data={"source": text})
    await sue.post(f"{made.headers['location']}/activate", data={"days": 3650})
    progress = stage.scoring.progress
    assert (progress.form.label, progress.of) == ("starter 2", 1)
    under_way = (await sue.get("/qa/scorecards")).text
    assert "0 of 1 calls" in under_way
    assert 'hx-trigger="every 1s"' in under_way
    working = asyncio.create_task(stage.scoring.keep_up())
    while not progress.over:
        await asyncio.sleep(0)
    working.cancel()
    over = (await sue.get("/qa/scorecards/anew")).text
    assert "1 calls were scored by starter 2" in over
    assert "hx-trigger" not in over
    assert (await stage.facts.get("CA1")).scored_by == "starter 2, rules 2"
    ana = await signed_in(stage, "ana")
    assert "starter 1, rules 2" in (await ana.get(SCORE)).text, "what it had before stays"
    assert (await ana.post("/qa/scorecards/anew", data={"days": 90})).status_code == 403


async def test_agreement_is_shown_by_each_form_that_was_ever_active(stage):
    sue = await signed_in(stage, "sue")
    await sue.post(SCORE, data=all_answers(stage) | {"do": "submit"})
    made = await sue.post("/qa/scorecards/forms", data={"source": stage.reviews.form.source + "\n"})
    await sue.post(f"{made.headers['location']}/activate")
    assert "0 calls scored by people" in (await sue.get("/qa/scorecards/agreement")).text
    old = await sue.get("/qa/scorecards/agreement?form=starter&version=1")
    assert "1 calls scored by people" in old.text
    assert (await sue.get("/qa/scorecards/agreement?form=starter&version=9")).status_code == 404
