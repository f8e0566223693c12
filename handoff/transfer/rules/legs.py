"""What happens on the legs of the humans who are rung."""

from handoff.transfer.draft import Draft, Rules
from handoff.transfer.keys import AGAIN, DECLINE, TAKE, VOICE
from handoff.transfer.rules.conference import agent_lost, late_to_join
from handoff.transfer.standing import UNANSWERED
from handoff.transfer.types import (
    Cancel,
    Kind,
    LegAnswered,
    LegAsked,
    LegEnded,
    LegKeyed,
    LegPlaced,
    LegResult,
    LegRinging,
    LegState,
    LegTold,
    Outcome,
    TargetsFound,
)


def _targets_found(draft: Draft, event: TargetsFound) -> None:
    if not draft.open or draft.transfer.accepted is not None:
        return
    known = {leg.target.address for leg in draft.transfer.legs if leg.live}
    known |= {target.address for target in draft.transfer.targets}
    new = tuple(target for target in event.targets if target.address not in known)
    draft.change(targets=(*draft.transfer.targets, *new), may_wait=event.may_wait)


def _leg_placed(draft: Draft, event: LegPlaced) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is None or leg.sid is not None:
        return
    draft.change_leg(leg, sid=event.sid)
    if leg.state is LegState.OVER and not leg.tells:
        draft.do(Cancel(sid=event.sid))


def _leg_ringing(draft: Draft, event: LegRinging) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is not None and leg.state is LegState.PLACED:
        draft.change_leg(leg, state=LegState.RINGING)


def _leg_answered(draft: Draft, event: LegAnswered) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is not None and leg.state in UNANSWERED:
        draft.change_leg(leg, state=LegState.BRIEFING, listening_at=draft.at)


def _leg_keyed(draft: Draft, event: LegKeyed) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is None or not draft.open:
        return
    if leg.state in UNANSWERED and event.key == DECLINE:
        draft.lose(leg, LegResult.DECLINED)  # on the desk, while the telephone still rings
    if leg.state is not LegState.BRIEFING:
        return
    if event.key in {AGAIN, VOICE}:
        draft.change_leg(leg, listening_at=draft.at)
    elif draft.transfer.order.kind is Kind.CONSULT and event.key in {TAKE, DECLINE}:
        draft.hang_up(leg, LegResult.ANSWERED)
        draft.change(answer=event.key == TAKE)
        draft.end(Outcome.CONSULTED)
    elif event.key == DECLINE:
        draft.hang_up(leg, LegResult.DECLINED)
    elif event.key == TAKE and draft.transfer.accepted is None:
        draft.change_leg(leg, state=LegState.ACCEPTED, accepted_at=draft.at)


def _leg_asked(draft: Draft, event: LegAsked) -> None:
    """We end the stream of who has accepted once the caller was moved. Where it is over before, its process was lost,
    and with it perhaps the word of that move."""
    leg = draft.transfer.leg(event.leg)
    waits = leg is not None and leg.state is LegState.ACCEPTED and not draft.transfer.caller_moved
    if draft.open and waits and draft.transfer.moving_at is not None and draft.transfer.asked == 0:
        late_to_join(draft)


def _leg_told(draft: Draft, event: LegTold) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is not None and leg.tells and leg.result is not None:
        draft.hang_up(leg, leg.result)


def _leg_ended(draft: Draft, event: LegEnded) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is None:
        return
    match leg.state:
        case LegState.PLACED | LegState.RINGING:
            draft.change_leg(leg, state=LegState.OVER, result=event.result)
        case LegState.BRIEFING:
            draft.change_leg(leg, state=LegState.OVER, result=LegResult.HUNG_UP)
        case LegState.ACCEPTED | LegState.JOINED:
            talked = draft.transfer.bridged_at is not None
            draft.change_leg(
                leg, state=LegState.OVER, result=LegResult.FINISHED if talked else LegResult.HUNG_UP
            )
            agent_lost(draft)
        case LegState.OVER:
            draft.change_leg(leg, tells=False)


OF_LEGS: Rules = {
    TargetsFound: _targets_found,
    LegPlaced: _leg_placed,
    LegRinging: _leg_ringing,
    LegAnswered: _leg_answered,
    LegKeyed: _leg_keyed,
    LegAsked: _leg_asked,
    LegTold: _leg_told,
    LegEnded: _leg_ended,
}
