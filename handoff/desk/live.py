"""The stream of one open page: the pieces of it that have changed, as server-sent events.

A page comes back with its mark (`Last-Event-ID`): which lines of the call it has, and a digest of every piece. Only
what differs is sent again, by whichever worker answers.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from calls.events import CallEnded, CallEvent
from handoff.desk.desk import Desk
from handoff.desk.pieces import Pieces
from handoff.desk.transcript import line_of
from handoff.transfer.types import Transfer
from web.server_sent import KEEP_OPEN, retry_after, server_sent_html

RETRY_MS = 700
KEEP_OPEN_S = 15.0
"""So often a stream says something, whatever happens, and whether its person may still see it is asked again."""
SETTLE_S = 0.03
"""Events come in bursts: what arrives within this is sent together."""
SIGNED_OUT = "signed-out"
LONGEST_MARK = 1000
NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass
class Mark:
    """What a page has: the lines up to `seq`, and the digest of each piece."""

    seq: int = 0
    pieces: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Mark":
        """From its text; what cannot be read has nothing, so everything is sent."""
        number, *pairs = text[:LONGEST_MARK].split(".")
        if NUMBER.fullmatch(number) is None:
            return cls()
        pieces = {name: digest for name, dash, digest in (pair.rpartition("-") for pair in pairs) if dash}
        return cls(int(number), pieces)

    def __str__(self) -> str:
        return ".".join([str(self.seq), *(f"{name}-{digest}" for name, digest in self.pieces.items())])

    def differs(self, name: str, html: str) -> bool:
        """Whether the page has another version of a piece; from now on it has this one."""
        digest = hashlib.sha256(html.encode()).hexdigest()[:8]
        known = self.pieces.get(name) == digest
        self.pieces[name] = digest
        return not known


def mark_of(seq: int, pieces: Mapping[str, str]) -> Mark:
    """The mark of a page that was just made."""
    mark = Mark(seq)
    for name, html in pieces.items():
        mark.differs(name, html)
    return mark


class LivePage:
    """One open page. `transfer` is of the call that it shows, if any; `welcome` tells whether its person may see it."""

    def __init__(
        self,
        desk: Desk,
        pieces: Pieces,
        transfer: Transfer | None,
        mark: Mark,
        welcome: Callable[[], Awaitable[bool]],
    ) -> None:
        self._desk = desk
        self._pieces = pieces
        self._transfer = transfer
        self._mark = mark
        self._welcome = welcome
        self._bell = asyncio.Event()
        self._events: list[CallEvent] = []
        self._shown: tuple[int, int] | None = None
        """How many events, and which version of the transfer, the pieces of the call were made of."""

    async def stream(self) -> AsyncIterator[str]:
        """Everything that the page is told, until it is closed or its person signs out."""
        yield retry_after(RETRY_MS)
        follower = asyncio.create_task(self._follow())
        try:
            async with self._desk.watch.listening(self._bell):
                self._bell.set()
                clock = asyncio.get_running_loop().time
                ask_at = clock() + KEEP_OPEN_S
                while True:
                    if await self._rung(ask_at - clock()):
                        for message in await self._changes():
                            yield message
                    if clock() < ask_at:
                        continue
                    if not await self._welcome():
                        yield server_sent_html(SIGNED_OUT, "", str(self._mark))
                        return
                    yield KEEP_OPEN
                    ask_at = clock() + KEEP_OPEN_S
        finally:
            follower.cancel()
            with suppress(asyncio.CancelledError):
                await follower

    async def _rung(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                await self._bell.wait()
        except TimeoutError:
            return False
        await asyncio.sleep(SETTLE_S)
        self._bell.clear()
        return True

    async def _follow(self) -> None:
        """The stored events of the call that the page shows, from its first."""
        if self._transfer is None:
            return
        async for event in self._desk.log.follow(self._transfer.order.call_id):
            self._events.append(event)
            self._bell.set()

    async def _changes(self) -> list[str]:
        """What the page does not have yet."""
        told = []
        snapshot = await self._desk.watch.snapshot()
        fresh = await self._pieces.overview(snapshot)
        if self._transfer is not None:
            fresh |= await self._call(self._transfer)
            told += self._new_lines()
        for name, html in fresh.items():
            if self._mark.differs(name, html):
                told.append(server_sent_html(name, html, str(self._mark)))
        notice = await self._pieces.notice(snapshot)
        if notice:
            told.append(server_sent_html("notice", notice, str(self._mark)))
        return told

    async def _call(self, transfer: Transfer) -> dict[str, str]:
        if self._events and isinstance(self._events[-1].body, CallEnded):
            # Whoever follows a call stops at its end; what is written behind it is read when something has changed.
            self._events += await self._desk.log.read(transfer.order.call_id, self._events[-1].seq)
        now = await self._desk.transfer(transfer.id) or transfer
        shown = (len(self._events), now.version)
        if not self._events or shown == self._shown:
            return {}
        self._shown = shown
        return await self._pieces.call(now, self._events)

    def _new_lines(self) -> list[str]:
        told = []
        for event in self._events:
            if event.seq <= self._mark.seq:
                continue
            self._mark.seq = event.seq
            line = line_of(event)
            if line is not None:
                told.append(server_sent_html("line", self._pieces.line(line), str(self._mark)))
        return told
