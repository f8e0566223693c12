"""Who may sign in, as the pages see it. The roster keeps the people; this is all that `web` asks of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What somebody may see and do. Names never change meaning."""

    AGENT = "agent"
    """Takes calls: the desk, and the calls that were theirs."""
    SUPERVISOR = "supervisor"
    """Sees every queue and every call that is handed over now."""
    ANALYST = "analyst"
    """Looks back at calls: the QA console, not the desk."""
    ADMIN = "admin"
    """Everything."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. `sessions` counts up when all their sessions are ended."""

    person_id: str
    name: str
    roles: frozenset[str]
    sessions: int

    def has(self, *roles: Role) -> bool:
        """Whether they have one of these roles; an admin has every one."""
        return bool(self.roles & {Role.ADMIN, *roles})


class Accounts(Protocol):
    """Where accounts come from."""

    async def sign_in(self, person_id: str, password: str) -> Account | None:
        """The account, if the password is theirs. An unknown name costs as much time as a wrong password."""

    async def account(self, person_id: str) -> Account | None:
        """The account of somebody who has signed in; None when they may not any more."""
