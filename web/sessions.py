"""Sessions as signed cookies: nothing is kept on the server, so any worker can read them."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Response
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

SESSION_S = 12 * 3600
"""How long a session lasts: a working day with overtime."""


@dataclass(frozen=True)
class Session:
    """Who has signed in. `secret` is this session's own; form tokens are made from it."""

    person_id: str
    sessions: int
    secret: str


class Sessions:
    """Makes and reads the cookies of one site.

    `key` signs them; `secure` sends them over https only; `now` gives seconds since the epoch.
    """

    def __init__(self, key: bytes, secure: bool, now: Callable[[], float]) -> None:
        self._key = key
        self._secure = secure
        prefix = "__Host-" if secure else ""  # browsers refuse the prefix without https
        self._session_cookie = f"{prefix}warmline_session"
        self._visit_cookie = f"{prefix}warmline_visit"

        class Signer(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(now())

        self._serializer = URLSafeTimedSerializer(
            key,
            salt="warmline session",
            signer=Signer,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def begin(self, response: Response, person_id: str, sessions: int) -> None:
        """Set the cookie of a new session; the visit before it is over."""
        payload = [person_id, sessions, secrets.token_urlsafe(16)]
        self._set(response, self._session_cookie, str(self._serializer.dumps(payload)), SESSION_S)
        response.delete_cookie(self._visit_cookie, path="/", secure=self._secure, httponly=True)

    def end(self, response: Response) -> None:
        """Take the cookie away."""
        response.delete_cookie(self._session_cookie, path="/", secure=self._secure, httponly=True)

    def read(self, cookies: dict[str, str]) -> Session | None:
        """The session of a request; None where there is none, or it is forged or too old."""
        try:
            payload = self._serializer.loads(cookies.get(self._session_cookie, ""), max_age=SESSION_S)
            person_id, sessions, secret = payload
        except (BadData, ValueError, TypeError):
            return None
        return Session(str(person_id), int(sessions), str(secret))

    def visit(self, cookies: dict[str, str], response: Response) -> str:
        """The secret of somebody who has not signed in, new where they come for the first time."""
        known = cookies.get(self._visit_cookie)
        if known:
            return known
        secret = secrets.token_urlsafe(16)
        self._set(response, self._visit_cookie, secret, None)
        return secret

    def token(self, secret: str) -> str:
        """What a form must carry: only our own pages can know it."""
        return hmac.new(self._key, f"form {secret}".encode(), hashlib.sha256).hexdigest()

    def token_of(self, cookies: dict[str, str]) -> str:
        """The token for the forms of who has signed in, or else visits; empty where it is neither."""
        session = self.read(cookies)
        secret = session.secret if session is not None else cookies.get(self._visit_cookie, "")
        return self.token(secret) if secret else ""

    def fits(self, cookies: dict[str, str], token: str) -> bool:
        """Whether a form's token belongs to its request."""
        own = self.token_of(cookies)
        return bool(own) and hmac.compare_digest(own.encode(), token.encode())

    def _set(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        response.set_cookie(
            name, value, max_age=max_age, path="/", secure=self._secure, httponly=True, samesite="lax"
        )
