"""Calls of this installation to be run again, with what people have said of them: what a run is measured by."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from calls.database import open_engine
from calls.events import CallDisposed, CallEvent
from calls.store import open_store
from qa.learning.correction import Correction, Kind, State
from qa.learning.from_call import from_desk
from qa.learning.lessons import TEACHES
from qa.learning.store import CorrectionStore
from qa.rerun.difference import Known
from qa.rerun.run import Call
from qa.rerun.sources import NoSuchCallError, call_of


@dataclass(frozen=True)
class CorrectedCalls:
    """A `CallSource`: the stored calls with their corrections."""

    store_url: str
    data_dir: Path

    def load(self, call_id: str) -> tuple[Call, Known]:
        """As `CallSource.load`.

        Raises:
            NoSuchCallError: the store has no events of it.
        """
        events, corrections = asyncio.run(self._read(call_id))
        if not events:
            raise NoSuchCallError(f"there is no call {call_id}")
        return call_of(events, self.data_dir), known_of(events, corrections)

    async def _read(self, call_id: str) -> tuple[list[CallEvent], list[Correction]]:
        async with await open_store(self.store_url) as store:
            events = await store.read(call_id)
            engine = await asyncio.to_thread(open_engine, self.store_url)
            try:
                corrections = await CorrectionStore(engine, lambda: datetime.now(UTC)).page(call_id=call_id)
            finally:
                await engine.dispose()
        return events, corrections


def known_of(events: Sequence[CallEvent], corrections: Sequence[Correction]) -> Known:
    """What is known of a call: by its corrections that were accepted, of which a newer one overrules an older one, and
    by what its agent said at the desk, unless that was rejected.
    """
    accepted = sorted(
        (one for one in corrections if one.state is State.ACCEPTED),
        key=lambda one: (one.at, one.correction_id),
    )
    meant = {one.turn: one.meant for one in accepted if one.kind in TEACHES and one.meant is not None}
    said = {one.turn: one.meant for one in accepted if one.kind is Kind.TRANSCRIPT and one.meant is not None}
    return Known(
        texts=said,
        intents=meant,
        needless=_needless(events, corrections),
        missed=any(one.kind is Kind.MISSED_TRANSFER for one in accepted),
    )


def _needless(events: Sequence[CallEvent], corrections: Sequence[Correction]) -> bool | None:
    """Whether its transfer was: None where nobody has said anything of it."""
    of_transfer = [one for one in corrections if one.kind is Kind.NEEDLESS_TRANSFER]
    if any(one.state is State.ACCEPTED for one in of_transfer):
        return True
    rejected = {one.correction_id for one in of_transfer if one.state is State.REJECTED}
    at_desk = [one for one in from_desk(events) if one.kind is Kind.NEEDLESS_TRANSFER]
    if at_desk:
        return any(one.correction_id not in rejected for one in at_desk)
    return False if any(isinstance(event.body, CallDisposed) for event in events) else None
