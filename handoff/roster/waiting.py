"""Where a caller stands in line, and how long it may take. Pure; an unknown is None, never 0."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from handoff.roster.person import Person, Presence
from handoff.transfer.standing import phase
from handoff.transfer.types import Kind, Phase, Transfer

IN_LINE = frozenset({Phase.REQUESTED, Phase.HOLDING, Phase.RINGING, Phase.BRIEFING})
"""Before somebody has pressed 1."""
WORKING = frozenset({Presence.AVAILABLE, Presence.BUSY, Presence.WRAP_UP})
LEAST_CALLS = 3
"""So many recent calls make a mean worth saying."""


@dataclass(frozen=True)
class Waiting:
    """Where a caller stands."""

    position: int
    """From 1 on."""
    expected_s: float | None
    """Seconds from now until somebody is free; None: not known."""


def waiting(
    transfers: Iterable[Transfer],
    people: Iterable[Person],
    transfer_id: str,
    recent_handle_s: Sequence[float],
) -> Waiting | None:
    """Where a transfer's caller stands among those who wait for the same queue; None where they do not wait.

    Args:
        transfers: The open ones, of all queues.
        people: The queue's own agents (`handoff.roster.choose.fitting`).
        transfer_id: Whose caller.
        recent_handle_s: How long the queue's last calls have kept an agent, talk and wrap-up, in seconds.

    With n agents at work and calls of h seconds, one agent becomes free every h / n seconds. Agents who are free, or
    are just being rung for those in line, are there at once. Outside queues tell nothing: without own agents at work
    nothing is expected.
    """
    in_line = [one for one in transfers if phase(one) in IN_LINE and one.order.kind is not Kind.CALL_BACK]
    mine = next((one for one in in_line if one.id == transfer_id), None)
    if mine is None:
        return None
    same = sorted(
        (one for one in in_line if one.order.queue == mine.order.queue),
        key=lambda one: (one.requested_at, one.id),
    )
    position = same.index(mine) + 1
    return Waiting(position, _expected_s(position, list(people), {one.id for one in same}, recent_handle_s))


def handle_times(ended: Iterable[Transfer], queue: str, wrap_up_s: float) -> list[float]:
    """How long calls of a queue have kept an agent, in seconds: from the connection on, and the time for writing up.

    Args:
        ended: Transfers with an outcome; those in which nobody talked count for nothing.
        queue: The queue that the matter belonged to.
        wrap_up_s: The queue's.
    """
    return [
        one.ended_at - one.bridged_at + wrap_up_s
        for one in ended
        if one.order.queue == queue and one.bridged_at is not None and one.ended_at is not None
    ]


def _expected_s(
    position: int, people: Sequence[Person], in_line: set[str], recent_handle_s: Sequence[float]
) -> float | None:
    at_work = [one for one in people if one.presence in WORKING]
    if not at_work:
        return None
    there = [one for one in at_work if one.presence is Presence.AVAILABLE or one.transfer_id in in_line]
    ahead = position - len(there)
    if ahead <= 0:
        return 0.0
    if len(recent_handle_s) < LEAST_CALLS:
        return None
    return ahead * fmean(recent_handle_s) / len(at_work)
