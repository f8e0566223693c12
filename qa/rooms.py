"""All rooms of looking back, put together on one database: for the server, and for whoever shows the console alone."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from calls.log import CallLog
from calls.store import CallStore
from dialog.encoder import Encoder
from dialog.minds import Articles
from dialog.playbook import Playbook
from qa.access.log import AccessLog
from qa.console.console import Console
from qa.console.learning.learning import Learning
from qa.console.learning.panel import CorrectionPanel
from qa.console.reruns.panel import RerunPanel
from qa.console.scorecards.panel import ScorecardPanel
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.gaps.draft import DRAFTS
from qa.gaps.keeper import GapKeeper
from qa.learning.store import CorrectionStore
from qa.learning.versions import Versions
from qa.metrics.rules import Rules
from qa.privacy.live import LiveRules
from qa.privacy.parts import PrivacyParts, privacy_parts
from qa.privacy.sweeper import keep_sweeping
from qa.review.rules import ReviewRules
from qa.scorecards.active import ActiveForm
from qa.scorecards.anew import ScoringAnew
from qa.scorecards.form_store import FormStore
from qa.scorecards.former import FormerScores
from qa.scorecards.judge import ScorecardJudge
from qa.scorecards.reviews import Reviews
from qa.scorecards.store import ScoreStore
from telephony.carrier_data import CarrierData


@dataclass(frozen=True)
class Company:
    """What looking back needs to know of the company as it is now."""

    playbook: Callable[[], Playbook]
    articles: Callable[[], Articles | None]
    encoder: Encoder


@dataclass(frozen=True)
class Rooms:
    """The console, and what works behind it."""

    console: Console
    projector: Projector
    card: ActiveForm
    scoring: ScoringAnew
    gaps: GapKeeper
    privacy: PrivacyParts

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What goes on at all times while the console is shown."""
        return (
            self.projector.keep_up(),
            self.card.keep_up(),
            self.scoring.keep_up(),
            self.gaps.keep_up(),
            self.privacy.redactor.keep_up(),
            keep_sweeping(self.privacy.retention, self.privacy.rules, self.privacy.people.at_carrier),
        )


async def open_rooms(  # noqa: PLR0913 - what a process has, one part each
    engine: AsyncEngine,
    store: CallStore,
    log: CallLog,
    data_dir: Path,
    company: Company,
    carrier: CarrierData | None,
    now: Callable[[], datetime],
    *,
    drafts: Path | None = None,
    review: ReviewRules | None = None,
    metrics: Rules | None = None,
) -> Rooms:
    """Put them together. `carrier` is None where no account is known; `drafts` is the folder for drafts of articles.

    Raises:
        PlaybookError: the playbook's scorecard breaks a rule.
    """
    facts = FactStore(engine)
    card = await ActiveForm.opened(FormStore(engine, now), company.playbook().folder)
    gaps = GapKeeper(engine, store.read, company.playbook, company.articles, company.encoder)
    scores, judge = ScoreStore(engine), ScorecardJudge(card.current, company.playbook)
    reviews = Reviews(scores, card, company.playbook, now)
    scoring = ScoringAnew(FormerScores(engine), store.read, judge, card, scores, now)
    versions = Versions(data_dir)
    learning = Learning(CorrectionStore(engine, now), versions, gaps, drafts or data_dir / DRAFTS)
    privacy = privacy_parts(store, engine, data_dir, LiveRules(company.playbook), carrier, now)
    console = Console(
        log,
        facts,
        AccessLog(engine, now),
        data_dir,
        company.playbook,
        now,
        review=review or ReviewRules(),
        metrics=metrics or Rules(),
        panels=(ScorecardPanel(reviews), CorrectionPanel(learning, company.playbook), RerunPanel()),
        reviews=reviews,
        scoring=scoring,
        learning=learning,
        privacy=privacy,
    )
    return Rooms(console, Projector(facts, store.read, judge), card, scoring, gaps, privacy)
