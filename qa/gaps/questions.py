"""The questions of a call that were not or badly answered, with what an agent then said. Pure."""

from collections.abc import Iterable, Sequence

from calls.events import CallEvent, CallStarted, TalkHeard, TransferRequested, TurnHeard, TurnPlanned
from calls.gaps import gaps
from qa.gaps.gap import Asked, Why
from qa.learning.correction import Correction, Kind

SAYS_SOMETHING = 5
"""Words from which on a sentence of an agent's may be an answer."""


def badly_answered(events: Sequence[CallEvent], corrections: Iterable[Correction] = ()) -> list[Asked]:
    """Of one call: what no article answered, and what somebody said was answered wrongly, each turn once."""
    if not events:
        return []
    caller = next((one.body.caller for one in events if isinstance(one.body, CallStarted)), None)
    said = agent_sentences(events)
    found: dict[int, Asked] = {}
    for gap in gaps(events):
        found[gap.turn] = Asked(
            call_id=gap.call_id,
            turn=gap.turn,
            at=gap.at,
            caller=caller,
            question=gap.question,
            why=Why.UNANSWERED,
            nearest=gap.nearest,
            score=gap.score,
            transferred=_transferred(events, gap.turn),
            answers=said,
        )
    for one in corrections:
        if one.kind is Kind.ANSWER_WRONG and one.meant is None and one.turn not in found:
            found[one.turn] = Asked(
                call_id=one.call_id,
                turn=one.turn,
                at=next((event.at for event in events if _is_turn(event, one.turn)), one.at),
                caller=caller,
                question=one.text,
                why=Why.WRONG,
                nearest=_answered_from(events, one.turn),
                transferred=_transferred(events, one.turn),
                answers=said,
            )
    return [found[turn] for turn in sorted(found)]


def agent_sentences(events: Iterable[CallEvent]) -> tuple[str, ...]:
    """What the agent said that may be an answer, in order."""
    spoken = (one.body for one in events if isinstance(one.body, TalkHeard) and one.body.who == "agent")
    return tuple(one.text for one in spoken if len(one.text.split()) >= SAYS_SOMETHING)


def _is_turn(event: CallEvent, turn: int) -> bool:
    return isinstance(event.body, TurnHeard) and event.body.turn == turn


def _answered_from(events: Iterable[CallEvent], turn: int) -> str | None:
    """The article of the answer in a turn."""
    for event in events:
        match event.body:
            case TurnPlanned(turn=at, sources=sources) if at == turn and sources:
                return sources[0]
    return None


def _transferred(events: Iterable[CallEvent], turn: int) -> bool:
    """Whether people were asked for after this turn, before the caller's next but one."""
    now = 0
    for event in events:
        match event.body:
            case TurnHeard(turn=heard):
                now = heard
            case TransferRequested() if turn <= now <= turn + 1:
                return True
    return False
