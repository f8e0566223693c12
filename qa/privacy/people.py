"""What a person may ask for: all that is kept of them as a file, and that it is deleted."""

import asyncio
import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

from rich.console import Console as Terminal
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from calls.command import event_json
from calls.events import CallEvent
from calls.render import call_timeline
from calls.store import CallStore
from calls.timeline import timeline
from qa.access.log import Accessed, AccessLog
from qa.gaps.store import GapStore
from qa.learning.forgetting import forget_lessons
from qa.privacy.carrier import CarrierDeletions
from qa.privacy.consent import consent_of
from qa.privacy.erase import Erased, erase_calls, erase_files, forget
from qa.privacy.person import PersonsCalls, Traces, calls_of, normalised, traces_of
from qa.privacy.reach import CORE, look
from qa.privacy.rules import PrivacyRules
from qa.rerun.reports import Reports
from telephony.carrier_data import CarrierData, CarrierEntry, Kept
from telephony.carrier_rest import CarrierError


@dataclass(frozen=True)
class Exported:
    """What an export holds."""

    path: Path
    calls: int
    problems: tuple[str, ...]


class PeoplesData:
    """Finds, exports and deletes. `carrier` is None where no account is known; `now` gives aware times."""

    def __init__(
        self,
        store: CallStore,
        engine: AsyncEngine,
        data_dir: Path,
        rules: Callable[[], PrivacyRules],
        carrier: CarrierData | None,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._engine = engine
        self._data_dir = data_dir
        self._rules = rules
        self._carrier = carrier
        self._now = now
        self._access = AccessLog(engine, now)
        self.at_carrier = CarrierDeletions(engine, carrier, now)
        """What was asked to be deleted there and is not gone yet."""

    async def find(self, number: str) -> PersonsCalls:
        """The calls of a number, however it is written.

        Raises:
            NumberUnknownError: it is none.
        """
        async with self._engine.connect() as connection:
            return await calls_of(connection, normalised(number, self._rules().region))

    async def export(self, number: str, out: Path, person_id: str) -> Exported:
        """Write all that is kept of a number into a ZIP file. `person_id` is who asks, for the log of accesses.

        Raises:
            NumberUnknownError: it is none.
            FileExistsError: there is such a file.
            OSError: the disk refuses.
        """
        person = await self.find(number)
        for call_id in person.all:
            await self._access.note(person_id, Accessed.EXPORTED, call_id, "all of a person's data")
        problems: list[str] = []
        with zipfile.ZipFile(out, "x", zipfile.ZIP_DEFLATED) as file:
            head = {"number": person.number, "made_at": self._now().isoformat(), "calls": list(person.all)}
            file.writestr("person.json", json.dumps(head, indent=2))
            async with self._engine.connect() as connection:
                for call_id in person.all:
                    await self._add_call(file, connection, call_id)
                await self._add_rows(file, connection, person)
                traces = await traces_of(self._store, connection, self._data_dir, person.all)
            root = self._data_dir.resolve()
            for path in traces.files:
                file.write(path, f"files/{path.relative_to(root).as_posix()}")
            await self._add_carriers(file, person, problems)
        return Exported(out, len(person.all), tuple(problems))

    async def delete(self, number: str, person_id: str) -> Erased:
        """Delete all that is kept of a number, here and with the carrier. Calls that go on or are held stay.

        What the carrier keeps is written down first, and then deleted before our own log is: without that nobody would
        know what it keeps. Doing it again, or the next sweep, goes on where it failed.

        Raises:
            NumberUnknownError: it is none.
        """
        person = await self.find(number)
        # Without the number: the log of accesses outlives what it tells of.
        await self._access.note(person_id, Accessed.DELETED, None, f"{len(person.calls)} calls of one number")
        erased = Erased(calls=len(person.calls))
        erased.problems += [f"call {one} goes on: try again when it is over" for one in person.live]
        erased.problems += [f"call {one} is held" for one in person.held]
        async with self._engine.connect() as connection:
            traces = await traces_of(self._store, connection, self._data_dir, person.calls)
        await self._forget_there(person, traces, erased)
        erase_files(traces.files, erased)
        await asyncio.to_thread(Reports(self._data_dir).forget, person.calls)
        erased.problems += await asyncio.to_thread(forget_lessons, self._data_dir, person.calls)
        await GapStore(self._engine, self._now).forget(
            person.calls
        )  # a gap quotes many calls, in one document
        erased.rows = await erase_calls(self._engine, person.calls, counted=self._rules().count_deleted)
        await forget(self._engine)
        return erased

    async def _forget_there(self, person: PersonsCalls, traces: Traces, erased: Erased) -> None:
        earlier = await self.at_carrier.waiting()
        own = await self._kept_there(person, traces, erased)
        await self.at_carrier.note(own)
        done = await self.at_carrier.work(own)
        before = await self.at_carrier.work(set(earlier) - own)
        erased.carrier, erased.earlier = done.deleted, before.deleted
        erased.problems += done.problems
        erased.problems += [f"of an earlier deletion, {one}" for one in before.problems]

    async def _kept_there(self, person: PersonsCalls, traces: Traces, erased: Erased) -> set[CarrierEntry]:
        """What the carrier has of a person, by our own log and by its lists."""
        own = {CarrierEntry(Kept.CALL, sid) for sid in (*person.calls, *traces.legs)}
        own |= {CarrierEntry(Kept.CONFERENCE, name) for name in traces.transfers}
        if self._carrier is not None:
            try:
                calls, messages = await self._carrier.of_number(person.number)
            except CarrierError as error:
                erased.problems.append(f"the carrier's lists: {error}")
            else:
                own |= {CarrierEntry(Kept.CALL, str(one["sid"])) for one in calls}
                own |= {CarrierEntry(Kept.MESSAGE, str(one["sid"])) for one in messages}
        return own - {CarrierEntry(Kept.CALL, sid) for sid in (*person.live, *person.held)}

    async def _add_call(self, file: zipfile.ZipFile, connection: AsyncConnection, call_id: str) -> None:
        events = await self._store.read(call_id)
        lines = "\n".join(json.dumps(event_json(event)) for event in events)
        file.writestr(f"calls/{call_id}/events.jsonl", lines)
        file.writestr(f"calls/{call_id}/transcript.txt", _transcript(events))
        consent = consent_of(events)
        if consent is not None:
            file.writestr(f"calls/{call_id}/consent.json", consent.model_dump_json(indent=2))

    async def _add_rows(
        self, file: zipfile.ZipFile, connection: AsyncConnection, person: PersonsCalls
    ) -> None:
        """All rows of all tables that hang on these calls."""
        reach = await look(connection)
        for table in reach.tables:
            if table.name in CORE - {"calls"}:
                continue
            rows = (await connection.execute(select(table).where(reach.of_calls(table, person.all)))).all()
            if rows:
                lines = "\n".join(json.dumps(dict(row._mapping), default=str) for row in rows)
                file.writestr(f"tables/{table.name}.jsonl", lines)

    async def _add_carriers(self, file: zipfile.ZipFile, person: PersonsCalls, problems: list[str]) -> None:
        if self._carrier is None:
            return
        try:
            calls, messages = await self._carrier.of_number(person.number)
        except CarrierError as error:
            problems.append(f"the carrier's lists are missing: {error}")
            return
        file.writestr("carrier/calls.json", json.dumps(calls, indent=2))
        file.writestr("carrier/messages.json", json.dumps(messages, indent=2))


def told(erased: Erased) -> dict[str, object]:
    """What was deleted, as JSON."""
    return asdict(erased)


def _transcript(events: list[CallEvent]) -> str:
    line = timeline(events)
    if line is None:
        return ""
    text = StringIO()
    Terminal(file=text, width=110).print(call_timeline(line))
    return text.getvalue()
