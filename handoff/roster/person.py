"""A person who works with Warmline: what is kept of them, and where they are."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from handoff.transfer.types import Value

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
PersonId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=40)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


class Role(StrEnum):
    """What somebody may do. Names never change meaning."""

    AGENT = "agent"
    """Takes calls at the desk."""
    SUPERVISOR = "supervisor"
    """Sees all calls and people."""
    ANALYST = "analyst"
    """Judges calls and reads figures."""
    ADMIN = "admin"
    """Changes people and settings."""


class Presence(StrEnum):
    """Whether somebody can take a call. Names never change meaning."""

    OFFLINE = "offline"
    AVAILABLE = "available"
    BUSY = "busy"
    """Rung for a call, or in one."""
    WRAP_UP = "wrap_up"
    """Writes down what came of the last call; ends by itself."""
    AWAY = "away"


class Profile(Value):
    """What an administrator says of a person."""

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
    """As colleagues see it, and callers hear it."""
    roles: frozenset[Role] = frozenset({Role.AGENT})
    sip: Annotated[str, Field(pattern=r"^sips?:[^\s<>]+$", max_length=255)] | None = None
    """Where an agent is rung; None: they are not."""
    skills: frozenset[Slug] = frozenset()
    languages: frozenset[Language] = frozenset({"en"})
    active: bool = True
    """Whether they may sign in and be rung."""


class Person(Profile):
    """A person as of now. Times are aware."""

    person_id: PersonId
    sessions: int = 0
    """Counts up when all sign-ins of the person are ended: one that was made under another number is over."""
    presence: Presence = Presence.OFFLINE
    presence_at: datetime
    """Since when."""
    idle_since: datetime
    """Since when they have had no call; in `wrap_up`, when that ends."""
    transfer_id: str | None = None
    """The transfer, or the call-back, that they are rung for or talk in."""

    @property
    def profile(self) -> Profile:
        """The part that an administrator changes."""
        return Profile.model_validate(self.model_dump(include=set(Profile.model_fields)))


def current(person: Person, now: datetime) -> Person:
    """The person as of `now`: a wrap-up whose time is over has made them available, just then."""
    if person.presence is not Presence.WRAP_UP or person.idle_since > now:
        return person
    return person.model_copy(update={"presence": Presence.AVAILABLE, "presence_at": person.idle_since})
