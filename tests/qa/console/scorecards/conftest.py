"""A console with one call, Ana and Ben, who score, Sue and Kim, who supervise, Maria, whose call it was, and Tom."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from calls.database import open_engine
from calls.log import CallLog
from calls.store import open_store
from dialog.load import load_playbook
from qa.access.log import AccessLog
from qa.console import FOLDER
from qa.console.console import Console
from qa.console.scorecards.panel import ScorecardPanel
from qa.console.scorecards.routers import create_scorecard_routers
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.scorecards.active import ActiveForm
from qa.scorecards.anew import ScoringAnew
from qa.scorecards.form_store import FormStore
from qa.scorecards.former import FormerScores
from qa.scorecards.judge import ScorecardJudge
from qa.scorecards.reviews import Reviews
from qa.scorecards.store import ScoreStore
from settings import HOME
from tests.qa.scorecards.story import CANCELLED, handed_over, story
from web.accounts import Account
from web.app import create_site, create_web_app

ACME = HOME / "playbooks" / "acme"
ROLES = {
    "ana": "analyst",
    "ben": "analyst",
    "sue": "supervisor",
    "kim": "supervisor",
    "maria": "agent",
    "tom": "agent",
}


class Staff:
    """Accounts in memory; everybody's password is `open`."""

    async def sign_in(self, person_id, password):
        return await self.account(person_id) if password == "open" else None

    async def account(self, person_id):
        role = ROLES.get(person_id)
        return Account(person_id, person_id.title(), frozenset({role}), 0) if role else None


@pytest.fixture(params=["sqlite"])
def database_url(request):
    """What is kept for long is tried on PostgreSQL too, by the tests that ask for both."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def stage(tmp_path, database_url):
    engine = open_engine(database_url)
    playbook = load_playbook(ACME)

    def now():
        return datetime.now(UTC)

    async with await open_store(database_url) as store, CallLog(store, now) as log:
        await store.write(story("CA1", *CANCELLED, *handed_over("maria")))
        active = await ActiveForm.opened(FormStore(engine, now), ACME)
        reviews = Reviews(ScoreStore(engine), active, lambda: playbook, now)
        facts, judge = FactStore(engine), ScorecardJudge(active.current, lambda: playbook)
        await Projector(facts, store.read, judge).catch_up()
        scoring = ScoringAnew(FormerScores(engine), store.read, judge, active, reviews.store, now)
        access = AccessLog(engine, now)
        panels = (ScorecardPanel(reviews),)
        rooms = {"panels": panels, "reviews": reviews, "scoring": scoring}
        console = Console(log, facts, access, tmp_path, lambda: playbook, now, **rooms)
        site = create_site(Staff(), b"k" * 32, False, lambda: now().timestamp(), [FOLDER])
        app = create_web_app(
            site, create_scorecard_routers(site, console), lambda _: "/qa/scorecards", lambda: 0.0
        )
        yield SimpleNamespace(
            app=app,
            reviews=reviews,
            facts=facts,
            access=access,
            console=console,
            scoring=scoring,
            store=store,
        )
    await engine.dispose()
