"""The company's systems that a process acts in: opened once, closed in reverse."""

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from actions.check import check
from actions.desk import Promises, register_desk
from actions.identity.codes import Codes, register_codes
from actions.ledger import Ledger, open_ledger
from actions.registry import Registry
from actions.runner import Actions
from actions.shop import open_shop, register
from dialog.call_backs import PlaybookDiary
from dialog.load import refuse_if
from dialog.playbook import Playbook
from settings import Settings
from telephony.sms import SmsSender


@dataclass
class Systems:
    """What actions run on. Every version of a playbook has actions of its own, on the same systems."""

    registry: Registry
    ledger: Ledger
    _opened: list[Actions] = field(default_factory=list)
    _newest: Playbook | None = None

    @property
    def diary(self) -> PlaybookDiary:
        """When people are there, by the newest version of the playbook: promises are kept by its hours.

        Raises:
            RuntimeError: there is no playbook yet.
        """
        if self._newest is None:
            raise RuntimeError("a call-back needs the hours of a playbook, and none was opened")
        return PlaybookDiary(self._newest)

    @property
    def engine(self) -> AsyncEngine:
        """The database that the ledger is in, for what is kept beside it."""
        return self.ledger.engine

    def actions(self, playbook: Playbook) -> Actions:
        """The actions that a playbook declares.

        Raises:
            PlaybookError: one of them cannot run here; names each.
        """
        file = playbook.sources.actions.path
        problems = check(playbook.actions, self.registry, folder=playbook.folder)
        refuse_if([f"{file}: {problem}" for problem in problems])
        actions = Actions(
            playbook.actions, self.registry, self.ledger, time.monotonic, folder=playbook.folder
        )
        self._opened.append(actions)
        self._newest = playbook
        return actions

    async def close(self) -> None:
        """Let writes that are under way come to their end."""
        while self._opened:
            await self._opened.pop().close()


@asynccontextmanager
async def open_systems(settings: Settings, brand: str) -> AsyncIterator[Systems]:
    """The demo shop, the ledger, and text messages through the carrier."""
    sender = settings.warmline_sms_from or settings.line_number
    sms = SmsSender(settings.twilio_account_sid, settings.auth_token, sender, settings.twilio_api_base_url)
    async with (
        await open_shop(settings.warmline_data_dir / "shop.db", today=date.today) as shop,
        await open_ledger(settings.store_url, lambda: datetime.now(UTC)) as ledger,
        sms,
    ):
        registry = Registry()
        register(registry, shop, settings.demo_shop_delay_s)

        secret = hmac.digest(settings.auth_token.encode(), b"one-time codes", hashlib.sha256)
        register_codes(
            registry, Codes(ledger.engine, secret, brand, sms.send, shop.phone_of, lambda: datetime.now(UTC))
        )
        systems = Systems(registry, ledger)
        register_desk(registry, Promises(ledger.engine, lambda: datetime.now(UTC), lambda: systems.diary))
        try:
            yield systems
        finally:
            await systems.close()
