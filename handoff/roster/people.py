"""Keeps Warmline's people: who may sign in, who can be rung, and who is in a call.

A wrap-up is kept with its end, so nobody has to end it: whoever reads sees it as over when its time has come, after a
restart too. A claim is one UPDATE that only takes who is free, so that two processes never ring the same agent.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    CursorResult,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.tables import NAMES, UtcDateTime
from handoff.roster.passwords import Cost, PasswordError, Slowdown, check_new, fits, hashed
from handoff.roster.person import Person, Presence, Profile, Role, current

__all__ = [
    "PasswordError",
    "People",
    "Person",
    "PersonExistsError",
    "PersonUnknownError",
    "Presence",
    "Profile",
    "Role",
]

WRAP_UP_S = 30.0
"""How long a wrap-up lasts where nobody says otherwise."""
CHOSEN = frozenset({Presence.OFFLINE, Presence.AVAILABLE, Presence.AWAY})
"""What people say of themselves; the rest follows from their calls."""
RELEASED_TO = CHOSEN | {Presence.WRAP_UP}
FORGOTTEN_S = 60.0

metadata = MetaData(naming_convention=NAMES)
people = Table(
    "people",
    metadata,
    Column("person_id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("password", String(200), nullable=False),
    Column("roles", JSON(), nullable=False),
    Column("sessions", Integer(), nullable=False),
    Column("active", Boolean(), nullable=False),
    Column("sip", String(255)),
    Column("skills", JSON(), nullable=False),
    Column("languages", JSON(), nullable=False),
    Column("presence", String(16), nullable=False),
    Column("presence_at", UtcDateTime(), nullable=False),
    Column("idle_since", UtcDateTime(), nullable=False),
    Column("transfer_id", String(32)),
)


class PersonUnknownError(LookupError):
    """There is no such person."""


class PersonExistsError(ValueError):
    """There is somebody of that id already."""


class People:
    """The people of one company. Several processes may share a database. `now` gives aware times.

    `cost` is what one password's hash takes; tests bring a cheaper one.
    """

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime], cost: Cost | None = None) -> None:
        self._engine = engine
        self._now = now
        self._cost = cost or Cost()
        self._slowdown = Slowdown()
        self._hashing = asyncio.Semaphore(1)  # live calls share the processor with whoever guesses
        self._nobody: str | None = None

    # Who there is

    async def add(self, person_id: str, profile: Profile, password: str) -> Person:
        """A new person, offline.

        Raises:
            PersonExistsError: the id is taken.
            PasswordError, pydantic.ValidationError: what is given breaks a rule.
        """
        check_new(password)
        now = self._now()
        person = Person(
            **profile.model_dump(include=set(Profile.model_fields)),
            person_id=person_id,
            presence_at=now,
            idle_since=now,
        )
        values = {**_columns(profile), "person_id": person_id, "password": await self._hash(password)}
        values |= {"sessions": 0, "presence": Presence.OFFLINE, "presence_at": now, "idle_since": now}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(people).values(**values))
        except IntegrityError:
            raise PersonExistsError(f"there is a person {person_id} already") from None
        return person

    async def change(self, person_id: str, profile: Profile) -> None:
        """Another profile. Who is no longer active is signed out everywhere, and offline.

        Raises:
            PersonUnknownError: there is nobody of that id.
        """
        values = _columns(profile)
        if not profile.active:
            values |= {"sessions": people.c.sessions + 1, **self._presence(Presence.OFFLINE)}
        await self._must_change(person_id, values)

    async def set_password(self, person_id: str, password: str) -> None:
        """A new password; sign-ins with the old one end.

        Raises:
            PersonUnknownError: there is nobody of that id.
            PasswordError: it breaks a rule.
        """
        check_new(password)
        values = {"password": await self._hash(password), "sessions": people.c.sessions + 1}
        await self._must_change(person_id, values)

    async def remove(self, person_id: str) -> None:
        """Forget a person. Calls that they took keep their id.

        Raises:
            PersonUnknownError: there is nobody of that id.
        """
        async with self._engine.begin() as connection:
            removed = await connection.execute(delete(people).where(people.c.person_id == person_id))
        if _rows(removed) != 1:
            raise PersonUnknownError(f"there is no person {person_id}")

    async def by_id(self, person_id: str) -> Person | None:
        """One person as of now; None where there is nobody of that id."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(people).where(people.c.person_id == person_id))).first()
        return None if row is None else current(_person(row), self._now())

    async def all(self) -> list[Person]:
        """Everybody as of now, by id."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(people).order_by(people.c.person_id))).all()
        now = self._now()
        return [current(_person(row), now) for row in rows]

    # Signing in

    async def sign_in(self, person_id: str, password: str) -> Person | None:
        """The person, where the password is theirs and they are active; None otherwise, and the caller learns no more.

        Takes as long for a name that there is not. After wrong passwords a name has to wait (`pause_s`), and until then
        even the right one is refused.
        """
        async with self._hashing:
            if self.pause_s(person_id) > 0:
                return None
            async with self._engine.connect() as connection:
                found = select(people).where(people.c.person_id == person_id)
                row = (await connection.execute(found)).first()
            if self._nobody is None:
                self._nobody = await asyncio.to_thread(hashed, "nobody", self._cost)
            kept = self._nobody if row is None else row.password
            right = await asyncio.to_thread(fits, password, kept)
            if row is None or not right or not row.active:
                self._slowdown.failed(person_id, self._now())
                return None
            self._slowdown.succeeded(person_id)
        return current(_person(row), self._now())

    def pause_s(self, person_id: str) -> float:
        """How many seconds a name has to wait before it may try again. By this process's own memory."""
        return self._slowdown.pause_s(person_id, self._now())

    async def end_sessions(self, person_id: str) -> None:
        """End all sign-ins of a person.

        Raises:
            PersonUnknownError: there is nobody of that id.
        """
        await self._must_change(person_id, {"sessions": people.c.sessions + 1})

    # Whether they can be rung

    async def set_presence(self, person_id: str, presence: Presence) -> bool:
        """What somebody says of themselves; `available` ends a wrap-up. Returns False while they are claimed.

        Raises:
            ValueError: `busy` and `wrap_up` follow from calls and are nobody's to say.
        """
        if presence not in CHOSEN:
            raise ValueError(f"{presence.value} follows from calls")
        free = and_(people.c.transfer_id.is_(None), people.c.active)
        # Said again, it changes nothing: whoever is idle longest stays so.
        if await self._change(person_id, self._presence(presence), and_(free, people.c.presence != presence)):
            return True
        person = await self.by_id(person_id)
        return person is not None and person.presence is presence

    async def claim(self, person_id: str, transfer_id: str) -> bool:
        """Take an agent who is available for a transfer. Returns whether they are that transfer's now."""
        now = self._now()
        wrapped_up = and_(people.c.presence == Presence.WRAP_UP, people.c.idle_since <= now)
        free = and_(
            people.c.transfer_id.is_(None),
            people.c.active,
            or_(people.c.presence == Presence.AVAILABLE, wrapped_up),
        )
        values = {"presence": Presence.BUSY, "presence_at": now, "transfer_id": transfer_id}
        if await self._change(person_id, values, free):
            return True
        # Asked again after a crash: it is theirs already.
        return await self._change(
            person_id, {"transfer_id": transfer_id}, people.c.transfer_id == transfer_id
        )

    async def release(
        self,
        person_id: str,
        to: Presence = Presence.WRAP_UP,
        *,
        transfer_id: str | None = None,
        wrap_up_s: float = WRAP_UP_S,
    ) -> bool:
        """End a claim. Returns False where there is none, or not this transfer's.

        Args:
            person_id: Whose.
            to: `wrap_up` after a call; `available` where it came to none; `away` for who did not answer.
            transfer_id: Only where this is what they are claimed for: a late word changes nothing.
            wrap_up_s: How long the wrap-up lasts.

        Raises:
            ValueError: nobody is released to `busy`.
        """
        if to not in RELEASED_TO:
            raise ValueError("a release frees: busy is not free")
        claimed = people.c.transfer_id.is_not(None)
        mine = claimed if transfer_id is None else people.c.transfer_id == transfer_id
        return await self._change(person_id, self._presence(to, wrap_up_s), mine)

    async def end_wrap_up(self, person_id: str) -> bool:
        """The disposition is made: the agent is available at once. Returns False where there was no wrap-up."""
        wraps = and_(people.c.presence == Presence.WRAP_UP, people.c.transfer_id.is_(None))
        return await self._change(person_id, self._presence(Presence.AVAILABLE), wraps)

    async def release_forgotten(self, known: Collection[str], after_s: float = FORGOTTEN_S) -> list[str]:
        """Free those whose claim is for none of the `known` transfers and call-backs, and older than `after_s` seconds.

        Returns their ids. For a look now and then: a process that was killed may have left a claim behind.
        """
        before = self._now() - timedelta(seconds=after_s)
        freed = []
        for person in await self.all():
            claim, lost = person.transfer_id, person.transfer_id not in known and person.presence_at <= before
            if claim is None or not lost:
                continue
            if await self.release(person.person_id, Presence.AVAILABLE, transfer_id=claim):
                freed.append(person.person_id)
        return freed

    def _presence(self, presence: Presence, wrap_up_s: float = 0.0) -> dict[str, Any]:
        now = self._now()
        idle = now + timedelta(seconds=wrap_up_s) if presence is Presence.WRAP_UP else now
        return {"presence": presence, "presence_at": now, "idle_since": idle, "transfer_id": None}

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(hashed, password, self._cost)

    async def _must_change(self, person_id: str, values: Mapping[str, Any]) -> None:
        if not await self._change(person_id, values):
            raise PersonUnknownError(f"there is no person {person_id}")

    async def _change(
        self, person_id: str, values: Mapping[str, Any], only: ColumnElement[bool] | None = None
    ) -> bool:
        statement = update(people).where(people.c.person_id == person_id)
        if only is not None:
            statement = statement.where(only)
        async with self._engine.begin() as connection:
            return _rows(await connection.execute(statement.values(**values))) == 1


def _columns(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "roles": sorted(profile.roles),
        "sip": profile.sip,
        "skills": sorted(profile.skills),
        "languages": sorted(profile.languages),
        "active": profile.active,
    }


def _person(row: Row[tuple[object, ...]]) -> Person:
    values = dict(row._mapping)
    del values["password"]
    return Person.model_validate(values)


def _rows(result: object) -> int:
    return cast("CursorResult[object]", result).rowcount
