"""The pages of this server: the agent desk, over the same parts as the calls."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from fastapi import FastAPI

from calls.log import CallLog
from company import Company
from dialog.minds import article_texts
from handoff.desk.app import create_desk_app
from handoff.desk.assist import KnowledgeAssist, Suggestions
from handoff.desk.desk import Desk
from handoff.live_calls import LiveCalls
from people_parts import PeopleParts
from settings import Settings


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
    return create_desk_app(desk, parts.people, settings.web_key, secure=settings.is_https)
