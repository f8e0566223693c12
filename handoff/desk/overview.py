"""Who waits, who is rung, and whose call is whose: what the desk's first page shows. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from handoff.desk.words import DeskWords
from handoff.roster.person import Person
from handoff.transfer.standing import UNANSWERED, phase
from handoff.transfer.types import Kind, Leg, LegResult, LegState, Outcome, Phase, Transfer, Value

IN_LINE = frozenset({Phase.REQUESTED, Phase.HOLDING, Phase.RINGING, Phase.BRIEFING})
TAKEN_STATES = frozenset({LegState.ACCEPTED, LegState.JOINED})


class Waiting(Value):
    """A caller who waits. Nothing in it tells who that is."""

    transfer_id: str
    queue: str
    since: datetime
    phase: Phase
    mine: bool
    """Whether this agent is being rung for it."""
    agent: str | None = None
    """Who has taken it."""


class Ring(Value):
    """A call that this agent is rung for."""

    transfer_id: str
    call_id: str
    leg: int
    queue: str
    words: str
    """Why a person is needed."""
    question: str | None
    since: datetime
    """Since when the caller waits."""
    call_back: bool = False
    """The caller does not wait: they are rung when it is taken."""
    answered: bool
    """Their telephone was picked up: from now on it can be taken."""


class Lost(StrEnum):
    """Why an agent is no longer rung. Names never change meaning."""

    TAKEN = "taken"
    CALLER_GONE = "caller_gone"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


def waiting(
    transfers: Iterable[Transfer], person: Person, words: DeskWords, *, all_queues: bool
) -> tuple[Waiting, ...]:
    """The callers who wait, longest first, of the queues whose skills the agent has.

    With `all_queues`, those of all queues, and those who talk with somebody too.
    """
    found = []
    for transfer in transfers:
        stands = phase(transfer)
        queue = words.queue(transfer.order.queue)
        leg = leg_of(transfer, person.person_id)
        mine = leg is not None and leg.live
        taken = transfer.accepted
        on_line = transfer.order.kind is not Kind.CALL_BACK
        if all_queues or (on_line and stands in IN_LINE and (mine or queue.skills <= person.skills)):
            found.append(
                Waiting(
                    transfer_id=transfer.id,
                    queue=queue.name,
                    since=_time(transfer.requested_at),
                    phase=stands,
                    mine=mine,
                    agent=taken.target.name if taken is not None else None,
                )
            )
    return tuple(sorted(found, key=lambda one: one.since))


def ring(transfers: Iterable[Transfer], person: Person, words: DeskWords) -> Ring | None:
    """The call that the agent is rung for; None where there is none."""
    for transfer in transfers:
        leg = leg_of(transfer, person.person_id)
        if leg is not None and leg.live and leg.state is not LegState.ACCEPTED:
            return Ring(
                transfer_id=transfer.id,
                call_id=transfer.order.call_id,
                leg=leg.number,
                queue=words.queue(leg.target.queue).name,
                words=transfer.order.words,
                question=transfer.order.question,
                since=_time(transfer.requested_at),
                call_back=transfer.order.kind is Kind.CALL_BACK,
                answered=leg.state not in UNANSWERED,
            )
    return None


def current(transfers: Iterable[Transfer], person_id: str) -> Transfer | None:
    """The call that the agent has taken and that still goes on; None where there is none."""
    for transfer in transfers:
        leg = leg_of(transfer, person_id)
        if leg is not None and leg.state in TAKEN_STATES:
            return transfer
    return None


def took(transfer: Transfer, person_id: str) -> bool:
    """Whether the agent has taken this call, now or before."""
    return any(leg.target.agent == person_id and leg.accepted_at is not None for leg in transfer.legs)


def leg_of(transfer: Transfer, person_id: str) -> Leg | None:
    """The agent's own leg; the last one, where they were rung twice."""
    mine: Sequence[Leg] = [leg for leg in transfer.legs if leg.target.agent == person_id]
    return mine[-1] if mine else None


def lost(transfer: Transfer, person_id: str) -> Lost | None:
    """Why the agent is no longer rung; None where they are, or have taken the call."""
    leg = leg_of(transfer, person_id)
    if leg is None or leg.state is not LegState.OVER or leg.accepted_at is not None:
        return None
    if leg.result is LegResult.TAKEN:
        return Lost.TAKEN
    if transfer.outcome is Outcome.CALLER_GONE:
        return Lost.CALLER_GONE
    if leg.result in {LegResult.DECLINED, LegResult.HUNG_UP}:
        return Lost.DECLINED
    if leg.result in {LegResult.NO_ANSWER, LegResult.NO_KEY}:
        return Lost.NO_ANSWER
    return Lost.WITHDRAWN


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
