"""When time is up in a transfer: for a leg, for the caller's patience, for the two to come together."""

from handoff.transfer.standing import UNANSWERED
from handoff.transfer.types import Kind, Leg, LegState, Transfer

TELL_S = 10.0
"""A human's last words take no longer, however they are asked for: then the leg is ended without them."""
ASK_SOON_S = 1.0
"""Both are mostly in the conference before that (p95 0.85 s), unless the word of it was lost."""
ASKED_S = 3.0
"""So long the carrier has to tell who is in a conference when time is up."""


def deadline(transfer: Transfer) -> float | None:
    """When `TimePassed` should be reported, if nothing happens before; None: never."""
    told = [leg.lost_at + TELL_S for leg in transfer.legs if leg.tells and leg.lost_at is not None]
    return min((*told, *_open_deadlines(transfer)), default=None)


def _open_deadlines(transfer: Transfer) -> list[float]:
    if transfer.outcome is not None or transfer.bridged_at is not None:
        return []
    limits = transfer.order.limits
    if transfer.moving_at is not None:
        return [join_deadline(transfer, transfer.moving_at)] if transfer.order.kind is not Kind.COLD else []
    if transfer.dialled_at is not None:
        return [transfer.dialled_at + limits.caller_ring_s]
    legs = [leg_deadline(transfer, leg) for leg in transfer.legs if leg.live]
    times = [at for at in legs if at is not None]
    if not any(leg.state in {LegState.BRIEFING, LegState.ACCEPTED} for leg in transfer.legs):
        times.append(transfer.requested_at + limits.patience_s)
    return times


def join_deadline(transfer: Transfer, moving_at: float) -> float:
    """When the carrier is asked who is in the conference: soon, then when both should be. After that it has to tell."""
    join_s = transfer.order.limits.join_s
    waits_s = (min(ASK_SOON_S, join_s), join_s, join_s + ASKED_S)
    return moving_at + waits_s[min(transfer.asked, len(waits_s) - 1)]


def leg_deadline(transfer: Transfer, leg: Leg) -> float | None:
    """When time is up for a leg in its present state; None: never."""
    limits = transfer.order.limits
    if leg.state in UNANSWERED:
        return leg.placed_at + limits.ring_s
    if leg.state is LegState.BRIEFING and leg.listening_at is not None:
        return leg.listening_at + limits.key_s
    if leg.state is LegState.ACCEPTED and leg.accepted_at is not None:
        return leg.accepted_at + limits.join_s
    return None
