"""Reckons the gaps anew when calls with unanswered questions have come, off the event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime

from loguru import logger
from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.events import CallEvent
from calls.store import StoreUnavailableError, UnreadableEventError
from dialog.encoder import Encoder
from dialog.knowledge.contradictions import Finding, lint
from dialog.knowledge.remembering import RememberingEncoder
from dialog.minds import Articles, article_texts
from dialog.playbook import Playbook
from qa.facts.tables import facts
from qa.gaps.clusters import ALIKE, Knowledge, grouped
from qa.gaps.gap import LASTS, Asked, Gap, GapState
from qa.gaps.questions import badly_answered
from qa.gaps.store import Decided, GapStore
from qa.learning.correction import Correction, Kind, State
from qa.learning.store import CorrectionStore

EVERY_S = 60.0
MOST_CALLS = 5000

Read = Callable[[str], Awaitable[list[CallEvent]]]
"""All events of a call."""


def _now() -> datetime:
    return datetime.now(UTC)


class GapKeeper:
    """Keeps the gaps up to date. `articles` searches the playbook's knowledge as it is now; None: it has none."""

    def __init__(
        self,
        engine: AsyncEngine,
        read: Read,
        playbook: Callable[[], Playbook],
        articles: Callable[[], Articles | None],
        encoder: Encoder,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.store = GapStore(engine, now)
        self._engine = engine
        self._read = read
        self._playbook = playbook
        self._articles = articles
        self._encoder = encoder
        self._now = now
        self._corrections = CorrectionStore(engine, now)
        self._seen: object = None
        self._asked: dict[str, list[Asked]] = {}
        self._linted: tuple[object, tuple[Finding, ...]] = (None, ())
        self._busy = asyncio.Lock()

    @property
    def troubles(self) -> tuple[Finding, ...]:
        """Stale and contradicting articles, as of the last look."""
        return self._linted[1]

    async def keep_up(self) -> None:
        """Look every minute, until cancelled. A database that does not answer is asked again."""
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, StoreUnavailableError, OSError) as error:
                logger.bind(error=type(error).__name__).error("the gaps cannot be brought up to date")
            await asyncio.sleep(EVERY_S)

    async def look(self) -> bool:
        """Reckon the gaps anew, if there is anything new. Returns whether there was."""
        async with self._busy:
            playbook, today = self._playbook(), self._now().date()
            await self._lint(playbook, today.isoformat())
            wrong = await self._corrections.page(kinds=[Kind.ANSWER_WRONG])
            wrong = [one for one in wrong if one.state is not State.REJECTED and one.meant is None]
            decided = await self.store.decided()
            ids = await self._call_ids({one.call_id for one in wrong})
            seen = (
                tuple(ids),
                tuple(sorted(one.correction_id for one in wrong)),
                tuple(sorted((one.gap_id, one.state) for one in decided)),
                playbook.version,
                today,
            )
            if seen == self._seen:
                return False
            asked = [one for call_id in ids for one in await self._asked_in(call_id, wrong)]
            gaps = await asyncio.to_thread(self._reckoned, asked, decided, playbook)
            await self.store.replace_open(gaps)
            self._seen = seen
            return True

    async def decide(self, gap_id: str, state: GapState, by: str, draft: str | None = None) -> bool:
        """See `GapStore.decide`; what hangs on it is reckoned anew at the next look."""
        return await self.store.decide(gap_id, state, by, draft)

    def _reckoned(self, asked: Sequence[Asked], decided: Sequence[Decided], playbook: Playbook) -> list[Gap]:
        encoder = RememberingEncoder(self._encoder)
        today = self._now().date()
        settled = {one.key for gap in decided for one in gap.asked}
        left = [one for one in asked if one.key not in settled]
        rejected = [one.question for one in decided if one.state is GapState.REJECTED]
        return grouped(
            _not_like(left, rejected, encoder),
            Knowledge(article_texts(playbook), self._answer),
            encoder,
            today,
        )

    def _answer(self, question: str) -> str | None:
        articles = self._articles()
        answer = articles.answer(question, today=self._now().date()) if articles is not None else None
        return answer.article if answer is not None else None

    async def _lint(self, playbook: Playbook, today: str) -> None:
        key = (playbook.version, today)
        if self._linted[0] != key:
            day = self._now().date()
            found = await asyncio.to_thread(lint, article_texts(playbook), self._encoder, day)
            self._linted = (key, found)

    async def _call_ids(self, corrected: Collection[str]) -> list[str]:
        """Calls that are over and whose questions count, the newest first."""
        statement = (
            select(facts.c.call_id)
            .where(
                facts.c.started_at >= self._now() - LASTS,
                or_(facts.c.unanswered > 0, facts.c.call_id.in_(list(corrected))),
            )
            .order_by(facts.c.started_at.desc())
            .limit(MOST_CALLS)
        )
        async with self._engine.connect() as connection:
            return [str(one) for one in (await connection.scalars(statement)).all()]

    async def _asked_in(self, call_id: str, wrong: Sequence[Correction]) -> list[Asked]:
        own = [one for one in wrong if one.call_id == call_id]
        if own or call_id not in self._asked:
            try:
                events = await self._read(call_id)
            except UnreadableEventError:
                events = []  # the projector has told it
            found = badly_answered(events, own)
            if own:
                return found
            self._asked[call_id] = found
        return self._asked[call_id]


def _not_like(asked: Sequence[Asked], rejected: Sequence[str], encoder: Encoder) -> list[Asked]:
    """Without the questions that mean what was rejected."""
    if not asked or not rejected:
        return list(asked)
    likeness = encoder.embed([one.question for one in asked]) @ encoder.embed(list(rejected)).T
    return [one for one, near in zip(asked, likeness.max(axis=1), strict=True) if near < ALIKE]
