"""Calls of the time back are scored by the form that was activated; what they had before stays beside it."""

import asyncio
import shutil
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest

from calls.database import open_engine
from calls.store import open_store
from dialog.load import load_playbook
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.scorecards.active import ActiveForm
from qa.scorecards.anew import ScoringAnew, scored_by
from qa.scorecards.form_store import FormStore
from qa.scorecards.former import FormerScores
from qa.scorecards.judge import ScorecardJudge
from qa.scorecards.scoring import Answer
from qa.scorecards.source import STARTER, read_text
from qa.scorecards.store import ScoreStore
from qa.scorecards.values import Build, Evaluation, ScorerKind
from settings import HOME
from tests.databases import new_sqlite
from tests.qa.scorecards.story import BEGAN, CANCELLED, HUNG_UP, STARTED, story

NOW = BEGAN + timedelta(days=30)
ACME = HOME / "playbooks" / "acme"
STRICTER = STARTER.read_text().replace(
    '{id: "yes", text: "Yes", points: 5}', '{id: "yes", text: "Yes", points: 1}'
)
"""The same card, by which nothing is said as well as it could be."""
CALLS = 120


@pytest.fixture(scope="module")
def playbook():
    return load_playbook(ACME)


@pytest.fixture(scope="module")
def scored(tmp_path_factory, playbook):
    """The file of calls that were scored by the starter card: to be copied, which is faster than to make it."""
    path = tmp_path_factory.mktemp("scored") / "calls.db"
    url = new_sqlite(path)

    async def fill():
        engine = open_engine(url)
        async with await open_store(url) as store:
            for number in range(CALLS):
                bodies = (*CANCELLED, HUNG_UP) if number % 2 else (STARTED, HUNG_UP)
                await store.write(story(f"CA{number:03}", *bodies))
            card = await ActiveForm.opened(FormStore(engine, lambda: BEGAN), ACME)
            judge = ScorecardJudge(card.current, lambda: playbook)
            await Projector(FactStore(engine), store.read, judge).catch_up()
        await engine.dispose()

    asyncio.run(fill())
    return path


@pytest.fixture
def office(tmp_path, scored, playbook):
    """Opens the room in which scores are kept: `office()`, or `office(pause)` to wait otherwise between calls."""
    shutil.copy(scored, tmp_path / "calls.db")
    url = f"sqlite:///{tmp_path / 'calls.db'}"

    @asynccontextmanager
    async def opened(pause=lambda _: asyncio.sleep(0)):
        engine = open_engine(url)
        async with await open_store(url) as store:
            card = await ActiveForm.opened(FormStore(engine, lambda: BEGAN), ACME)
            facts, kept = FactStore(engine), ScoreStore(engine)
            judge = ScorecardJudge(card.current, lambda: playbook)
            former = FormerScores(engine)
            scoring = ScoringAnew(former, store.read, judge, card, kept, lambda: NOW, pause)
            yield SimpleNamespace(card=card, facts=facts, kept=kept, scoring=scoring)
        await engine.dispose()

    return opened


async def activate(office, text=STRICTER):
    form = await office.card.store.add_draft(read_text(text), text, "sue")
    await office.card.store.activate(form.form.name, form.version, "sue")
    await office.card.renew()


async def score_anew(office, days=90):
    progress = await office.scoring.begin(days)
    working = asyncio.create_task(office.scoring.keep_up())
    while not progress.over:
        await asyncio.sleep(0)
    working.cancel()
    return progress


async def test_all_calls_get_the_score_of_the_new_form_and_keep_that_of_the_old(office):
    async with office() as one:
        before = await one.facts.get("CA001")
        await activate(one)
        assert await one.scoring.left() == CALLS
        progress = await score_anew(one)
        assert (progress.done, progress.of, progress.unread, progress.failure) == (CALLS, CALLS, 0, None)
        assert await one.scoring.left() == 0
        now = await one.facts.get("CA001")
        assert (before.scored_by, now.scored_by) == ("starter 1, rules 2", "starter 2, rules 2")
        assert now.score != before.score
        (kept,) = await one.kept.of_call("CA001")
        assert (kept.scorer, kept.version, kept.points) == ("rules 2", 1, before.score)
        assert now.model_copy(update={"score": before.score, "scored_by": "starter 1, rules 2"}) == before


async def test_calls_before_the_time_back_keep_their_score(office):
    async with office() as one:
        await activate(one)
        progress = await score_anew(one, days=29)
        assert progress.of == 0
        assert (await one.facts.get("CA001")).scored_by == "starter 1, rules 2"


async def test_who_begins_again_goes_on_where_it_was_left(office):
    gone = asyncio.Event()
    scored = 0

    async def pause(_):
        nonlocal scored
        scored += 1
        if scored == 30:
            gone.set()
            await asyncio.Event().wait()

    async with office(pause) as one:
        await activate(one)
        await one.scoring.begin(90)
        working = asyncio.create_task(one.scoring.keep_up())
        await gone.wait()
        working.cancel()
        await asyncio.wait([working])
        assert one.scoring.progress.over
        assert await one.scoring.left() == CALLS - 30
        progress = await score_anew(one)
        assert progress.of == progress.done == CALLS - 30


async def test_another_form_meanwhile_ends_it(office):
    async def pause(_):
        if one.scoring.progress.done == 10:
            await activate(one, STRICTER.replace("Starter card", "Another"))

    async with office(pause) as one:
        await activate(one)
        assert (await score_anew(one)).done == 10
        assert await one.scoring.left() == CALLS, "none has the form of now"


async def test_what_a_person_has_scored_keeps_the_answers_of_the_rules_beside_it(office):
    async with office() as one:
        answered = Evaluation(
            evaluation_id="e1",
            call_id="CA001",
            form="starter",
            version=1,
            kind=ScorerKind.RULES,
            scorer="rules 1",
            build=Build(),
            answers=(Answer(question="tone", option="yes"),),
            points=70.0,
            began_at=NOW,
            submitted_at=NOW,
        )
        await one.kept.put(answered)
        await activate(one)
        await score_anew(one)
        (kept,) = [each for each in await one.kept.of_call("CA001") if each.version == 1]
        assert kept == answered


async def test_a_call_whose_facts_were_made_anew_meanwhile_is_left_as_it_is(office):
    async with office() as one:
        old = await one.facts.get("CA001")
        await one.facts.put([(old.model_copy(update={"last_seq": old.last_seq + 1}), "")])
        await FormerScores(one.facts.engine).put(old.model_copy(update={"score": 1.0}))
        assert (await one.facts.get("CA001")).score == old.score


async def test_a_score_of_which_no_form_is_known_is_of_the_one_that_was_active(office):
    async with office() as one:
        known = (await one.facts.get("CA001")).model_copy(update={"scored_by": None})
        forms = await one.card.store.all()
        assert scored_by(known, forms) == forms[0]
        earlier = known.model_copy(update={"started_at": BEGAN - timedelta(days=1)})
        assert scored_by(earlier, forms) is None


@pytest.mark.parametrize("human", [True, False])
async def test_the_agreement_of_a_form_reads_only_what_people_have_scored(office, human):
    async with office() as one:
        kinds = [(ScorerKind.RULES, "rules 1"), *([(ScorerKind.HUMAN, "ana")] if human else [])]
        for kind, scorer in kinds:
            made = Evaluation(
                evaluation_id=scorer,
                call_id="CA001",
                form="starter",
                version=1,
                kind=kind,
                scorer=scorer,
                build=Build(),
                began_at=NOW,
                submitted_at=NOW,
            )
            await one.kept.put(made)
        assert len(await one.kept.submitted("starter", 1)) == (2 if human else 0)
        assert await one.kept.count("starter", 1) == human
