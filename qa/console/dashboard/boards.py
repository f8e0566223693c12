"""Boards that were reckoned a moment ago, kept for whoever looks at the same page."""

import asyncio
from collections import OrderedDict
from datetime import datetime

from qa.metrics.board import Board, board_of
from qa.metrics.period import Period
from qa.metrics.rules import Rules
from qa.metrics.sample import Choice
from qa.metrics.tables import Tables

MOST_KEPT = 16


class Boards:
    """Boards by what was asked for; one is made anew when a call has changed, or a minute is over."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._kept: OrderedDict[tuple[Period, Choice, datetime], tuple[Tables, Board]] = OrderedDict()

    async def board(self, tables: Tables, period: Period, choice: Choice, now: datetime) -> Board:
        """The board of a period; reckoned off the loop, because calls go on in this process."""
        key = (period, choice, now)
        known = self._kept.get(key)
        # The source hands out the same tables for as long as nothing has changed.
        if known is None or known[0] is not tables:
            known = tables, await asyncio.to_thread(board_of, tables, period, choice, self._rules, now)
            self._kept[key] = known
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return known[1]
