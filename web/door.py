"""Who may come in: what a route asks of the account behind a request, and of every form."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request

from web.accounts import Account, Accounts, Role
from web.sessions import Sessions

FORM_FIELD = "csrf"
FORM_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInNeededError(Exception):
    """The request comes from nobody who has signed in."""


class RoleNeededError(Exception):
    """The account may not see or do this."""


class ForgedFormError(Exception):
    """A form that is not one of our own pages', or one that was open for too long."""


class Door:
    """Lets requests in."""

    def __init__(self, sessions: Sessions, accounts: Accounts) -> None:
        self._sessions = sessions
        self._accounts = accounts

    async def account(self, request: Request) -> Account | None:
        """Who has signed in; None where nobody has, or their sessions were ended."""
        session = self._sessions.read(request.cookies)
        if session is None:
            return None
        account = await self._accounts.account(session.person_id)
        if account is None or account.sessions != session.sessions:
            return None
        return account

    def needs(self, *roles: Role) -> Callable[[Request], Awaitable[Account]]:
        """A FastAPI dependency: the account, which must have one of these roles.

        It raises `SignInNeededError` and `RoleNeededError`.
        """

        async def dependency(request: Request) -> Account:
            account = await self.account(request)
            if account is None:
                raise SignInNeededError
            if roles and not account.has(*roles):
                raise RoleNeededError
            return account

        return dependency

    async def check_form(self, request: Request) -> None:
        """A FastAPI dependency of every router: whatever changes something carries the session's token.

        Raises:
            ForgedFormError: it does not, or it was sent from another site's page.
        """
        if request.method in SAFE:
            return
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            raise ForgedFormError
        token = request.headers.get(FORM_HEADER) or (await request.form()).get(FORM_FIELD)
        if not isinstance(token, str) or not self._sessions.fits(request.cookies, token):
            raise ForgedFormError
