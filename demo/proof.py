"""Whether the caller really heard the order's status: the shop's own record against the telephone's sound."""

import asyncio
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from actions.shop import open_shop
from demo.sip.telephone import RATE, Sound
from voice.hearing.recogniser import Recogniser

PIECE_S = 12
OVERLAP_S = 3
"""What was heard is recognised in overlapping pieces that the recogniser can take, so that no word is cut in two."""


@dataclass(frozen=True)
class Proof:
    """What the shop says of the order, and what a machine understands of what the caller heard."""

    order: str
    status: str
    heard_text: str

    @property
    def held(self) -> bool:
        """Whether the status was heard: "shipped", or "ship" where the recogniser missed how the word ended."""
        stem = re.sub(r"(p?p|l?l)?e?d$", lambda end: (end[1] or "")[:1], self.status)
        return bool({self.status, stem} & set(re.findall(r"[a-z]+", self.heard_text.lower())))


async def prove_status_was_spoken(heard: Sound, recogniser: Recogniser, shop_path: Path, order: str) -> Proof:
    """Compare what the telephone heard with what the shop says of `order`."""
    async with await open_shop(shop_path, today=date.today) as shop:
        found = await shop.order(order)
    text = await asyncio.to_thread(_recognise, heard, recogniser)
    return Proof(order, found.status.value if found is not None else "unknown", text)


def _recognise(heard: Sound, recogniser: Recogniser) -> str:
    step, length = RATE * (PIECE_S - OVERLAP_S), RATE * PIECE_S
    pieces = [heard[start : start + length] for start in range(0, heard.size, step)]
    return " ".join(recogniser.recognise(piece).text for piece in pieces)
