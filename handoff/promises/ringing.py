"""Keeps one promise by a transfer: an agent is rung and briefed, presses 1, and only then the caller is dialled."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime, timedelta

from calls.events import CallEnded, CallEvent
from dialog.playbook import Playbook
from handoff.connections import Brief
from handoff.promises.promise import Promise, Result
from handoff.roster.at_work import AtWork
from handoff.roster.choose import Choice, limits_of
from handoff.transfer.store import TransferUnknownError
from handoff.transfer.transfers import Transfers
from handoff.transfer.types import Kind, LegResult, Limits, Order, Outcome, Transfer

REASON = "call_back"
LONGEST_CALL = timedelta(minutes=10)
"""So long after a promise its call may still go on: nobody is rung who is on the line. A call whose process was killed
may have no end in its record."""
RESULTS = {
    Outcome.NOBODY: Result.NO_AGENT,
    Outcome.CALLER_GONE: Result.NO_ANSWER,
}
NOT_REACHED = {
    LegResult.BUSY: Result.BUSY,
    LegResult.DECLINED: Result.BUSY,
    LegResult.NO_ANSWER: Result.NO_ANSWER,
    LegResult.HUNG_UP: Result.NO_ANSWER,
}


class CallBacks:
    """A `Ring`: each try is a transfer that bears its name. `read` gives the events of a call, `now` aware times."""

    def __init__(
        self,
        transfers: Transfers,
        at_work: AtWork,
        brief: Brief,
        playbook: Callable[[], Playbook],
        read: Callable[[str], Awaitable[list[CallEvent]]],
        now: Callable[[], datetime],
    ) -> None:
        self._transfers = transfers
        self._at_work = at_work
        self._brief = brief
        self._playbook = playbook
        self._read = read
        self._now = now

    async def is_free(self, promise: Promise) -> bool:
        """Whether somebody could be rung for it now, and the caller has hung up since."""
        if not (await self._at_work.choose(promise.queue)).targets:
            return False
        if self._now() >= promise.created_at + LONGEST_CALL:
            return True
        events = await self._read(promise.call_id)
        return not events or any(isinstance(event.body, CallEnded) for event in events)

    async def call_back(self, promise: Promise) -> Result:
        """See `handoff.promises.keeper.Ring`."""
        transfer = await self._under_way(promise)
        if transfer is None:
            choice = await self._at_work.choose(promise.queue)
            order = order_of(promise, choice, self._playbook())
            transfer = await self._transfers.begin(order)
        if transfer.outcome is None and transfer.accepted is None:
            await self._brief.prepare(transfer)
        async with aclosing(self._transfers.follow(transfer.id)) as states:
            async for state in states:
                if (result := result_of(state)) is not None:
                    return result
        raise AssertionError("a transfer is followed until somebody stops")

    async def _under_way(self, promise: Promise) -> Transfer | None:
        """The try that another process has begun, and left."""
        try:
            return await self._transfers.read(promise.attempt)
        except TransferUnknownError:
            return None


def order_of(promise: Promise, choice: Choice, playbook: Playbook) -> Order:
    """What is ordered to keep a promise. Whoever is free now is rung: a promise can wait, so nobody is waited for."""
    queue = playbook.queues.queues.get(promise.queue)
    return Order(
        transfer_id=promise.attempt,
        call_id=promise.call_id,
        queue=promise.queue,
        kind=Kind.CALL_BACK,
        reason=REASON,
        words=promise.reason,
        promise=promise.promise_id,
        targets=choice.targets,
        limits=limits_of(queue) if queue is not None else Limits(),
    )


def result_of(transfer: Transfer) -> Result | None:
    """What a try has come to; None while that is open."""
    if transfer.bridged_at is not None:
        return Result.KEPT
    if transfer.outcome is None:
        return None
    if transfer.outcome is Outcome.NOT_REACHED and transfer.caller_result is not None:
        return NOT_REACHED.get(transfer.caller_result, Result.FAILED)
    return RESULTS.get(transfer.outcome, Result.FAILED)
