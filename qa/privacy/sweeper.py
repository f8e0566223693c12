"""Sweeps once a day while the server runs, and soon after its start."""

import asyncio
from collections.abc import Callable

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from calls.store import StoreUnavailableError
from qa.privacy.carrier import CarrierDeletions
from qa.privacy.retention import Retention
from qa.privacy.rules import PrivacyRules

FIRST_S = 60.0
EVERY_S = 24 * 3600.0


async def keep_sweeping(
    retention: Retention, rules: Callable[[], PrivacyRules], at_carrier: CarrierDeletions
) -> None:
    """Until cancelled. Several servers may do it at once: what one has deleted another does not find.

    What is still to be deleted at the carrier is tried again.
    """
    await asyncio.sleep(FIRST_S)
    while True:
        try:
            swept = await retention.sweep(rules().keep)
            if any(swept.done.values()):
                logger.bind(**swept.done).info("what had been kept for long enough is deleted")
            there = await at_carrier.finish()
            if there.problems:
                logger.bind(count=len(there.problems)).warning(
                    "the carrier still keeps what is to be deleted"
                )
        except (SQLAlchemyError, StoreUnavailableError, OSError) as error:
            logger.bind(error=type(error).__name__).error("what has expired cannot be deleted now")
        await asyncio.sleep(EVERY_S)
