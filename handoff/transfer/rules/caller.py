"""What the caller does, and what becomes of moving or calling them."""

from handoff.transfer.draft import Draft, Rules
from handoff.transfer.types import (
    CallerChose,
    CallerEnded,
    CallerHeld,
    CallerIntroduced,
    CallerLeft,
    CallerMoved,
    CallerPlaced,
    Choice,
    ColdEnded,
    Kind,
    MoveRefused,
    Outcome,
)

CHOICES = {
    Choice.STAY: Outcome.STAYED,
    Choice.CALL_BACK: Outcome.CALL_BACK,
    Choice.VOICEMAIL: Outcome.VOICEMAIL,
}


def _caller_held(draft: Draft, _event: CallerHeld) -> None:
    if draft.transfer.held_at is None:
        draft.change(held_at=draft.at)


def _caller_introduced(draft: Draft, _event: CallerIntroduced) -> None:
    if draft.transfer.accepted is not None:
        draft.change(introduced=True)


def _caller_chose(draft: Draft, event: CallerChose) -> None:
    """Until somebody has taken the call."""
    if draft.open and draft.transfer.accepted is None and draft.transfer.moving_at is None:
        draft.end(CHOICES[event.choice])


def _caller_left(draft: Draft, _event: CallerLeft) -> None:
    draft.end(Outcome.CONNECTED if draft.transfer.bridged_at is not None else Outcome.CALLER_GONE)


def _caller_placed(draft: Draft, event: CallerPlaced) -> None:
    if draft.transfer.dialled_at is not None and draft.transfer.caller_sid is None:
        draft.change(caller_sid=event.sid)


def _caller_ended(draft: Draft, event: CallerEnded) -> None:
    if draft.transfer.dialled_at is None:
        return
    draft.change(caller_over=True)
    if draft.transfer.moving_at is not None:
        _caller_left(draft, CallerLeft(at=draft.at))
    elif draft.open:
        draft.change(caller_result=event.result)
        draft.end(Outcome.NOT_REACHED)


def _caller_moved(draft: Draft, _event: CallerMoved) -> None:
    if draft.open and draft.transfer.dialled_at is not None and draft.transfer.moving_at is None:
        draft.change(moving_at=draft.at)  # whom we have called has answered
    if draft.open and draft.transfer.moving_at is not None:
        draft.change(caller_moved=True)


def _move_refused(draft: Draft, event: MoveRefused) -> None:
    if draft.open and draft.transfer.moving_at is not None and draft.transfer.bridged_at is None:
        draft.end(Outcome.CALLER_GONE if event.gone else Outcome.FAILED)


def _cold_ended(draft: Draft, event: ColdEnded) -> None:
    if not draft.open or draft.transfer.order.kind is not Kind.COLD:
        return
    if event.answered:
        draft.end(Outcome.PUT_THROUGH)
    else:
        draft.caller_asks = True
        draft.change(moving_at=None)


OF_CALLER: Rules = {
    CallerHeld: _caller_held,
    CallerIntroduced: _caller_introduced,
    CallerChose: _caller_chose,
    CallerLeft: _caller_left,
    CallerMoved: _caller_moved,
    CallerPlaced: _caller_placed,
    CallerEnded: _caller_ended,
    MoveRefused: _move_refused,
    ColdEnded: _cold_ended,
}
