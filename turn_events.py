"""From what was heard, decided and done to the events that the record of a call keeps."""

import re
from collections.abc import Sequence

from actions.types import ActionRequest, ActionResult
from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    HeardWord,
    ModelAsked,
    TurnHeard,
    TurnPlanned,
)
from dialog.language_model.request import Consultation
from dialog.types import DialogState, ExpectationKind, Hearing, Moment, Next, Plan, Word

CODE = re.compile(r"[a-z][a-z_]{0,39}")


def heard_event(turn: int, hearing: Hearing) -> TurnHeard:
    """What the caller said."""
    return TurnHeard(
        turn=turn,
        text=hearing.text,
        confidence=hearing.confidence,
        unsure=hearing.unsure,
        language=hearing.language,
        words=heard_words(hearing.words),
        alternatives=tuple(one.text for one in hearing.alternatives),
        prosody=hearing.prosody.model_dump() if hearing.prosody is not None else {},
        start_s=hearing.start_s,
        end_s=hearing.end_s,
        heard_of_us=hearing.heard_of_us,
    )


def heard_words(words: Sequence[Word]) -> tuple[HeardWord, ...]:
    """Each word with its place."""
    return tuple(
        HeardWord(text=word.text, start_s=word.start_s, end_s=word.end_s, probability=word.probability)
        for word in words
    )


def planned_event(moment: Moment, plan: Plan) -> TurnPlanned:
    """What the dialog decided, and why."""
    return TurnPlanned(
        turn=plan.state.turn,
        moment=moment.kind,
        intent=plan.understanding.intent,
        confidence=round(plan.understanding.confidence, 4),
        alternatives=plan.understanding.alternatives,
        entities=plan.understanding.entities,
        more=plan.understanding.more,
        sources=plan.understanding.sources,
        unanswered=plan.understanding.unanswered,
        nearest=plan.understanding.nearest,
        nearest_score=plan.understanding.nearest_score,
        proposed=plan.understanding.proposed,
        say=plan.say,
        then=plan.then,
        expect=plan.expect.kind,
        repair=plan.signals.repair,
        certainty=plan.signals.certainty,
        sentiment=plan.signals.sentiment,
        mood=plan.signals.mood,
        dissatisfaction=plan.signals.dissatisfaction,
        discontent=plan.signals.discontent,
        hand_over=plan.signals.hand_over,
        reason=plan.signals.code,
        why=plan.why,
        state=plan.state.model_dump(mode="json"),
    )


def asked_event(turn: int, consultation: Consultation) -> ModelAsked:
    """That a language model was asked, and what that took."""
    return ModelAsked(
        turn=turn,
        model=consultation.model,
        outcome=consultation.outcome,
        tokens_in=consultation.tokens_in,
        tokens_out=consultation.tokens_out,
    )


def held_event(moment: Moment, state: DialogState, say: tuple[str, ...]) -> TurnPlanned:
    """What a caller on hold was told. The dialog goes on from the same place."""
    return TurnPlanned(
        turn=state.turn,
        moment=moment.kind,
        say=say,
        then=Next.HAND_OVER,
        expect=ExpectationKind.OPEN,
        mood=state.mood,
        discontent=state.discontent,
        why="on hold",
        state=state.model_dump(mode="json"),
    )


def request_event(turn: int, request: ActionRequest) -> ActionRequested:
    """What an action was asked."""
    return ActionRequested(turn=turn, action=request.action, key=request.key, arguments=request.arguments)


def action_event(turn: int, result: ActionResult) -> ActionDone | ActionFailed:
    """What came of an action."""
    duration_s = round(result.duration_s, 4)
    if result.failure is None:
        return ActionDone(
            turn=turn, action=result.action, key=result.key, data=result.data, duration_s=duration_s
        )
    return ActionFailed(
        turn=turn,
        action=result.action,
        key=result.key,
        failure=result.failure,
        reason=_code(result.data.get("reason")),
        duration_s=duration_s,
    )


def _code(value: object) -> str | None:
    """What looks like a code: a system that explains itself in sentences may name people in them."""
    return value if isinstance(value, str) and CODE.fullmatch(value) else None
