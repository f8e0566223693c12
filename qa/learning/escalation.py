"""Turns of which people have said whether a person was due, and the score of escalation fitted to them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calls.events import CallDisposed, CallEvent, EscalationJudged, SurveyAnswered, TransferRequested
from handoff.escalation.score import risk
from handoff.escalation.train import Example, TooFewExamplesError, fitted
from handoff.escalation.weights import Weights
from qa.learning.compare import Trial
from qa.learning.correction import Correction, Kind
from qa.learning.folds import FOLDS, fold

RISKY = frozenset({"offer", "hand_over"})
"""Levels at which the score has brought a person in. Hand-overs for other reasons say nothing of the score."""
SATISFIED = 4
"""From this answer of a caller on, nobody was missing."""
DUE, NOT_DUE = "a person was due", "nobody was due"


@dataclass(frozen=True)
class LabelledTurn:
    """The signals of one turn, and what people say of it."""

    call_id: str
    example: Example


def labelled(events: Sequence[CallEvent], accepted: Iterable[Correction]) -> LabelledTurn | None:
    """One turn of a call, at most; None where nobody has said anything of it that the score could learn from.

    A correction counts before an agent's disposition, and that before a caller's survey.
    """
    judged = [event.body for event in events if isinstance(event.body, EscalationJudged)]
    if not judged:
        return None
    call_id = events[0].call_id
    for one in accepted:
        if one.kind is Kind.MISSED_TRANSFER:
            return LabelledTurn(call_id, Example(_at(judged, one.turn).signals, due=True))
    brought = next((one for one in judged if one.level in RISKY), None)
    if any(isinstance(event.body, TransferRequested) for event in events):
        return _handed_over(call_id, events, brought, accepted)
    if any(_satisfied(event) for event in events):
        worst = max(judged, key=lambda one: one.risk)
        return LabelledTurn(call_id, Example(worst.signals, due=False))
    return None


def _handed_over(
    call_id: str,
    events: Sequence[CallEvent],
    brought: EscalationJudged | None,
    accepted: Iterable[Correction],
) -> LabelledTurn | None:
    if brought is None:
        return None
    if any(one.kind is Kind.NEEDLESS_TRANSFER for one in accepted):
        return LabelledTurn(call_id, Example(brought.signals, due=False))
    said = [event.body for event in events if isinstance(event.body, CallDisposed)]
    if said and not any(one.needless for one in said):
        return LabelledTurn(call_id, Example(brought.signals, due=True))
    return None


def trials(turns: Sequence[LabelledTurn], before: Weights) -> list[Trial]:
    """Every turn once, judged by the current score and by one fitted without the fifth in which its call is.

    Raises:
        TooFewExamplesError: there are not enough turns of both kinds to fit anything.
    """
    found: list[Trial] = []
    for part in range(FOLDS):
        tested = [one for one in turns if fold(one.call_id) == part]
        if not tested:
            continue
        after = fitted([one.example for one in turns if fold(one.call_id) != part], before)
        found += [
            Trial(
                groups=(DUE if one.example.due else NOT_DUE,),
                before=_right(one.example, before),
                after=_right(one.example, after),
            )
            for one in tested
        ]
    if not found:
        raise TooFewExamplesError("nobody has said of any turn whether a person was due")
    return found


def fit(turns: Sequence[LabelledTurn], before: Weights) -> Weights:
    """The weights fitted to all turns.

    Raises:
        TooFewExamplesError: as `trials`.
    """
    return fitted([one.example for one in turns], before)


def _right(example: Example, weights: Weights) -> bool:
    return (risk(example.signals, weights.score) >= weights.levels.offer) == example.due


def _at(judged: Sequence[EscalationJudged], turn: int) -> EscalationJudged:
    """The last judgement up to a turn; the first where there is none."""
    return next((one for one in reversed(judged) if one.turn <= turn), judged[0])


def _satisfied(event: CallEvent) -> bool:
    match event.body:
        case SurveyAnswered(part="assistant", score=score) if score is not None:
            return score >= SATISFIED
    return False
