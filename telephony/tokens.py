"""Things that are good once: the token that ties a media stream to its call, and a signed request."""

import secrets
from collections import OrderedDict
from collections.abc import Callable

TTL_S = 60.0


class StreamTokens:
    """Issues tokens and takes each back once, within its time, for its own call.

    Tokens live in this process: the stream must reach the worker that answered the webhook.
    """

    def __init__(self, clock: Callable[[], float], ttl_s: float = TTL_S) -> None:
        self._clock = clock
        self._ttl_s = ttl_s
        self._open: dict[str, tuple[str, float]] = {}

    def issue(self, call_sid: str) -> str:
        """A fresh token for `call_sid`."""
        self._forget_stale()
        token = secrets.token_urlsafe(24)
        self._open[token] = (call_sid, self._clock() + self._ttl_s)
        return token

    def redeem(self, token: str, call_sid: str) -> bool:
        """Whether `token` was issued for `call_sid` and is fresh. It is spent, whatever the answer."""
        issued = self._open.pop(token, None)
        return issued is not None and issued[0] == call_sid and self._clock() <= issued[1]

    def _forget_stale(self) -> None:
        now = self._clock()
        for token in [token for token, (_, expires) in self._open.items() if expires < now]:
            del self._open[token]


class SeenRequests:
    """Remembers the last signed requests, so that one that was listened to cannot be played again."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._seen: OrderedDict[str, None] = OrderedDict()

    def first(self, request: str) -> bool:
        """Whether `request` has not been seen before; from now on it has."""
        if request in self._seen:
            return False
        self._seen[request] = None
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return True
