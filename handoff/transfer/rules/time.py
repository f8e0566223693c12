"""What follows when time is up."""

from handoff.transfer.deadlines import TELL_S, join_deadline, leg_deadline
from handoff.transfer.draft import Draft, Rules
from handoff.transfer.rules.conference import late_to_join
from handoff.transfer.standing import UNANSWERED
from handoff.transfer.types import Kind, Leg, LegResult, LegState, Outcome, TimePassed


def _time_passed(draft: Draft, event: TimePassed) -> None:
    _end_last_words(draft)
    transfer = draft.transfer
    if not draft.open or transfer.bridged_at is not None:
        return
    limits = transfer.order.limits
    if transfer.moving_at is not None:
        if transfer.order.kind is not Kind.COLD and event.at >= join_deadline(transfer, transfer.moving_at):
            late_to_join(draft)
        return
    if transfer.dialled_at is not None:
        _ringing_passed(draft, transfer.dialled_at + limits.caller_ring_s)
        return
    for leg in transfer.legs:
        due = leg_deadline(transfer, leg) if leg.live else None
        if due is not None and event.at >= due:
            _out_of_time(draft, leg)
    if event.at >= transfer.requested_at + limits.patience_s:
        for leg in draft.transfer.legs:
            if leg.state in UNANSWERED:
                draft.lose(leg, LegResult.NO_ANSWER)


def _ringing_passed(draft: Draft, due: float) -> None:
    """Of a call-back: the caller's telephone has rung for long enough."""
    if draft.at >= due:
        draft.change(caller_result=LegResult.NO_ANSWER)
        draft.end(Outcome.NOT_REACHED)


def _end_last_words(draft: Draft) -> None:
    for leg in draft.transfer.legs:
        if leg.tells and leg.result is not None and draft.at >= (leg.lost_at or 0.0) + TELL_S:
            draft.hang_up(leg, leg.result)


def _out_of_time(draft: Draft, leg: Leg) -> None:
    match leg.state:
        case LegState.BRIEFING:
            draft.hang_up(leg, LegResult.NO_KEY)
        case LegState.ACCEPTED:
            draft.change(introduced=True)  # better without a word than not at all
        case _:
            draft.lose(leg, LegResult.NO_ANSWER)


OF_TIME: Rules = {
    TimePassed: _time_passed,
}
