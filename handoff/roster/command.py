"""What `warmline people` shows and does."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from calls.migrate import upgraded
from handoff.roster.passwords import PasswordError
from handoff.roster.people import People, PersonExistsError, PersonUnknownError
from handoff.roster.person import Person, Presence, Profile


class PeopleError(Exception):
    """What was asked for cannot be done; the text says why."""


@dataclass(frozen=True)
class Given:
    """What was given of a person; None: not given."""

    name: str | None = None
    roles: Sequence[str] | None = None
    sip: str | None = None
    """Empty: not rung."""
    skills: Sequence[str] | None = None
    languages: Sequence[str] | None = None
    active: bool | None = None

    @property
    def told(self) -> dict[str, Any]:
        """What was given, by field."""
        told = {name: value for name, value in vars(self).items() if value is not None}
        return {**told, "sip": told["sip"] or None} if "sip" in told else told


@asynccontextmanager
async def open_people(url: str) -> AsyncIterator[People]:
    """The people in the call store's database at `url`, brought up to date.

    Raises:
        StoreUrlError: the URL cannot be used.
    """
    async with upgraded(url) as engine:
        yield People(engine, lambda: datetime.now(UTC))


async def add_person(people: People, person_id: str, given: Given, password: str) -> None:
    """Add somebody.

    Raises:
        PeopleError: what is given breaks a rule, or the id is taken.
    """
    try:
        await people.add(person_id, Profile.model_validate(given.told), password)
    except (ValidationError, PasswordError, PersonExistsError) as error:
        raise PeopleError(_text(error)) from None


async def change_person(people: People, person_id: str, given: Given) -> None:
    """Change what is given, and leave the rest.

    Raises:
        PeopleError: what is given breaks a rule, or there is nobody of that id.
    """
    person = await _person(people, person_id)
    try:
        await people.change(person_id, Profile.model_validate({**person.profile.model_dump(), **given.told}))
    except (ValidationError, PersonUnknownError) as error:
        raise PeopleError(_text(error)) from None


async def remove_person(people: People, person_id: str) -> None:
    """Remove somebody.

    Raises:
        PeopleError: there is nobody of that id.
    """
    try:
        await people.remove(person_id)
    except PersonUnknownError as error:
        raise PeopleError(str(error)) from None


async def set_password(people: People, person_id: str, password: str) -> None:
    """Give somebody a new password.

    Raises:
        PeopleError: it breaks a rule, or there is nobody of that id.
    """
    try:
        await people.set_password(person_id, password)
    except (PasswordError, PersonUnknownError) as error:
        raise PeopleError(str(error)) from None


async def set_presence(people: People, person_id: str, presence: str) -> None:
    """Say for somebody whether they are there.

    Raises:
        PeopleError: they are in a call, inactive or unknown, or it is nothing that one can say.
    """
    await _person(people, person_id)
    try:
        done = await people.set_presence(person_id, Presence(presence))
    except ValueError as error:
        raise PeopleError(f"{error}: one of offline, available, away") from None
    if not done:
        raise PeopleError(f"{person_id} is in a call or not active: nothing was changed")


async def list_people(people: People, console: Console, json_lines: bool) -> None:
    """Everybody, by id."""
    everybody = await people.all()
    if json_lines:
        for person in everybody:
            told = person.model_dump(mode="json")
            told |= {name: sorted(told[name]) for name in ("roles", "skills", "languages")}
            # As is: no wrapping, markup or colour in what programs read.
            console.out(json.dumps(told, sort_keys=True), highlight=False)
        return
    if not everybody:
        console.print("There is nobody yet: warmline people add ID --name NAME", highlight=False)
        return
    table = Table(box=None, header_style="bold")
    for title in ("id", "name", "roles", "presence", "skills", "languages", "rung at"):
        table.add_column(title)
    for person in everybody:
        table.add_row(*_row(person))
    console.print(table)


def _row(person: Person) -> tuple[str, ...]:
    return (
        person.person_id,
        person.name,
        " ".join(sorted(person.roles)),
        person.presence.value if person.active else "not active",
        " ".join(sorted(person.skills)),
        " ".join(sorted(person.languages)),
        person.sip or "–",
    )


async def _person(people: People, person_id: str) -> Person:
    person = await people.by_id(person_id)
    if person is None:
        raise PeopleError(f"there is no person {person_id}")
    return person


def _text(error: Exception) -> str:
    """One line a problem, without what was given."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "\n".join(
        f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False)
    )
