"""How quick the QA console is: the server's time for each of its pages over thousands of calls.

    python -m bench.console [--calls 10000] [--rounds 30] [--database URL] [--json]

Without --database, made-up calls are written to a temporary folder first, as `warmline seed-demo` makes them, which
takes minutes; with it, the calls that are there are looked at, and only a person who may see them and the accesses
are added. Every page is asked for in turn, `rounds` times, by somebody who has signed in, in the server's own process:
the time is that of the whole answer, from the request until its last byte, without network and browser. `cpu` is how
long a processor worked for it here: on a machine with other work, that is the figure to compare. Milliseconds.
"""

import argparse
import asyncio
import gc
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from fastapi import FastAPI
from rich.console import Console as Terminal
from sqlalchemy import select

from bench.report import percentile, print_bars, print_table, tell
from calls.database import open_engine
from calls.log import CallLog
from calls.store import open_store
from demo.qa import qa_stage
from dialog.load import load_playbook
from dialog.minds import Articles, WordEncoder
from handoff.desk.accounts import PeopleAccounts
from handoff.roster.passwords import Cost
from handoff.roster.people import People, Profile, Role
from qa.console import FOLDER
from qa.console.addresses import read_query
from qa.console.places import CALLS, NAVIGATION, QA, REVIEW
from qa.console.routers import create_console_routers
from qa.facts.filter import CallFilter
from qa.facts.store import FactStore
from qa.facts.tables import facts
from qa.rooms import Company, open_rooms
from settings import HOME
from web.app import create_site, create_web_app

TARGET_MS = {"sqlite": 150.0, "postgresql": 100.0}
CHEAP = Cost(n=2**10, passes=1)
LISTS = {
    "calls, newest first": "order=newest",
    "calls, page 100": "order=newest&page=100",
    "calls, slowest first": "order=slowest",
    "calls, worst mood first": "order=worst_mood",
    "calls, worst score first": "order=worst_score",
    "calls of 7 days": "period=7d&order=newest",
    "calls, many conditions": "outcome=handed_over&latency_above_s=0.8&confidence_below=0.9&period=30d&order=slowest",
    "calls of one caller": "caller=%2B15550001234&order=newest",
    "search: a common word": "words=order&order=newest",
    "search: two words, slowest first": "words=refund+person&order=slowest",
    "search: a number": "words=54321&order=newest",
    "search: no hit": "words=xylophone&order=newest",
}
QUEUES = {
    "review: worst of 7 days": "draw=worst&show=open&period=7d",
    "review: worst of 90 days": "draw=worst&show=open&period=90d",
    "review: sample of 90 days": "draw=sample&show=open&period=90d",
}


@dataclass
class Measured:
    """Times of each page, in milliseconds: by the clock, and of this process's processor."""

    dialect: str
    calls: int
    times: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    def figures(self) -> dict[str, object]:
        """All figures, for machines."""
        return {
            "database": self.dialect,
            "calls": self.calls,
            "target_p95_ms": TARGET_MS[self.dialect],
            "worst_p95_ms": max(self._p95(name) or 0.0 for name in self.times),
            "pages": {
                name: {
                    "p50_ms": percentile(times, 50),
                    "p95_ms": self._p95(name),
                    "cpu_p50_ms": percentile(self.cpu[name], 50),
                    "n": len(times),
                }
                for name, times in self.times.items()
            },
        }

    def show(self, terminal: Terminal) -> None:
        """As a picture for people."""
        target = TARGET_MS[self.dialect]
        title = f"Server time p95, {self.calls:,} calls on {self.dialect}"
        print_bars(terminal, title, [(name, self._p95(name)) for name in self.times], "ms", target)
        rows = [
            (name, percentile(times, 50), self._p95(name), percentile(self.cpu[name], 50))
            for name, times in self.times.items()
        ]
        print_table(terminal, "Milliseconds", ("page", "p50", "p95", "cpu p50"), rows)

    def _p95(self, name: str) -> float | None:
        found = percentile(self.times[name], 95)
        return round(found, 1) if found is not None else None


@dataclass
class Shown:
    """A console that is measured, and who looks at it."""

    app: FastAPI
    kept: FactStore
    person: str
    password: str


@asynccontextmanager
async def made_up(calls: int) -> AsyncIterator[Shown]:
    """A console over made-up calls."""
    password = secrets.token_urlsafe(12)
    with TemporaryDirectory() as folder:
        async with qa_stage(Path(folder), password, calls) as stage:
            yield Shown(stage.app, stage.facts, "ada", password)


@asynccontextmanager
async def over(url: str) -> AsyncIterator[Shown]:
    """A console over the calls of a database; somebody who may see them is added to its people."""
    shown = Shown(
        FastAPI(), FactStore(open_engine(url)), f"bench-{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    )
    playbook = load_playbook(HOME / "playbooks" / "acme")
    engine = shown.kept.engine
    try:
        async with await open_store(url) as store, CallLog(store, _now) as log:
            people = People(engine, _now, CHEAP)
            profile = Profile(name="Bench", roles=frozenset({Role.ADMIN}))
            await people.add(shown.person, profile, shown.password)
            articles = Articles(playbook, WordEncoder())
            company = Company(lambda: playbook, lambda: articles, WordEncoder())
            console = (await open_rooms(engine, store, log, Path(), company, None, _now)).console
            site = create_site(PeopleAccounts(people), secrets.token_bytes(32), False, time.time, [FOLDER])
            routers = create_console_routers(site, console)
            shown.app = create_web_app(site, routers, lambda _: QA, time.monotonic)
            yield shown
    finally:
        await engine.dispose()


async def measure(calls: int, rounds: int, database: str | None) -> Measured:
    """Ask for every page."""
    async with over(database) if database is not None else made_up(calls) as shown:
        measured = Measured(shown.kept.engine.dialect.name, await shown.kept.count(CallFilter()))
        transport = httpx.ASGITransport(shown.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://console.test") as browser:
            await _sign_in(browser, shown.person, shown.password)
            pages = await _pages(browser, shown.kept)
            # As the server does when it is ready.
            gc.collect()
            gc.freeze()
            for name, path in pages.items():
                await _answer(browser, path)
                measured.times[name], measured.cpu[name] = [], []
            for _ in range(rounds):
                for name, path in pages.items():
                    took, worked = await _answer(browser, path)
                    measured.times[name].append(took)
                    measured.cpu[name].append(worked)
        return measured


async def _sign_in(browser: httpx.AsyncClient, person: str, password: str) -> None:
    form = await browser.get("/sign-in")
    if form.status_code != 200:
        raise RuntimeError(f"the console does not open: {form.text}")
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', form.text)
    fields = {"name": person, "password": password, "csrf": token[1] if token is not None else ""}
    answer = await browser.post("/sign-in", data=fields)
    if answer.status_code != 303:
        raise RuntimeError(f"signing in to the console gave {answer.status_code}")


async def _pages(browser: httpx.AsyncClient, kept: FactStore) -> dict[str, str]:
    """All pages by name; those of single calls only where the console has them."""
    pages = {name: read_query(query).url for name, query in LISTS.items()}
    pages |= {name: f"{REVIEW}?{query}" for name, query in QUEUES.items()}
    pages |= {name.lower(): path for path, name in NAVIGATION if path not in {CALLS, REVIEW}}
    async with kept.engine.connect() as connection:
        longest = select(facts.c.call_id).order_by(facts.c.duration_s.desc().nulls_last()).limit(1)
        call_id = await connection.scalar(longest)
        middle = select(facts.c.call_id).order_by(facts.c.call_id).limit(1).offset(50)
        other = await connection.scalar(middle) or call_id
    pages["review: one call"] = f"{REVIEW}/{other}"
    for name, path in (("a call", f"{CALLS}/{other}"), ("the longest call", f"{CALLS}/{call_id}")):
        if (await browser.get(path)).status_code == 200:
            pages[name] = path
    return pages


async def _answer(browser: httpx.AsyncClient, path: str) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.process_time()
    answer = await browser.get(path)
    took = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} gave {answer.status_code}")
    return took


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=10_000, help="how many calls are made up")
    parser.add_argument("--rounds", type=int, default=30, help="how often each page is asked for")
    parser.add_argument("--database", help="the SQLAlchemy URL of a database that has calls already")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    asked = parser.parse_args()
    measured = asyncio.run(measure(asked.calls, asked.rounds, asked.database))
    if asked.json:
        tell(measured.figures(), lambda *_: None, as_json=True)
    else:
        measured.show(Terminal())


if __name__ == "__main__":
    main()
