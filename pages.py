"""The pages of this server: the agent desk, over the same parts as the calls."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import FastAPI

from calls.log import CallLog
from company import Company
from dialog.minds import article_texts
from handoff.desk import FOLDER
from handoff.desk.accounts import PeopleAccounts
from handoff.desk.assist import KnowledgeAssist, Suggestions
from handoff.desk.desk import Desk
from handoff.desk.routes import DESK, create_desk_router
from handoff.live_calls import LiveCalls
from people_parts import PeopleParts
from settings import Settings
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
        assist = KnowledgeAssist(company.articles, texts, lambda: datetime.now(UTC).date())
        return await assist.suggest(caller_words)


def create_pages(
    settings: Settings, parts: PeopleParts, log: CallLog, company: Callable[[], Company]
) -> FastAPI:
    """All pages, as an application to be mounted behind the carrier's routes."""
    secure = urlsplit(settings.public_url).scheme == "https"
    site = create_site(PeopleAccounts(parts.people), settings.web_key, secure, time.time, [FOLDER])
    calls = LiveCalls(parts.transfers, parts.people, log.append)
    desk = Desk(
        log,
        parts.store,
        parts.people,
        calls,
        lambda: company().thinking.dialog.playbook,
        lambda: datetime.now(UTC),
        assist=CompanyAssist(company),
    )
    return create_web_app(site, [create_desk_router(site, desk)], lambda _: DESK, time.monotonic)
