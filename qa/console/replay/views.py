"""One line in the access log for each look at a call, however many requests the look is made of."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from qa.access.log import Accessed, AccessLog
from web.accounts import Account

LASTS = timedelta(hours=1)
"""A page that stays open for longer is another look."""
MOST = 10_000


class Views:
    """Notes looks. A browser gives the name of its look with each request that belongs to it.

    What was noted is remembered by this process only: another worker may note a look a second time, but none is missed.
    """

    def __init__(self, access: AccessLog, now: Callable[[], datetime]) -> None:
        self._access = access
        self._now = now
        self._noted: OrderedDict[tuple[str, str, Accessed, str, str], datetime] = OrderedDict()

    @staticmethod
    def begin() -> str:
        """A name for a new look."""
        return secrets.token_urlsafe(9)

    async def note(self, account: Account, what: Accessed, call_id: str, view: str, detail: str = "") -> None:
        """Note it, unless this look has been noted. Before anything is handed out."""
        one = (account.person_id, call_id, what, view[:40], detail)
        now = self._now()
        noted = self._noted.get(one)
        if view and noted is not None and now - noted < LASTS:
            return
        await self._access.note(account.person_id, what, call_id, detail)
        self._noted[one] = now
        self._noted.move_to_end(one)
        while len(self._noted) > MOST:
            self._noted.popitem(last=False)
