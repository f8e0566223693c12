"""Scores the calls of the time back by the form of now: in the background, one after the other.

A call is scored anew once. What it was given by the form before is kept as an evaluation without answers; who is asked
to begin again goes on where it was left.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from calls.store import StoreUnavailableError, UnreadableEventError
from qa.facts.projector import Judge, Read
from qa.facts.types import CallFacts
from qa.scorecards.active import ActiveForm
from qa.scorecards.automatic import given_by
from qa.scorecards.former import FormerScores
from qa.scorecards.store import ScoreStore
from qa.scorecards.values import Build, Evaluation, FormVersion, ScorerKind

DAYS = 90
"""So far back, where nobody says otherwise."""
MOST_DAYS = 3650

UNKNOWN = "rules"
"""The scorer of a score of which the version of the rules is not known."""

Pause = Callable[[float], Awaitable[None]]


@dataclass
class Progress:
    """How far it has come."""

    form: FormVersion
    days: int
    of: int
    """Calls."""
    done: int = 0
    unread: int = 0
    """Of these, calls whose log could not be read or scored: they keep what they had."""
    over: bool = False
    failure: str | None = None
    """Why it has stopped before its time."""


class ScoringAnew:
    """The job of one process. `now` gives aware times; `pause` waits."""

    def __init__(
        self,
        former: FormerScores,
        read: Read,
        judge: Judge,
        card: ActiveForm,
        kept: ScoreStore,
        now: Callable[[], datetime],
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._former = former
        self._read = read
        self._judge = judge
        self._card = card
        self._kept = kept
        self._now = now
        self._pause = pause
        self._begun = asyncio.Event()
        self.progress: Progress | None = None
        """Of the job that was begun last."""

    async def left(self, days: int = DAYS) -> int:
        """How many calls of so many days are not scored by the form of now."""
        return await self._former.count(given_by(self._card.current()), self._since(days))

    async def begin(self, days: int = DAYS) -> Progress:
        """Score what is left of so many days; what was under way is given up."""
        self.progress = Progress(self._card.current(), days, await self.left(days))
        self._begun.set()
        return self.progress

    async def keep_up(self) -> None:
        """Do what was begun, until cancelled."""
        while True:
            await self._begun.wait()
            self._begun.clear()
            if self.progress is not None:
                await self._run(self.progress)

    async def _run(self, progress: Progress) -> None:
        try:
            await self._score_all(progress)
        except (SQLAlchemyError, StoreUnavailableError, OSError) as error:
            logger.bind(error=type(error).__name__).error("calls cannot be scored anew")
            progress.failure = "database"
        finally:
            progress.over = True

    async def _score_all(self, progress: Progress) -> None:
        forms = await self._card.store.all()
        since, by, after = self._since(progress.days), given_by(progress.form), None
        while batch := await self._former.some(by, since, after):
            for known in batch:
                if self.progress is not progress or self._card.current().label != progress.form.label:
                    return
                began = time.monotonic()
                progress.unread += not await self._score(known, forms)
                progress.done += 1
                # Live calls are answered by the same process: at most half of the time is spent here.
                await self._pause(time.monotonic() - began)
            after = batch[-1]

    async def _score(self, known: CallFacts, forms: Sequence[FormVersion]) -> bool:
        """Score one call anew. False where it could not be."""
        try:
            events = await self._read(known.call_id)
        except UnreadableEventError as error:
            logger.bind(call=known.call_id).warning("a call cannot be scored anew: {}", error)
            return False
        # What came later is judged with the facts that are made of it.
        seen = [event for event in events if event.seq <= known.last_seq]
        made = await asyncio.to_thread(self._judge, known, seen)
        if made.scored_by == known.scored_by:
            return False
        await self._keep_former(known, forms)
        await self._former.put(made)
        return True

    async def _keep_former(self, known: CallFacts, forms: Sequence[FormVersion]) -> None:
        form = scored_by(known, forms)
        if known.score is None or form is None or await self._is_kept(known, form):
            return
        now = self._now()
        before = Evaluation(
            evaluation_id=uuid4().hex,
            call_id=known.call_id,
            form=form.form.name,
            version=form.version,
            kind=ScorerKind.RULES,
            scorer=(known.scored_by or UNKNOWN).rpartition(", ")[2],
            build=Build(playbook=known.playbook, models=known.models),
            points=known.score,
            auto_fail=known.auto_fail,
            began_at=now,
            submitted_at=now,
        )
        await self._kept.put(before)

    async def _is_kept(self, known: CallFacts, form: FormVersion) -> bool:
        """Whether the rules' answers are kept already, because a person's stand beside them."""
        which = (ScorerKind.RULES, form.form.name, form.version)
        return any(
            (one.kind, one.form, one.version) == which for one in await self._kept.of_call(known.call_id)
        )

    def _since(self, days: int) -> datetime:
        return self._now() - timedelta(days=days)


def scored_by(known: CallFacts, forms: Sequence[FormVersion]) -> FormVersion | None:
    """The form that a call's score is by: the one that is named, else the one that was active when it began."""
    if known.scored_by is not None:
        label = known.scored_by.rpartition(", ")[0]
        return next((one for one in forms if one.label == label), None)
    before = [one for one in forms if one.activated_at is not None and one.activated_at <= known.started_at]
    return max(before, key=lambda one: one.activated_at or known.started_at, default=None)
