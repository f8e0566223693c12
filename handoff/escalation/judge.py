"""Judges a call turn by turn from its events. The same events give the same judgements, live and years later."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from calls.events import EscalationJudged, EventBody, TransferEnded, TurnPlanned
from dialog.types import Escalated
from handoff.escalation.finding import Finding
from handoff.escalation.history import CALLER_TURNS, History, Turn, fold
from handoff.escalation.levels import Level, Standing, moved
from handoff.escalation.reasons import Reason
from handoff.escalation.rules import RULES
from handoff.escalation.score import risk, weightiest
from handoff.escalation.signals import signals
from handoff.escalation.weights import Weights
from handoff.escalation.words import explained

ANSWERED = frozenset({"listen", "hand_over", "hang_up"})
"""What follows a decision that has answered the caller's turn; while an action runs it is not answered."""
OF_FEELING = frozenset({"sentiment", "slope", "discontent"})
OF_HEARING = frozenset({"no_match", "same_slot", "confidence"})
HEARD_BADLY = 0.4
"""From this mean doubt on, it is the words that were not heard; below it they were, and did not help."""
OF_TROUBLE = frozenset({Reason.NOT_UNDERSTOOD, Reason.TOO_MANY_REPAIRS, Reason.SILENT})
"""Reasons of the dialog's own whose numbers a human wants to know."""


@dataclass(frozen=True)
class Course:
    """A call as escalation knows it."""

    history: History = field(default_factory=History)
    standing: Standing = field(default_factory=Standing)
    unjudged: bool = False
    """The caller has had a turn that is not judged yet."""
    offered_at: int | None = None
    handed_at: int | None = None


@dataclass(frozen=True)
class Judgement:
    """What was found after a turn."""

    event: EscalationJudged
    escalated: Escalated | None = None
    """What the dialog should be told; None where there is nothing to do, or the dialog does it already."""

    def instead_of(self, unsaid: tuple[str, ...]) -> Escalated | None:
        """The same, with the sentences of the plan whose place it takes."""
        return self.escalated.model_copy(update={"unsaid": unsaid}) if self.escalated is not None else None


def step(course: Course, body: EventBody, weights: Weights) -> tuple[Course, Judgement | None]:
    """The course after one more event, and a judgement where that event has answered a turn of the caller's."""
    course = replace(course, history=fold(course.history, body))
    if isinstance(body, TransferEnded) and course.history.last is not None:
        return replace(course, handed_at=course.history.last.number, standing=Standing()), None
    if not isinstance(body, TurnPlanned):
        return course, None
    if body.moment in CALLER_TURNS:
        course = replace(course, unjudged=True)
    if body.moment == "escalated" and body.hand_over is not None:
        course = replace(course, handed_at=body.turn, standing=Standing())
    waits = course.history.in_transfer or course.history.asked_which
    if not course.unjudged or waits or body.then not in ANSWERED or body.moment == "escalated":
        return course, None
    return _judged(replace(course, unjudged=False), body, weights)


def judgements(events: Iterable[EventBody], weights: Weights) -> list[EscalationJudged]:
    """All judgements of a call, computed from its events: those in the log itself are not looked at."""
    course, found = Course(), []
    for body in events:
        course, judgement = step(course, body, weights)
        if judgement is not None:
            found.append(judgement.event)
    return found


def _judged(course: Course, body: TurnPlanned, weights: Weights) -> tuple[Course, Judgement]:
    history = course.history
    signs = signals(history, weights.window)
    level_of = risk(signs, weights.score)
    findings = [one for rule in RULES if (one := rule(history, weights)) is not None]
    rests = course.handed_at is not None and body.turn - course.handed_at < weights.levels.offer_again
    if rests:
        findings = [one for one in findings if one.queue is not None]
        standing = Standing()
    else:
        standing = moved(course.standing, level_of, weights.levels, valued=history.valued)
    if standing.level is not Level.NORMAL:
        findings.append(_of_score(history, standing.level, signs, weights))
    best = max(findings, key=lambda one: one.level.rank, default=None)
    if best is not None and best.queue is not None and best.reason in OF_TROUBLE:
        numbers = explained(history, signs, weightiest(signs, weights.score), weights.window)
        best = replace(best, words=f"{best.words}: {numbers}")
    event = EscalationJudged(
        turn=body.turn,
        level=best.level if best is not None else Level.NORMAL,
        risk=level_of,
        signals=signs,
        reasons=_reasons(best, findings),
        words=best.words if best is not None else "",
        queue=best.queue if best is not None else None,
        weights=weights.version,
    )
    escalated = _escalated(course, best, body, weights)
    return _after(course, standing, escalated, body), Judgement(event, escalated)


def _of_score(history: History, level: Level, signs: dict[str, float], weights: Weights) -> Finding:
    order = weightiest(signs, weights.score)
    words = explained(history, signs, order, weights.window)
    if history.count < weights.levels.least_turns or not _is_bad(history.last, weights):
        level = Level.WATCH
    kind = Reason.RISK
    if set(order[:1]) <= OF_FEELING:
        kind = Reason.UPSET
    elif set(order[:1]) <= OF_HEARING and signs["confidence"] >= HEARD_BADLY:
        kind = Reason.NOT_UNDERSTOOD
    return Finding(level, kind, words)


def _is_bad(turn: Turn | None, weights: Weights) -> bool:
    """Whether a turn is a part of the trouble: nobody is offered a person in the moment in which it ends."""
    if turn is None:
        return False
    return turn.stuck or turn.repair != "none" or turn.sentiment <= weights.floors.turn_is_bad


def _reasons(best: Finding | None, findings: list[Finding]) -> tuple[str, ...]:
    if best is None:
        return ()
    others = sorted(findings, key=lambda one: -one.level.rank)
    return tuple(dict.fromkeys((best.reason.value, *(one.reason.value for one in others))))


def _escalated(course: Course, best: Finding | None, body: TurnPlanned, weights: Weights) -> Escalated | None:
    """What the dialog does not know yet."""
    if best is None or body.hand_over is not None or body.then != "listen":
        return None
    match best.level:
        case Level.WATCH if course.standing.level is not Level.NORMAL:
            return None
        case Level.OFFER if not _may_offer(course, body.turn, weights):
            return None
        case Level.NORMAL:
            return None
    return Escalated(level=best.level.value, queue=best.queue, reason=best.reason, words=best.words)


def _may_offer(course: Course, turn: int, weights: Weights) -> bool:
    return course.offered_at is None or turn - course.offered_at >= weights.levels.offer_again


def _after(course: Course, standing: Standing, escalated: Escalated | None, body: TurnPlanned) -> Course:
    told = escalated is not None and escalated.level == "hand_over"
    handed = told or body.hand_over is not None
    offered = escalated is not None and escalated.level == "offer"
    return replace(
        course,
        standing=Standing() if handed else standing,
        handed_at=body.turn if handed else course.handed_at,
        offered_at=body.turn if offered else course.offered_at,
    )
