"""The routes of the dashboard: figures, the calls behind each of them, and the daily digest."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from calls.words import readable
from handoff.desk.words import DeskWords, words_of
from qa.console.console import Console
from qa.console.dashboard import behind, shown
from qa.console.dashboard.boards import Boards
from qa.console.dashboard.digest_shown import digest_file, digest_values
from qa.console.dashboard.query import (
    DIGEST,
    OTHERS,
    PERIODS,
    Asked,
    digest_url,
    read_asked,
    read_cell,
)
from qa.console.places import CALLS, LOOKING_BACK, QA, navigation_of
from qa.metrics.catalogue import BY_ID
from qa.metrics.compare import compared, reckon
from qa.metrics.digest import BACK, Digest, digest_of, yesterday
from qa.metrics.metric import Metric, Unit
from qa.metrics.narrow import Cell
from qa.metrics.period import Period, PeriodError, one_day
from qa.metrics.rules import Rules
from qa.metrics.sample import by_day, sample_of
from qa.metrics.source import CallSource
from qa.metrics.tables import Names, Tables
from qa.metrics.words import value_words
from web.accounts import Account, Role
from web.app import Site


def create_dashboard_router(site: Site, console: Console) -> APIRouter:
    """The routes."""
    pages = _Dashboard(site, console, CallSource(console.facts.engine))
    analyst = Depends(site.door.needs(*LOOKING_BACK))
    anybody = Depends(site.door.needs(Role.AGENT, *LOOKING_BACK))
    router = APIRouter(prefix=QA, dependencies=[Depends(site.door.check_form)])

    @router.get("")
    async def first(request: Request, account: Account = anybody) -> Response:
        if not account.has(*LOOKING_BACK):
            return RedirectResponse(CALLS, status_code=303)
        return await pages.board(request, account)

    @router.get("/figures/{metric}")
    async def figure(request: Request, metric: str, account: Account = analyst) -> Response:
        return await pages.figure(request, account, metric)

    @router.get("/digest")
    async def digest(request: Request, day: str = "", account: Account = analyst) -> Response:
        return await pages.digest(request, account, day)

    @router.get("/digest/file")
    async def digest_as_file(request: Request, day: str = "", account: Account = analyst) -> Response:
        return await pages.digest_file(request, day)

    return router


class _Dashboard:
    """What each route does."""

    def __init__(self, site: Site, console: Console, source: CallSource) -> None:
        self._site = site
        self._console = console
        self._source = source
        self._boards = Boards(console.metrics)

    async def board(self, request: Request, account: Account) -> Response:
        """All figures of a period."""
        asked, period, problem = self._asked(request)
        tables = await self._tables(period)
        now, rules = self._now(), self._rules
        board = await self._boards.board(tables, period, asked.choice, now)
        words, currency = self._words, self._currency
        level = rules.service_level
        values: dict[str, Any] = {
            **self._about(period),
            **self._choices(tables, asked, period),
            "problem": problem,
            "digest": digest_url(yesterday(now, self._zone)),
            "headlines": shown.headlines(board, asked, currency),
            "groups": shown.groups(board, asked, currency),
            "pictures": shown.pictures(board),
            "hours": shown.hours_picture(board),
            "intents_table": shown.intents_table(board, asked, words.intent),
            "reasons_table": shown.reasons_table(board, asked),
            "stages_table": shown.stages_table(board, asked),
            "heat": shown.heat_map(board, asked),
            "service_level": (
                f"Service level: {level.share:.0%} within {level.within_s:g} s is aimed at. Who hangs up within "
                f"{level.short_abandon_s:g} s is not counted."
            ),
        }
        return self._page("qa/dashboard.html", request, account, 422 if problem else 200, **values)

    async def figure(self, request: Request, account: Account, name: str) -> Response:
        """One figure: its formula, its course over time, and the calls behind it."""
        metric = BY_ID.get(name)
        if metric is None:
            raise HTTPException(status_code=404, detail="unknown_metric")
        asked, period, problem = self._asked(request)
        if problem:
            raise HTTPException(status_code=400, detail="unreadable_period")
        tables, cell = await self._tables(period), read_cell(request.query_params)
        values = await asyncio.to_thread(self._one, metric, tables, asked, period, cell, request)
        return self._page("qa/figure.html", request, account, **values)

    async def digest(self, request: Request, account: Account, text: str) -> Response:
        """One day against its weekday."""
        day = self._day(text)
        digest = await self._digest(day)
        after = day + timedelta(days=1)
        values = digest_values(digest, self._currency, self._words.intent)
        return self._page(
            "qa/digest.html",
            request,
            account,
            day_before=digest_url(day - timedelta(days=1)),
            day_after=digest_url(after) if after <= yesterday(self._now(), self._zone) else None,
            file=f"{DIGEST}/file?day={day}",
            **values,
        )

    async def digest_file(self, request: Request, text: str) -> Response:
        """The same as one file."""
        day = self._day(text)
        base = str(request.base_url).rstrip("/")
        made = digest_file(await self._digest(day), self._currency, self._words.intent, base)
        name = quote(f"warmline-digest-{day}.html")
        return Response(
            made, media_type="text/html", headers={"content-disposition": f'attachment; filename="{name}"'}
        )

    # What they are made of

    def _one(
        self, metric: Metric, tables: Tables, asked: Asked, period: Period, cell: Cell, request: Request
    ) -> dict[str, Any]:
        now, rules = self._now(), self._rules
        before = period.before()
        sample = compared(
            cell.of(sample_of(tables, period, asked.choice, rules, now), period),
            cell.of(sample_of(tables, before, asked.choice, rules, now), before),
        )
        one = reckon(metric, sample)
        others = request.query_params.get("show") == OTHERS
        places = one.now.others if others else one.now.behind
        pages = max(1, -(-len(places) // behind.PAGE))
        page = min(pages, _number(request.query_params.get("page", "1")))
        words = self._words
        days = by_day(sample, period)
        trend = [metric.reckon(of_day).value for _, of_day in days] if metric.unit is not Unit.POINTS else []
        return {
            **self._about(period),
            "here": asked,
            "where": cell,
            "cell": _cell_words(cell),
            "tile": shown.tile_of(one, asked, self._currency),
            "trend": shown.one_picture(metric, [day for day, _ in days], trend) if len(trend) > 1 else None,
            "shares": metric.unit is Unit.SHARE and bool(len(one.now.others)),
            "others": others,
            "behind": f"{len(one.now.behind):,}",
            "beside": f"{len(one.now.others):,}",
            "total": f"{len(places):,}",
            "page": page,
            "pages": pages,
            "in_list": None
            if others
            else behind.list_url(metric.id, one.now, sample, period, asked.choice, cell),
            "rows": [_row(row, words) for row in behind.rows_of(sample, places, period, page)],
        }

    async def _digest(self, day: date) -> Digest:
        now, zone = self._now(), self._zone
        tables = await self._source.around(one_day(day, zone), BACK, now)
        return await asyncio.to_thread(digest_of, tables, day, zone, self._rules, now)

    async def _tables(self, period: Period) -> Tables:
        back = timedelta(days=period.length)
        return await self._source.around(period, back, self._now())

    def _asked(self, request: Request) -> tuple[Asked, Period, str]:
        """What was asked for, its period, and what is wrong with it: then the usual period is shown."""
        asked, now = read_asked(request.query_params), self._now()
        try:
            return asked, asked.chosen(now, self._zone), ""
        except PeriodError as error:
            usual = Asked(choice=asked.choice)
            return usual, usual.chosen(now, self._zone), str(error)

    def _day(self, text: str) -> date:
        last = yesterday(self._now(), self._zone)
        if not text:
            return last
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise HTTPException(status_code=400, detail="unreadable_day") from None
        # A digest is of a day that is over; and nobody has called before the telephone.
        if not date(1970, 3, 1) <= day <= last:
            raise HTTPException(status_code=404, detail="no_digest")
        return day

    def _about(self, period: Period) -> dict[str, Any]:
        return {
            "span": shown.span_words(period),
            "before": shown.span_words(period.before()),
            "zone": period.zone.key,
            "shown_first": period.first.isoformat(),
            "shown_last": period.last.isoformat(),
        }

    def _choices(self, tables: Tables, asked: Asked, period: Period) -> dict[str, Any]:
        calls = tables.calls
        return {
            "here": asked,
            "action": QA,
            "periods": PERIODS,
            "words": self._words,
            "queues": _occurring(calls.queue, asked.choice.queue),
            "intents": _occurring(calls.intent, asked.choice.intent),
            "playbooks": _occurring(calls.playbook, asked.choice.playbook),
        }

    def _page(
        self, template: str, request: Request, account: Account, status: int = 200, **values: Any
    ) -> Response:
        return self._site.pages.page(
            template, request, account, status, navigation=navigation_of(account), **values
        )

    def _now(self) -> datetime:
        """The last full minute: so that two pages which are looked at together say the same."""
        return self._console.now().replace(second=0, microsecond=0)

    @property
    def _rules(self) -> Rules:
        return self._console.metrics

    @property
    def _currency(self) -> str:
        return self._rules.costs.currency if self._rules.costs is not None else ""

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._console.playbook().queues.timezone)

    @property
    def _words(self) -> DeskWords:
        return words_of(self._console.playbook())


def _occurring(names: Names, chosen: str) -> list[str]:
    """What can be chosen, and what is."""
    return sorted({str(one) for one in names.tolist() if one} | ({chosen} if chosen else set()))


def _number(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1


def _cell_words(cell: Cell) -> str:
    parts = []
    if cell.weekday is not None:
        parts.append(shown.WEEKDAYS[cell.weekday])
    if cell.hour is not None:
        parts.append(f"from {cell.hour}:00 to {cell.hour + 1}:00")
    if cell.reason is not None:
        parts.append(f"reason: {readable(cell.reason)}")
    if cell.outcome is not None:
        parts.append(f"outcome: {shown.outcome_words(cell.outcome)}")
    return ", ".join(parts)


def _row(row: behind.Row, words: DeskWords) -> dict[str, Any]:
    return {
        "call_id": row.call_id,
        "started": row.started,
        "began": f"{row.started:%Y-%m-%d %H:%M}",
        "utc": f"{row.started.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        "intent": words.intent(row.intent) if row.intent else "",
        "outcome": readable(row.outcome),
        "queue": words.queue(row.queue).name if row.queue else "",
        "length": value_words(row.duration_s, Unit.SECONDS),
    }
