"""Scoring by people, beside the rules: drafts, submissions, disputes, calibration. Pages call it and decide nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from calls.events import CallEvent
from dialog.playbook import Playbook
from qa.facts.types import CallFacts
from qa.scorecards.active import ActiveForm
from qa.scorecards.agreement import FormAgreement, of_form
from qa.scorecards.automatic import SCORER, answers
from qa.scorecards.scoring import Answer, check, score
from qa.scorecards.seeing import may_dispute, may_settle
from qa.scorecards.store import ScoreStore
from qa.scorecards.values import (
    Build,
    Calibration,
    Dispute,
    DisputeState,
    Evaluation,
    FormVersion,
    ScorerKind,
)
from web.accounts import Account

FEWEST_REVIEWERS = 2


class NotAllowedError(Exception):
    """This account may not do that with this evaluation."""


class ReviewError(ValueError):
    """What was asked for cannot be done; says why, for people."""


@dataclass
class _Known:
    label: str
    count: int
    found: FormAgreement


class Reviews:
    """Scoring by the active form. `playbook` gives the one of now, `now` aware times."""

    def __init__(
        self,
        store: ScoreStore,
        active: ActiveForm,
        playbook: Callable[[], Playbook],
        now: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.active = active
        self._playbook = playbook
        self._now = now
        self._known: _Known | None = None

    @property
    def form(self) -> FormVersion:
        """The form by which calls are scored now."""
        return self.active.current()

    def automatic(self, known: CallFacts, events: Sequence[CallEvent]) -> Evaluation:
        """What the rules answer. It follows from the events, so it is kept only where a person's stands beside it."""
        found = answers(self.form.form, known, events, self._playbook())
        made = self._evaluation(known, ScorerKind.RULES, SCORER, found)
        return made.model_copy(update={"submitted_at": made.began_at})

    async def save(self, person_id: str, known: CallFacts, given: Sequence[Answer]) -> Evaluation:
        """Keep a draft.

        Raises:
            AnswerError: an answer does not fit the form.
            SubmittedError: they have submitted already.
        """
        check(self.form.form, given, complete=False)
        draft = self._evaluation(known, ScorerKind.HUMAN, person_id, given)
        await self.store.put(draft)
        return draft

    async def submit(
        self, person_id: str, known: CallFacts, events: Sequence[CallEvent], given: Sequence[Answer]
    ) -> Evaluation:
        """Keep what a person answers, for good, and beside it what the rules say.

        Raises:
            AnswerError: an answer is missing or does not fit the form.
            SubmittedError: they have submitted already.
        """
        check(self.form.form, given, complete=True)
        made = self._evaluation(known, ScorerKind.HUMAN, person_id, given)
        made = made.model_copy(update={"submitted_at": self._now()})
        await self.store.put(made)
        await self._keep_automatic(known, events)
        return made

    async def dispute(
        self,
        account: Account,
        known: CallFacts,
        events: Sequence[CallEvent],
        evaluation_id: str,
        question: str,
        reason: str,
    ) -> Dispute:
        """Dispute an answer; an empty `evaluation_id` means the rules'.

        Raises:
            NotAllowedError: it is neither their call nor theirs to supervise, or there is no such evaluation.
            ReviewError: it has no reason, or there is no such answer.
        """
        if not may_dispute(account, known):
            raise NotAllowedError
        if not reason.strip():
            raise ReviewError("A dispute needs a reason.")
        if evaluation_id:
            evaluation = await self.store.evaluation(evaluation_id)
        else:
            evaluation = await self._keep_automatic(known, events)
        if evaluation is None or evaluation.call_id != known.call_id or evaluation.submitted_at is None:
            raise NotAllowedError
        if evaluation.answer(question) is None:
            raise ReviewError("There is no answer to dispute.")
        made = Dispute(
            dispute_id=uuid4().hex,
            evaluation_id=evaluation.evaluation_id,
            call_id=known.call_id,
            question=question,
            reason=reason.strip(),
            raised_by=account.person_id,
            raised_at=self._now(),
        )
        await self.store.dispute(made)
        return made

    async def settle(self, account: Account, dispute_id: str, right: str | None, note: str) -> None:
        """Settle a dispute: by the option that is right, or None to let the answer stand.

        Raises:
            NotAllowedError: they are involved, no supervisor, or there is nothing to settle.
            ReviewError: it has no reason, or the answer is no option, or the one that was given.
            SettledError: somebody else was faster.
        """
        dispute = await self.store.one_dispute(dispute_id)
        evaluation = await self.store.evaluation(dispute.evaluation_id) if dispute is not None else None
        if dispute is None or evaluation is None or not may_settle(account, dispute, evaluation):
            raise NotAllowedError
        if not note.strip():
            raise ReviewError("A decision needs a reason.")
        answer = await self._right(evaluation, dispute.question, right) if right is not None else None
        state = DisputeState.UPHELD if answer is not None else DisputeState.REJECTED
        await self.store.settle(dispute_id, state, answer, note.strip(), account.person_id, self._now())

    async def open_session(self, by: str, call_id: str, reviewers: Sequence[str]) -> Calibration:
        """Let several people score the same call blindly, by the form of now.

        Raises:
            ReviewError: too few people, or the call has been scored or has an open session.
        """
        chosen = tuple(dict.fromkeys(reviewers))
        if len(chosen) < FEWEST_REVIEWERS:
            raise ReviewError("A calibration needs at least two reviewers.")
        form = self.form
        same = [
            one
            for one in await self.store.sessions(call_id)
            if (one.form, one.version) == (form.form.name, form.version)
        ]
        if same:
            raise ReviewError("There is a calibration of this call already.")
        known = [
            one
            for one in await self.store.of_call(call_id)
            if one.kind is ScorerKind.HUMAN
            and one.submitted_at is not None
            and (one.form, one.version) == (form.form.name, form.version)
        ]
        if known:
            raise ReviewError("Somebody has scored this call already: it can no longer be scored blindly.")
        made = Calibration(
            session_id=uuid4().hex,
            call_id=call_id,
            form=form.form.name,
            version=form.version,
            reviewers=chosen,
            opened_by=by,
            opened_at=self._now(),
        )
        await self.store.open_session(made)
        return made

    async def agreement(self, by: FormVersion | None = None) -> FormAgreement:
        """How far scorers agree by a form, else that of now; worked out anew when something was submitted."""
        form = by or self.form
        count = await self.store.count(form.form.name, form.version)
        if self._known is None or (self._known.label, self._known.count) != (form.label, count):
            submitted = await self.store.submitted(form.form.name, form.version)
            self._known = _Known(form.label, count, of_form(form.form, submitted))
        return self._known.found

    async def _keep_automatic(self, known: CallFacts, events: Sequence[CallEvent]) -> Evaluation:
        """The rules' answers as they are kept: as they were when first a person's stood beside them."""
        made = self.automatic(known, events)
        kept = [
            one
            for one in await self.store.of_call(known.call_id)
            if (one.form, one.version, one.scorer) == (made.form, made.version, made.scorer)
        ]
        if kept:
            return kept[0]
        await self.store.put(made)
        return made

    async def _right(self, evaluation: Evaluation, question_id: str, right: str) -> Answer:
        version = await self.active.store.get(evaluation.form, evaluation.version)
        question, given = version.form.question(question_id), evaluation.answer(question_id)
        if question is None or question.option(right) is None:
            raise ReviewError("The right answer must be one of the question's options.")
        if given is not None and given.option == right:
            raise ReviewError("That is the answer that was given: let it stand instead.")
        return Answer(question=question_id, option=right)

    def _evaluation(
        self, known: CallFacts, kind: ScorerKind, scorer: str, given: Sequence[Answer]
    ) -> Evaluation:
        scored = score(self.form.form, given)
        return Evaluation(
            evaluation_id=uuid4().hex,
            call_id=known.call_id,
            form=self.form.form.name,
            version=self.form.version,
            kind=kind,
            scorer=scorer,
            build=Build(playbook=known.playbook, models=known.models),
            answers=tuple(given),
            points=scored.points,
            auto_fail=scored.auto_fail,
            began_at=self._now(),
        )
