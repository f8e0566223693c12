"""Where a transfer stands, and what its outcome means for the caller."""

from handoff.transfer.types import LegState, Outcome, Phase, Transfer

UNANSWERED = frozenset({LegState.PLACED, LegState.RINGING})
TO_ASSISTANT = frozenset(
    {
        Outcome.NOBODY,
        Outcome.STAYED,
        Outcome.CALL_BACK,
        Outcome.VOICEMAIL,
        Outcome.AGENT_GONE,
        Outcome.FAILED,
        Outcome.CONSULTED,
        Outcome.HANDED_BACK,
    }
)
"""Outcomes after which the assistant goes on with the caller, who is on the line: not so in a call-back."""


def phase(transfer: Transfer) -> Phase:
    """Where it stands."""
    if transfer.outcome is not None:
        return Phase.DONE
    if transfer.bridged_at is not None:
        return Phase.BRIDGED
    if transfer.moving_at is not None:
        return Phase.BRIDGING if transfer.caller_moved else Phase.ACCEPTED
    states = {leg.state for leg in transfer.legs}
    for state, known in (
        (LegState.ACCEPTED, Phase.ACCEPTED),
        (LegState.BRIEFING, Phase.BRIEFING),
        (LegState.RINGING, Phase.RINGING),
    ):
        if state in states:
            return known
    return Phase.HOLDING if transfer.held_at is not None else Phase.REQUESTED
