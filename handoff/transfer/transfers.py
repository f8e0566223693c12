"""Runs transfers: keeps what happens, tells it to the record, and has the carrier do what follows.

Any number of processes may share the transfers. Whoever reports an event does what follows from it; what the parties
hear is done by whoever holds their stream, and follows from the state. A process that dies leaves nothing undone that
time would not bring up again: `sweep` reports the time to transfers that nobody else looks after.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from loguru import logger

from calls.events import EventBody
from handoff.transfer.deadlines import deadline
from handoff.transfer.record import changes, newly_over, requested
from handoff.transfer.store import TransferStore
from handoff.transfer.types import (
    AskWhoIsIn,
    CallerEnded,
    CallerMoved,
    CallerPlaced,
    Cancel,
    DialCaller,
    HangUp,
    Leg,
    LegEnded,
    LegPlaced,
    LegResult,
    MoveCaller,
    MoveRefused,
    Order,
    Party,
    PutThrough,
    RecallCaller,
    Ring,
    Target,
    TargetsFound,
    TimePassed,
    Transfer,
    TransferCommand,
    TransferEvent,
    WhoIsIn,
)
from telephony.carrier_rest import CarrierError, CarrierRefusedError, CarrierUnansweredError
from telephony.tasks import Tasks

POLL_S = 0.25
"""How soon a change that another process has made is seen."""
GRACE_S = 0.5
"""So late another process reports the time to a transfer whose own has not."""
SWEEP_S = 0.5
RECALL_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 15.0)
LATE_S = 0.02
"""A timer is set a little late, so that the moment it waits for has surely come."""


class CarrierLegs(Protocol):
    """The carrier's part in a transfer. Each raises `CarrierError` where it was not done, or perhaps not."""

    async def ring(self, transfer: Transfer, leg: int, target: Target, timeout_s: float) -> str:
        """Place the call to a human. Returns its sid."""

    async def move_caller(self, transfer: Transfer) -> None:
        """Take the caller into the conference."""

    async def who_is_in(self, transfer: Transfer) -> tuple[str | None, frozenset[Party], bool]:
        """The carrier's id of the conference, who is in it, and whether it runs."""

    async def dial_caller(self, transfer: Transfer, timeout_s: float) -> str:
        """Ring the caller of a call-back at the number of its promise, and no other. Returns the call's sid."""

    async def put_through(self, transfer: Transfer, target: Target, timeout_s: float) -> None:
        """Connect the caller with a target, of a cold transfer."""

    async def recall_caller(self, transfer: Transfer) -> None:
        """Take the caller back to the assistant; one whom we have called is told that it did not work."""

    async def end(self, sid: str, *, answered: bool) -> None:
        """End a human's leg."""


class Roster(Protocol):
    """Who may be rung, as it changes while callers wait."""

    async def found(self, transfer: Transfer) -> tuple[Sequence[Target], bool]:
        """Who has become free for a waiting caller, and whether more may."""

    async def claim(self, target: Target, transfer_id: str) -> bool:
        """Keep an agent for a transfer; an outside target needs no keeping. Returns whether they were free."""

    async def release(self, leg: Leg, transfer_id: str, *, talked: bool) -> None:
        """Let the agent of a leg go that is over; who has talked writes up the call first."""


class Transfers:
    """All transfers that this process has to do with. `now` gives seconds since the epoch."""

    def __init__(
        self,
        store: TransferStore,
        carrier: CarrierLegs,
        roster: Roster,
        append: Callable[[str, EventBody], Awaitable[object]],
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._carrier = carrier
        self._roster = roster
        self._append = append
        self._now = now
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._news: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._background = Tasks()

    async def begin(self, order: Order) -> Transfer:
        """Hand a caller over. Returns at once: what comes of it is told by `follow`."""
        await self._append(order.call_id, requested(order))
        transfer, commands = await self._store.begin(order)
        await self._changed(None, transfer, commands)
        return transfer

    async def report(self, transfer_id: str, event: TransferEvent) -> Transfer:
        """Something has happened. Returns the transfer after it.

        Raises:
            TransferUnknownError: there is no such transfer.
        """
        before, (after, commands) = await self._store.apply(transfer_id, event)
        if after.version != before.version:
            await self._changed(before, after, commands)
        return after

    async def read(self, transfer_id: str) -> Transfer:
        """One transfer.

        Raises:
            TransferUnknownError: there is none of that id.
        """
        return await self._store.read(transfer_id)

    async def latest_of(self, call_id: str) -> Transfer | None:
        """The last transfer of a call; None where it had none."""
        return await self._store.latest_of(call_id)

    async def open(self) -> list[Transfer]:
        """All that have no outcome yet, the oldest first."""
        return await self._store.open()

    async def lately(self, within: timedelta) -> list[Transfer]:
        """Those that got their outcome within the last while, in no order."""
        return await self._store.lately(within)

    async def follow(self, transfer_id: str) -> AsyncGenerator[Transfer, None]:
        """The transfer as it is, then after each change, whichever process makes it. Changes in quick succession may
        be told as one. Endless: who follows stops."""
        seen: int | None = None
        news = asyncio.Event()
        self._news[transfer_id].add(news)
        try:
            while True:
                news.clear()
                transfer = await self._store.read(transfer_id)
                if transfer.version != seen:
                    seen = transfer.version
                    yield transfer
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), POLL_S)
        finally:
            self._forget(transfer_id, news)

    async def keep_sweeping(self) -> None:
        """Look after all open transfers until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                await self.sweep()
            except Exception as error:  # noqa: BLE001 - the next sweep may go well
                logger.opt(exception=error).error("open transfers could not be looked after")

    async def sweep(self) -> None:
        """Report the time to transfers that nobody looks after, and who has become free to those that wait."""
        for transfer in await self._store.unfinished():
            due = deadline(transfer)
            if due is not None and due + GRACE_S < self._now():
                await self.report(transfer.id, TimePassed(at=self._now()))
            elif (
                transfer.outcome is None
                and transfer.may_wait
                and not transfer.targets
                and not any(leg.live for leg in transfer.legs)
            ):
                targets, may_wait = await self._roster.found(transfer)
                if targets or not may_wait:
                    found = TargetsFound(at=self._now(), targets=tuple(targets), may_wait=may_wait)
                    await self.report(transfer.id, found)

    async def close(self) -> None:
        """Look after nothing any more; other processes, or this one when it is back, go on."""
        for timer in self._timers.values():
            timer.cancel()
        await self._background.stop()

    # What follows

    async def _changed(
        self, before: Transfer | None, after: Transfer, commands: Sequence[TransferCommand]
    ) -> None:
        if commands:
            self._background.start(self._do(after, commands))
        self._set_timer(after)
        for news in self._news.get(after.id, ()):
            news.set()
        for body in changes(before, after):
            await self._append(after.order.call_id, body)
        for leg in newly_over(before, after):
            talked = leg.accepted_at is not None and after.bridged_at is not None
            await self._roster.release(leg, after.id, talked=talked)

    def _set_timer(self, transfer: Transfer) -> None:
        timer = self._timers.pop(transfer.id, None)
        if timer is not None:
            timer.cancel()
        due = deadline(transfer)
        if due is None:
            return
        wait_s = max(0.0, due - self._now()) + LATE_S
        self._timers[transfer.id] = asyncio.get_running_loop().call_later(
            wait_s, lambda: self._background.start(self._time_passed(transfer.id))
        )

    async def _time_passed(self, transfer_id: str) -> None:
        self._timers.pop(transfer_id, None)
        await self.report(transfer_id, TimePassed(at=self._now()))

    def _forget(self, transfer_id: str, news: asyncio.Event) -> None:
        self._news[transfer_id].discard(news)
        if not self._news[transfer_id]:
            del self._news[transfer_id]

    async def _do(self, transfer: Transfer, commands: Sequence[TransferCommand]) -> None:
        """Each at the same time: a leg that is slow to end must not keep the caller waiting."""
        await asyncio.gather(*(self._do_one(transfer, command) for command in commands))

    async def _do_one(self, transfer: Transfer, command: TransferCommand) -> None:
        match command:
            case Ring():
                await self._ring(transfer, command)
            case MoveCaller():
                await self._move(transfer, self._carrier.move_caller(transfer))
            case AskWhoIsIn():
                await self._ask_who_is_in(transfer)
            case DialCaller(timeout_s=timeout_s):
                await self._dial(transfer, timeout_s)
            case PutThrough(target=target, timeout_s=timeout_s):
                await self._move(transfer, self._carrier.put_through(transfer, target, timeout_s))
            case RecallCaller():
                await self._recall(transfer)
            case Cancel(sid=sid) | HangUp(sid=sid):
                try:
                    await self._carrier.end(sid, answered=isinstance(command, HangUp))
                except CarrierError as error:
                    logger.bind(transfer=transfer.id).warning("a leg could not be ended: {}", error)

    async def _ask_who_is_in(self, transfer: Transfer) -> None:
        try:
            conference, parties, running = await self._carrier.who_is_in(transfer)
        except CarrierError as error:
            logger.bind(transfer=transfer.id).warning("nobody knows who is in the conference: {}", error)
            return  # time will tell
        told = WhoIsIn(at=self._now(), conference=conference, parties=tuple(sorted(parties)), running=running)
        await self.report(transfer.id, told)

    async def _recall(self, transfer: Transfer) -> None:
        """Take the caller back; one who is alone in a conference has nobody else to fetch them, so it is tried on."""
        for pause_s in (*RECALL_PAUSES_S, None):
            try:
                await self._carrier.recall_caller(transfer)
            except CarrierError as error:
                gone = isinstance(error, CarrierRefusedError) and error.gone
                logger.bind(transfer=transfer.id, gone=gone).warning(
                    "the caller was not taken back: {}", error
                )
                if gone or pause_s is None or not transfer.caller_in:
                    return
                await asyncio.sleep(pause_s)
            else:
                return

    async def _ring(self, transfer: Transfer, command: Ring) -> None:
        if not await self._roster.claim(command.target, transfer.id):
            # Another caller was faster: this one waits for them, or for whoever else is free by now.
            others = tuple(leg for leg in transfer.legs if leg.number != command.leg)
            targets, may_wait = await self._roster.found(transfer.model_copy(update={"legs": others}))
            found = TargetsFound(at=self._now(), targets=tuple(targets), may_wait=may_wait)
            await self.report(transfer.id, found)
            busy = LegEnded(at=self._now(), leg=command.leg, result=LegResult.BUSY)
            await self.report(transfer.id, busy)
            return
        leg = (await self.read(transfer.id)).leg(command.leg)
        if leg is not None and not leg.live:
            # It was over before they were kept for it: nobody else lets them go.
            await self._roster.release(leg, transfer.id, talked=False)
            return
        try:
            sid = await self._carrier.ring(transfer, command.leg, command.target, command.timeout_s)
        except CarrierError as error:
            logger.bind(transfer=transfer.id, leg=command.leg).warning("a leg was not placed: {}", error)
            ended = LegEnded(at=self._now(), leg=command.leg, result=LegResult.UNREACHABLE)
            await self.report(transfer.id, ended)
            return
        await self.report(transfer.id, LegPlaced(at=self._now(), leg=command.leg, sid=sid))

    async def _dial(self, transfer: Transfer, timeout_s: float) -> None:
        try:
            sid = await self._carrier.dial_caller(transfer, timeout_s)
        except CarrierUnansweredError as error:
            # It may ring all the same: whoever answers is connected, and if nobody does, time tells. Trying again could
            # ring twice.
            logger.bind(transfer=transfer.id).warning("nobody knows whether the caller rings: {}", error)
        except CarrierError as error:
            logger.bind(transfer=transfer.id).warning("the caller was not rung: {}", error)
            ended = CallerEnded(at=self._now(), result=LegResult.UNREACHABLE)
            await self.report(transfer.id, ended)
        else:
            await self.report(transfer.id, CallerPlaced(at=self._now(), sid=sid))

    async def _move(self, transfer: Transfer, moving: Awaitable[None]) -> None:
        try:
            await moving
        except CarrierError as error:
            gone = isinstance(error, CarrierRefusedError) and error.gone
            logger.bind(transfer=transfer.id, gone=gone).warning("the caller was not moved: {}", error)
            await self.report(transfer.id, MoveRefused(at=self._now(), gone=gone))
            return
        await self.report(transfer.id, CallerMoved(at=self._now()))
