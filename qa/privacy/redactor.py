"""Redacts calls once they are over, whichever process has served them. What is live stays: it may be resumed."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from loguru import logger
from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.desk.tables import promises
from actions.ledger_table import ledger
from calls.events import CallEvent, CallRedacted, RedactedSpan
from calls.redaction.call import redact
from calls.redaction.secrets import Secrets
from calls.redaction.sound import Silence, silence
from calls.store import CallStore, SeqTakenError, StoreUnavailableError, UnreadableEventError
from calls.tables import calls
from calls.wav import ASSISTANT, CALLER, RecordingError
from handoff.transfer.store import transfers
from qa.privacy.rules import PrivacyRules
from qa.privacy.tables import redactions

EVERY_S = 5.0
AT_ONCE = 20
CHANNELS = {"caller": CALLER, "assistant": ASSISTANT}
DERIVED = ((ledger, "key", "result"), (transfers, "transfer_id", "state"), (promises, "promise_id", "reason"))
"""Tables beside the log that repeat what was said: table, key and column."""
QUIET = timedelta(seconds=10)
"""A recording that has changed within that time may still be written: a call-back goes on in that of an old call."""
FAILURES = (SQLAlchemyError, StoreUnavailableError, SeqTakenError, RecordingError, OSError)


class StillWrittenError(Exception):
    """A recording of the call is still being written: replacing its file would lose what comes."""


class Redactor:
    """Redacts what is over. `rules` are those of now; `now` gives aware times."""

    def __init__(
        self,
        store: CallStore,
        engine: AsyncEngine,
        data_dir: Path,
        rules: Callable[[], PrivacyRules],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._engine = engine
        self._data_dir = data_dir
        self._rules = rules
        self._now = now
        self._failed: set[tuple[str, str]] = set()
        """Calls that cannot be redacted, with the rules that they were tried with."""
        self._waiting: set[str] = set()
        """Calls that wait for their recording, until we look again."""

    async def keep_up(self) -> None:
        """Look now and then, until cancelled."""
        while True:
            try:
                await self.catch_up()
            except FAILURES as error:
                logger.bind(error=type(error).__name__).error("calls cannot be redacted now")
            await asyncio.sleep(EVERY_S)

    async def catch_up(self) -> int:
        """Look through all calls that are over and were not looked through. Returns how many had something to mask."""
        masked = 0
        rules = self._rules()
        self._waiting.clear()
        while due := await self._due(rules.version):
            for call_id in due:
                masked += await self._tried(call_id, rules)
        return masked

    async def _due(self, version: str) -> list[str]:
        """Some calls, the newest first: those that have grown, and those that were looked through by other rules."""
        done = redactions.c
        statement = (
            select(calls.c.call_id)
            .select_from(calls.outerjoin(redactions, done.call_id == calls.c.call_id))
            .where(
                and_(
                    calls.c.ended_at.is_not(None),
                    or_(done.last_seq.is_(None), done.last_seq < calls.c.last_seq, done.rules != version),
                )
            )
            .order_by(calls.c.started_at.desc())
            .limit(AT_ONCE + len(self._failed) + len(self._waiting))
        )
        async with self._engine.connect() as connection:
            found = (await connection.scalars(statement)).all()
        return [one for one in found if (one, version) not in self._failed and one not in self._waiting]

    async def _tried(self, call_id: str, rules: PrivacyRules) -> bool:
        """Redact one call. One that cannot be is told of, and holds up no other; it is tried again after a restart."""
        try:
            return await self.redact(call_id, rules)
        except SeqTakenError:
            return False  # it has just grown: it is due again
        except StillWrittenError:
            self._waiting.add(call_id)
            return False
        except (UnreadableEventError, RecordingError, ValueError, OSError) as error:
            self._failed.add((call_id, rules.version))
            logger.bind(call=call_id, error=type(error).__name__).error("a call cannot be redacted")
            return False

    async def redact(self, call_id: str, rules: PrivacyRules) -> bool:
        """Redact one call that is over: first its sound, then its words. Returns whether there was anything to mask.

        The words tell where the sound is, so a process that is killed in between begins anew. What was done before is
        done again without changing anything.
        """
        events = await self._store.read(call_id)
        found = await asyncio.to_thread(redact, events, rules.kinds)
        last_seq = events[-1].seq
        if found.bodies:
            await self._quieten(found.spans)
            await self._mask_beside(call_id, found.secrets)
            last_seq += 1
            told = CallRedacted(
                rules=rules.version,
                kinds=tuple(kind.value for kind in found.kinds),
                events=tuple(sorted(found.bodies)),
                spans=found.spans,
            )
            note = CallEvent(call_id=call_id, seq=last_seq, at=self._now(), body=told)
            await self._store.rewrite(call_id, found.bodies, note)
        await self._note(call_id, last_seq, rules.version)
        return bool(found.bodies)

    async def _quieten(self, spans: Sequence[RedactedSpan]) -> None:
        recordings = tuple(dict.fromkeys(span.recording for span in spans))
        for recording in recordings:
            if await asyncio.to_thread(self._is_written, self._data_dir / recording):
                raise StillWrittenError
        for recording in recordings:
            stretches = [
                Silence(CHANNELS[span.channel], span.start_s, span.end_s)
                for span in spans
                if span.recording == recording
            ]
            await asyncio.to_thread(silence, self._data_dir / recording, stretches)

    def _is_written(self, path: Path) -> bool:
        try:
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            return False
        return timedelta() <= self._now() - changed < QUIET

    async def _mask_beside(self, call_id: str, secrets: Secrets) -> None:
        """In the tables that repeat what was said."""
        async with self._engine.begin() as connection:
            for table, key, column in DERIVED:
                statement = select(table.c[key], table.c[column]).where(table.c.call_id == call_id)
                for identity, value in (await connection.execute(statement)).all():
                    masked: Any = secrets.json(value)
                    if masked != value:
                        same = table.c[key] == identity
                        await connection.execute(update(table).where(same).values({column: masked}))

    async def _note(self, call_id: str, last_seq: int, version: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(delete(redactions).where(redactions.c.call_id == call_id))
            values = {"call_id": call_id, "last_seq": last_seq, "rules": version}
            await connection.execute(insert(redactions).values(values))
