"""Passwords: kept as scrypt hashes (RFC 7914), and tried ever more slowly by whoever does not know them."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST, MOST = 10, 200
"""Characters of a password."""
SALT = 16
LENGTH = 32
SLACK = 2**20
"""Bytes that OpenSSL is granted beyond what the algorithm itself needs."""
FREE_TRIES = 4
"""Wrong ones before the first pause."""
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 60.0
"""Not longer: whoever guesses at a colleague's name must not keep them from their work."""
FORGOTTEN_AFTER = timedelta(hours=1)
MOST_NAMES = 10_000
"""Names that are remembered; far more than there are people, and few enough for the memory."""


class PasswordError(ValueError):
    """A new password breaks a rule; the text says which."""


@dataclass(frozen=True)
class Cost:
    """How much work one hash is: 128 · `n` · `block` bytes of memory, `passes` times over."""

    n: int = 2**14
    block: int = 8
    passes: int = 5


def check_new(password: str) -> None:
    """Whether somebody may have this password.

    Raises:
        PasswordError: it is too short or too long.
    """
    if not LEAST <= len(password) <= MOST:
        raise PasswordError(f"a password has {LEAST} to {MOST} characters")


def hashed(password: str, cost: Cost) -> str:
    """The hash with its salt and cost, as text. Takes some tenths of a second: not for the event loop."""
    salt = secrets.token_bytes(SALT)
    digest = _derive(password, salt, cost)
    return "$".join(
        ("scrypt", f"{cost.n},{cost.block},{cost.passes}", _text(salt), _text(digest)),
    )


def fits(password: str, kept: str) -> bool:
    """Whether `kept` was made of this password. Takes as long whatever the answer."""
    _, numbers, salt, digest = kept.split("$")
    n, block, passes = (int(number) for number in numbers.split(","))
    found = _derive(password[: MOST + 1], base64.b64decode(salt), Cost(n, block, passes))
    return hmac.compare_digest(found, base64.b64decode(digest))


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    memory = 128 * cost.block * (cost.n + cost.passes + 2) + SLACK
    return hashlib.scrypt(
        password.encode(errors="surrogatepass"),  # a browser may send anything
        salt=salt,
        n=cost.n,
        r=cost.block,
        p=cost.passes,
        maxmem=memory,
        dklen=LENGTH,
    )


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


@dataclass
class _Tries:
    wrong: int
    last: datetime


class Slowdown:
    """Who must wait before the next try. In memory: a process that starts anew begins anew."""

    def __init__(self) -> None:
        self._tries: dict[str, _Tries] = {}

    def pause_s(self, name: str, now: datetime) -> float:
        """How long a name must wait, in seconds; 0: not at all. Unknown names wait as known ones do."""
        tries = self._tries.get(name)
        if tries is None or tries.wrong <= FREE_TRIES:
            return 0.0
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (tries.wrong - FREE_TRIES - 1))
        return max(0.0, pause - (now - tries.last).total_seconds())

    def failed(self, name: str, now: datetime) -> None:
        """A wrong password."""
        self._forget(now)
        before = self._tries.pop(name, None)
        self._tries[name] = _Tries(1 if before is None else before.wrong + 1, now)

    def succeeded(self, name: str) -> None:
        """The right one."""
        self._tries.pop(name, None)

    def _forget(self, now: datetime) -> None:
        """What is old, and the oldest where there is too much. The dict is in the order of the last tries."""
        while self._tries:
            oldest = next(iter(self._tries))
            recent = now - self._tries[oldest].last < FORGOTTEN_AFTER
            if recent and len(self._tries) < MOST_NAMES:
                return
            del self._tries[oldest]
