"""Everything that looking back at calls needs in a process: opened once, closed in reverse."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from calls.log import CallLog
from calls.store import CallStore
from company import Company
from dialog.encoder import Encoder
from dialog.playbook import Playbook
from people_parts import at_all_times
from qa import rooms
from qa.console.console import Console
from qa.digests.daily import DailyDigest
from qa.digests.delivery import Delivery
from qa.digests.made import receiver_of
from qa.digests.store import DigestStore
from qa.metrics.rules_file import load_rules
from qa.review.rules import ReviewRules
from settings import Settings
from telephony.carrier_data import CarrierData

DIGESTS = "digests"
"""Where they are in the data directory, where no folder is named."""


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
    async with (
        CarrierData(
            settings.twilio_account_sid, settings.auth_token, settings.twilio_api_base_url
        ) as carrier,
        AsyncExitStack() as stack,
    ):
        opened = await rooms.open_rooms(
            engine,
            store,
            log,
            settings.warmline_data_dir,
            rooms.Company(lambda: company().thinking.dialog.playbook, lambda: company().articles, encoder),
            carrier,
            _now,
            drafts=settings.warmline_drafts,
            review=ReviewRules(sample_percent=settings.warmline_review_percent),
            metrics=load_rules(settings.warmline_metrics),
        )
        at_all_times(stack, *opened.work())
        if settings.sends_digests:
            at_all_times(
                stack, daily_digest(settings, engine, lambda: company().thinking.dialog.playbook).run()
            )
        yield opened.console


def daily_digest(settings: Settings, engine: AsyncEngine, playbook: Callable[[], Playbook]) -> DailyDigest:
    """Sends the digest of each day to where the settings say."""
    delivery = Delivery(
        engine,
        playbook,
        load_rules(settings.warmline_metrics),
        settings.warmline_digests or settings.warmline_data_dir / DIGESTS,
        settings.public_url,
        receiver_of(settings),
        _now,
    )
    return DailyDigest(
        DigestStore(engine),
        delivery.send,
        lambda: ZoneInfo(playbook().queues.timezone),
        settings.digest_hour,
        _now,
    )


def _now() -> datetime:
    return datetime.now(UTC)
