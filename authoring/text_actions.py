"""The actions behind a conversation in text: a demo shop of its own, and text messages that come to the caller."""

import re
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from actions.desk import Promises, register_desk
from actions.identity.codes import Codes, register_codes
from actions.ledger import open_ledger
from actions.registry import Registry
from actions.runner import Actions
from actions.shop import Shop, open_shop, register
from dialog.call_backs import PlaybookDiary
from dialog.playbook import Playbook

CODE = re.compile(r"\b\d{4,8}\b")


@dataclass
class Inbox:
    """The text messages that the caller gets."""

    tell: Callable[[str], object]
    messages: list[str] = field(default_factory=list)

    async def send(self, number: str, text: str) -> str:
        """Take a message, as a carrier does. Returns its id."""
        self.messages.append(text)
        self.tell(f"text message to {number}: {text}")
        return f"SM{len(self.messages):032x}"

    @property
    def code(self) -> str | None:
        """The code in the last message that has one."""
        codes = [found[0] for text in self.messages if (found := CODE.findall(text))]
        return codes[-1] if codes else None


@asynccontextmanager
async def open_actions(
    playbook: Playbook, data_dir: Path, today: date, now: Callable[[], datetime], inbox: Inbox
) -> AsyncIterator[Actions]:
    """A playbook's actions: Python ones of the demo shop in `data_dir`, and those by HTTP, OpenAPI and MCP.

    `now` gives aware times. Text messages go to `inbox`.
    """
    url = f"sqlite+aiosqlite:///{data_dir / 'chat.db'}"
    async with (
        await open_shop(data_dir / "shop.db", today=lambda: today) as shop,
        await open_ledger(url, now) as ledger,
    ):
        registry = Registry()
        _register_all(
            registry,
            shop,
            Codes(
                ledger.engine,
                secrets.token_bytes(32),
                playbook.head.brand,
                inbox.send,
                shop.phone_of,
                now,
            ),
            Promises(ledger.engine, now, lambda: PlaybookDiary(playbook)),
        )
        actions = Actions(playbook.actions, registry, ledger, time.monotonic, folder=playbook.folder)
        async with actions:
            yield actions


def known_actions() -> Registry:
    """The Python actions that there are, to look at and not to run: nothing is opened."""
    engine = create_async_engine("sqlite+aiosqlite://")
    shop = Shop(engine, date.today)
    registry = Registry()
    codes = Codes(
        engine,
        b"",
        "",
        Inbox(str).send,
        shop.phone_of,
        lambda: datetime.now(UTC),
    )
    _register_all(registry, shop, codes, Promises(engine, lambda: datetime.now(UTC), _no_diary))
    return registry


def _no_diary() -> PlaybookDiary:
    raise RuntimeError("these actions are to be looked at and not to be run")


def _register_all(registry: Registry, shop: Shop, codes: Codes, promises: Promises) -> None:
    register(registry, shop)
    register_codes(registry, codes)
    register_desk(registry, promises)
