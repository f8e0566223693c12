"""All that is kept of one person, by their telephone number."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneNumberFormat
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.desk.tables import promises
from calls.events import StreamStarted, TransferLeg
from calls.store import CallStore
from calls.tables import calls
from handoff.transfer.store import transfers
from qa.privacy.tables import holds


class NumberUnknownError(ValueError):
    """What was given is no telephone number, or lacks its country code. The text does not repeat it."""

    def __init__(self) -> None:
        super().__init__("it is no telephone number, or lacks its country code, such as +1")


@dataclass(frozen=True)
class PersonsCalls:
    """The calls of one person, oldest first."""

    number: str
    """E.164."""
    calls: tuple[str, ...]
    """Those that are over and not held."""
    live: tuple[str, ...] = ()
    """Those that go on: nothing of them can be deleted yet."""
    held: tuple[str, ...] = ()
    """Those that somebody has put a hold on."""

    @property
    def all(self) -> tuple[str, ...]:
        """Every one of them."""
        return (*self.calls, *self.live, *self.held)


@dataclass(frozen=True)
class Traces:
    """What calls have left outside the database."""

    files: tuple[Path, ...]
    legs: tuple[str, ...]
    """The carrier's calls to agents."""
    transfers: tuple[str, ...]
    """The names of their conferences."""


def normalised(number: str, region: str | None = None) -> str:
    """The number in E.164; `region` is the country of one without a country code.

    Raises:
        NumberUnknownError: it is none.
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        raise NumberUnknownError from None
    if not phonenumbers.is_possible_number(parsed):
        raise NumberUnknownError
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


async def calls_of(connection: AsyncConnection, number: str) -> PersonsCalls:
    """The calls from and to an E.164 number, and those in which it was promised a call-back."""
    promised = select(promises.c.call_id).where(promises.c.phone == number)
    statement = (
        select(calls.c.call_id, calls.c.ended_at, holds.c.call_id.label("held"))
        .select_from(calls.outerjoin(holds, holds.c.call_id == calls.c.call_id))
        .where(or_(calls.c.caller == number, calls.c.callee == number, calls.c.call_id.in_(promised)))
        .order_by(calls.c.started_at)
    )
    rows = (await connection.execute(statement)).all()
    return PersonsCalls(
        number,
        tuple(row.call_id for row in rows if row.ended_at is not None and row.held is None),
        tuple(row.call_id for row in rows if row.ended_at is None and row.held is None),
        tuple(row.call_id for row in rows if row.held is not None),
    )


async def traces_of(
    store: CallStore, connection: AsyncConnection, data_dir: Path, call_ids: Collection[str]
) -> Traces:
    """What these calls have left outside the database: files that are named after them, and the carrier's data.

    Raises:
        StoreUnavailableError, UnreadableEventError: see `CallStore.read`.
    """
    names: set[str] = set()
    legs: set[str] = set()
    for call_id in call_ids:
        for event in await store.read(call_id):
            match event.body:
                case StreamStarted(recording=str(name)):
                    names.add(name)
                case TransferLeg() as body:
                    names |= {body.recording} if body.recording is not None else set()
                    legs |= {body.sid} if body.sid is not None else set()
    ordered = select(transfers.c.transfer_id).where(transfers.c.call_id.in_(call_ids))
    rooms = tuple((await connection.scalars(ordered)).all())
    return Traces(files_of(data_dir, {*call_ids, *legs}, names), tuple(sorted(legs)), rooms)


def files_of(data_dir: Path, ids: Collection[str], names: Collection[str] = ()) -> tuple[Path, ...]:
    """The files of the data directory that are named after one of these calls or legs, or are one of `names`."""
    root = data_dir.resolve()
    found = {path for name in names if (path := (root / name).resolve()).is_file() and root in path.parents}
    found |= {
        path for path in root.rglob("*") if path.name.lstrip(".").partition(".")[0] in ids and path.is_file()
    }
    return tuple(sorted(found))
