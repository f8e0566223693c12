"""Who sees and may do what with evaluations and disputes. Pure."""

from collections.abc import Iterable, Sequence

from qa.facts.types import CallFacts
from qa.scorecards.form import Form
from qa.scorecards.scoring import score
from qa.scorecards.values import Calibration, Dispute, DisputeState, Evaluation, ScorerKind
from web.accounts import Account, Role


def shown(
    evaluations: Sequence[Evaluation], sessions: Iterable[Calibration], person_id: str
) -> list[Evaluation]:
    """What somebody sees of a call's evaluations.

    Their own; and what others have submitted, unless that belongs to a calibration session that still waits for one
    of its reviewers.
    """
    blind = {(session.form, session.version) for session in sessions if not is_complete(session, evaluations)}
    return [
        one
        for one in evaluations
        if one.scorer == person_id
        or (
            one.submitted_at is not None
            and (one.kind is ScorerKind.RULES or (one.form, one.version) not in blind)
        )
    ]


def missing(session: Calibration, evaluations: Iterable[Evaluation]) -> tuple[str, ...]:
    """The reviewers of a session who have not submitted yet."""
    done = {
        one.scorer
        for one in evaluations
        if one.submitted_at is not None
        and (one.call_id, one.form, one.version) == (session.call_id, session.form, session.version)
    }
    return tuple(one for one in session.reviewers if one not in done)


def is_complete(session: Calibration, evaluations: Iterable[Evaluation]) -> bool:
    """Whether all of a session have submitted."""
    return not missing(session, evaluations)


def may_dispute(account: Account, call: CallFacts) -> bool:
    """Supervisors, and the agent whose call it was."""
    own = account.has(Role.AGENT) and call.agent == account.person_id
    return own or account.has(Role.SUPERVISOR)


def may_settle(account: Account, dispute: Dispute, evaluation: Evaluation) -> bool:
    """A supervisor who has neither given the answer nor disputed it."""
    involved = {evaluation.scorer, dispute.raised_by}
    is_open = dispute.state is DisputeState.OPEN
    return is_open and account.has(Role.SUPERVISOR) and account.person_id not in involved


def after_disputes(evaluation: Evaluation, form: Form, disputes: Iterable[Dispute]) -> Evaluation:
    """The evaluation as it would be with the answers of upheld disputes. What is kept stays as it was given."""
    right = {
        one.question: one.answer
        for one in disputes
        if one.evaluation_id == evaluation.evaluation_id and one.answer is not None
    }
    if not right:
        return evaluation
    answers = tuple(right.get(one.question, one) for one in evaluation.answers)
    scored = score(form, answers)
    changed = {"answers": answers, "points": scored.points, "auto_fail": scored.auto_fail}
    return evaluation.model_copy(update=changed)
