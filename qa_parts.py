"""Everything that looking back at calls needs in a process: opened once, closed in reverse."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from calls.log import CallLog
from calls.store import CallStore
from company import Company
from dialog.encoder import Encoder
from dialog.playbook import Playbook
from people_parts import at_all_times
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
from qa.metrics.rules_file import load_rules
from qa.privacy.live import LiveRules
from qa.privacy.parts import privacy_parts
from qa.privacy.sweeper import keep_sweeping
from qa.review.rules import ReviewRules
from qa.scorecards.active import ActiveForm
from qa.scorecards.form_store import FormStore
from qa.scorecards.judge import ScorecardJudge
from qa.scorecards.reviews import Reviews
from qa.scorecards.store import ScoreStore
from settings import Settings
from telephony.carrier_data import CarrierData


@asynccontextmanager
async def open_console(
    settings: Settings,
    engine: AsyncEngine,
    store: CallStore,
    log: CallLog,
    company: Callable[[], Company],
    encoder: Encoder,
) -> AsyncIterator[Console]:
    """The console's parts, and the work behind them that goes on at all times, on the database of `engine`."""

    def playbook() -> Playbook:
        return company().thinking.dialog.playbook

    facts = FactStore(engine)
    card = await ActiveForm.opened(FormStore(engine, _now), settings.warmline_playbook)
    gaps = GapKeeper(engine, store.read, playbook, lambda: company().articles, encoder)
    reviews = Reviews(ScoreStore(engine), card, playbook, _now)
    learning = Learning(
        CorrectionStore(engine, _now),
        Versions(settings.warmline_data_dir),
        gaps,
        settings.warmline_drafts or settings.warmline_data_dir / DRAFTS,
    )
    carrier = CarrierData(settings.twilio_account_sid, settings.auth_token, settings.twilio_api_base_url)
    privacy = privacy_parts(store, engine, settings.warmline_data_dir, LiveRules(playbook), carrier, _now)
    console = Console(
        log,
        facts,
        AccessLog(engine, _now),
        settings.warmline_data_dir,
        playbook,
        _now,
        review=ReviewRules(sample_percent=settings.warmline_review_percent),
        metrics=load_rules(settings.warmline_metrics),
        panels=(ScorecardPanel(reviews), CorrectionPanel(learning, playbook), RerunPanel()),
        reviews=reviews,
        learning=learning,
        privacy=privacy,
    )
    projector = Projector(facts, store.read, ScorecardJudge(card.current, playbook))
    async with carrier, AsyncExitStack() as stack:
        at_all_times(
            stack,
            projector.keep_up(),
            card.keep_up(),
            gaps.keep_up(),
            privacy.redactor.keep_up(),
            keep_sweeping(privacy.retention, privacy.rules),
        )
        yield console


def _now() -> datetime:
    return datetime.now(UTC)
