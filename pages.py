"""The pages of this server: the agent desk and the QA console, over the same parts as the calls."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from fastapi import FastAPI

from calls.log import CallLog
from company import Company
from dialog.minds import article_texts
from dialog.playbook import Playbook
from handoff.desk import FOLDER as DESK_FOLDER
from handoff.desk.accounts import PeopleAccounts
from handoff.desk.assist import KnowledgeAssist, Suggestions
from handoff.desk.desk import Desk
from handoff.desk.routes import DESK, create_desk_router
from handoff.live_calls import LiveCalls
from people_parts import PeopleParts
from qa.access.log import AccessLog
from qa.console import FOLDER as CONSOLE_FOLDER
from qa.console.console import Console
from qa.console.places import QA
from qa.console.routers import create_console_routers
from qa.facts.store import FactStore
from qa.privacy.parts import PrivacyParts
from settings import Settings
from web.accounts import Account, Role
from web.app import create_site, create_web_app


class CompanyAssist:
    """Suggests out of the articles of the company as it is now."""

    def __init__(self, company: Callable[[], Company]) -> None:
        self._company = company

    async def suggest(self, caller_words: Sequence[str]) -> Suggestions:
        """For what the caller has said, newest last."""
        company = self._company()
        if company.articles is None:
            return Suggestions()
        texts = article_texts(company.thinking.dialog.playbook)
        assist = KnowledgeAssist(company.articles, texts, lambda: _now().date())
        return await assist.suggest(caller_words)


def create_pages(
    settings: Settings,
    parts: PeopleParts,
    log: CallLog,
    facts: FactStore,
    company: Callable[[], Company],
    privacy: PrivacyParts | None = None,
) -> FastAPI:
    """All pages, as an application to be mounted behind the carrier's routes."""

    def playbook() -> Playbook:
        return company().thinking.dialog.playbook

    calls = LiveCalls(parts.transfers, parts.people, log.append)
    desk = Desk(log, parts.store, parts.people, calls, playbook, _now, assist=CompanyAssist(company))
    console = Console(
        log,
        facts,
        AccessLog(facts.engine, _now),
        settings.warmline_data_dir,
        playbook,
        _now,
        privacy=privacy,
    )
    site = create_site(
        PeopleAccounts(parts.people),
        settings.web_key,
        settings.is_https,
        time.time,
        [DESK_FOLDER, CONSOLE_FOLDER],
    )
    routers = [create_desk_router(site, desk), *create_console_routers(site, console)]
    return create_web_app(site, routers, home, time.monotonic)


def home(account: Account) -> str:
    """Where somebody begins: who takes calls or watches over them at the desk, analysts in the console."""
    return DESK if account.has(Role.AGENT, Role.SUPERVISOR) else QA


def _now() -> datetime:
    return datetime.now(UTC)
