"""What each party of a transfer should hear now. It follows from the state alone."""

from enum import StrEnum

from handoff.transfer.standing import TO_ASSISTANT
from handoff.transfer.types import Kind, LegResult, LegState, Outcome, Transfer


class CallerHears(StrEnum):
    """What the caller should hear. Names never change meaning."""

    HOLD = "hold"
    """The hold music, with a word now and then; the assistant can be spoken to."""
    INTRODUCTION = "introduction"
    """One sentence on who takes over."""
    CONFERENCE = "conference"
    TARGET = "target"
    """Put through, of a cold transfer."""
    ASSISTANT = "assistant"
    """The assistant goes on."""
    NOTHING = "nothing"
    """The call is over, or its people's."""


class LegHears(StrEnum):
    """What a human should hear. Names never change meaning."""

    BRIEFING = "briefing"
    CONNECTING = "connecting"
    """They have pressed 1, and the caller is on the way into the conference."""
    CONFERENCE = "conference"
    TAKEN = "taken"
    """Somebody else was faster."""
    CALLER_GONE = "caller_gone"
    """The caller has hung up."""
    CALLER_BUSY = "caller_busy"
    """Of a call-back: the caller's telephone is busy, or they declined."""
    CALLER_NO_ANSWER = "caller_no_answer"
    """Of a call-back: they do not answer."""
    CALLER_UNREACHABLE = "caller_unreachable"
    """Of a call-back: the call to them could not be made."""
    WITHDRAWN = "withdrawn"
    """The caller need not be taken any more."""
    NOTHING = "nothing"
    """The leg is over, or not answered."""


NOT_REACHED: dict[LegResult | None, LegHears] = {
    LegResult.BUSY: LegHears.CALLER_BUSY,
    LegResult.DECLINED: LegHears.CALLER_BUSY,
    LegResult.NO_ANSWER: LegHears.CALLER_NO_ANSWER,
    LegResult.HUNG_UP: LegHears.CALLER_NO_ANSWER,
}
"""By why a caller was not reached who was called back."""


def caller_hears(transfer: Transfer) -> CallerHears:
    """What the caller should hear now."""
    if transfer.order.kind is Kind.CALL_BACK:
        there = transfer.outcome is None and transfer.moving_at is not None
        return CallerHears.CONFERENCE if there else CallerHears.NOTHING
    if transfer.outcome is not None:
        return CallerHears.ASSISTANT if transfer.outcome in TO_ASSISTANT else CallerHears.NOTHING
    if transfer.moving_at is not None:
        return CallerHears.TARGET if transfer.order.kind is Kind.COLD else CallerHears.CONFERENCE
    waits = transfer.order.introduction is not None and not transfer.introduced
    return CallerHears.INTRODUCTION if transfer.accepted is not None and waits else CallerHears.HOLD


def leg_hears(transfer: Transfer, number: int) -> LegHears:
    """What the human on a leg should hear now."""
    leg = transfer.leg(number)
    if leg is None:
        return LegHears.NOTHING
    match leg.state:
        case LegState.BRIEFING:
            return LegHears.BRIEFING
        case LegState.ACCEPTED:
            # The conference tells its events to whom its first participant names: the one who was called comes first.
            called = transfer.order.kind is Kind.CALL_BACK
            ready = transfer.caller_in if called else transfer.caller_moved
            return LegHears.CONFERENCE if ready else LegHears.CONNECTING
        case LegState.JOINED:
            return LegHears.CONFERENCE
        case LegState.OVER if leg.tells:
            return _last_words(transfer, leg.result)
    return LegHears.NOTHING


def _last_words(transfer: Transfer, result: LegResult | None) -> LegHears:
    if result is LegResult.TAKEN:
        return LegHears.TAKEN
    if transfer.outcome is Outcome.CALLER_GONE:
        return LegHears.CALLER_GONE
    if transfer.dialled_at is not None:
        return NOT_REACHED.get(transfer.caller_result, LegHears.CALLER_UNREACHABLE)
    return LegHears.WITHDRAWN
