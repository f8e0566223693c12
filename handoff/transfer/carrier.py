"""The carrier's part in a transfer, through its REST API."""

import asyncio
from collections.abc import Awaitable, Callable

from handoff.transfer.types import Kind, Party, Target, Transfer
from telephony import twiml
from telephony.carrier_calls import CarrierCalls, OutgoingLeg
from telephony.carrier_rest import CarrierError, CarrierUnansweredError
from telephony.transfer_twiml import AGENT_LABEL, CALLER_LABEL, TransferTwiml

TRANSFER_HEADER = "X-Transfer-Id"
"""Tells an outside queue which transfer rings: an id, nothing personal."""
SIP = ("sip:", "sips:")
CALLED_IN_VAIN = twiml.say_and_hang_up(
    "I'm sorry, my colleague was cut off just now. We will call you again. Goodbye."
)
"""To a caller who was called back and has answered, and nobody is there."""
PARTIES = {CALLER_LABEL: Party.CALLER, AGENT_LABEL: Party.AGENT}
PAUSES_S = (0.2, 0.5)
"""Between tries of what does no harm when it is done twice."""


class NotDialledError(CarrierError):
    """Nobody is rung: the address is no `sip:` address, or the number is not one that a call-back was promised to."""


class TwilioLegs:
    """Rings humans, moves callers, and calls back those who were promised it.

    Who is rung sees `caller_id`; `user` and `password` are for the humans' SIP side.
    """

    def __init__(
        self,
        calls: CarrierCalls,
        documents: TransferTwiml,
        connect_caller: Callable[[str], str],
        promised_number: Callable[[Transfer], Awaitable[str | None]],
        greeting: Callable[[], str],
        caller_id: str,
        user: str = "",
        password: str = "",
    ) -> None:
        """`connect_caller` gives the TwiML that brings a call (by its sid) back to its media stream.
        `promised_number` gives the number of the open promise that a call-back is under way for, None where there is no
        such promise; `greeting` what callers hear first who are called back."""
        self._calls = calls
        self._documents = documents
        self._connect_caller = connect_caller
        self._promised_number = promised_number
        self._greeting = greeting
        self._caller_id = caller_id
        self._user = user
        self._password = password

    async def ring(self, transfer: Transfer, leg: int, target: Target, timeout_s: float) -> str:
        """Place the call to a human, once: who rings twice would have to be told apart."""
        if not target.address.startswith(SIP):
            raise NotDialledError("humans are rung at sip: addresses only")
        return await self._calls.place(
            OutgoingLeg(
                to=target.address,
                caller_id=self._caller_id,
                url=self._documents.leg_url(transfer.id, leg),
                status_url=self._documents.leg_status_url(transfer.id, leg),
                timeout_s=round(timeout_s),
                headers={TRANSFER_HEADER: transfer.id},
                user=self._user,
                password=self._password,
            )
        )

    async def move_caller(self, transfer: Transfer) -> None:
        """Take the caller into the conference."""
        await self._redirect(transfer, self._documents.caller_joins(transfer.id, transfer.order.call_id))

    async def who_is_in(self, transfer: Transfer) -> tuple[str | None, frozenset[Party], bool]:
        """The carrier's id of the conference of a transfer, who is in it, and whether it runs.

        Raises:
            CarrierError: the carrier does not tell.
        """
        conference, labels, running = await self._calls.participants(transfer.id)
        return conference, frozenset(party for label, party in PARTIES.items() if label in labels), running

    async def dial_caller(self, transfer: Transfer, timeout_s: float) -> str:
        """Ring a caller at the number that was promised a call-back: the only numbers that are ever dialled.

        Raises:
            NotDialledError: there is no such promise, or it is kept, or another try of it is under way.
        """
        number = await self._promised_number(transfer)
        if number is None:
            raise NotDialledError("no open promise asks for this call")
        return await self._calls.place(
            OutgoingLeg(
                to=number,
                caller_id=self._caller_id,
                url=self._documents.called_url(transfer.id),
                status_url=self._documents.called_status_url(transfer.id),
                timeout_s=round(timeout_s),
            )
        )

    async def put_through(self, transfer: Transfer, target: Target, timeout_s: float) -> None:
        """Connect the caller with a target."""
        await self._redirect(transfer, self._put_through(transfer, target, timeout_s))

    def document(self, transfer: Transfer) -> str:
        """The TwiML of a caller who is with people: the conference, or the target of a cold transfer."""
        if transfer.trying is not None:
            return self._put_through(transfer, transfer.trying, transfer.order.limits.ring_s)
        if transfer.order.kind is Kind.CALL_BACK:
            return self._documents.caller_joins(transfer.id, transfer.caller_sid or "", self._greeting())
        return self._documents.caller_joins(transfer.id, transfer.order.call_id)

    async def recall_caller(self, transfer: Transfer) -> None:
        """Take the caller back to the assistant; one whom we have called is told that it did not work."""
        if transfer.order.kind is Kind.CALL_BACK:
            sid = transfer.caller_sid or ""
            await _again(lambda: self._calls.redirect(sid, CALLED_IN_VAIN))
            return
        await self._redirect(transfer, self._connect_caller(transfer.order.call_id))

    async def end(self, sid: str, *, answered: bool) -> None:
        """End a human's leg."""
        await _again(lambda: self._calls.end(sid, answered=answered))

    def _put_through(self, transfer: Transfer, target: Target, timeout_s: float) -> str:
        credentials = (self._user, self._password) if self._user else None
        return self._documents.caller_put_through(
            transfer.id, target.address, self._caller_id, timeout_s, credentials
        )

    async def _redirect(self, transfer: Transfer, document: str) -> None:
        await _again(lambda: self._calls.redirect(transfer.order.call_id, document))


async def _again(act: Callable[[], Awaitable[None]]) -> None:
    """Try it again where the carrier did not answer: a caller must not be lost to one lost packet."""
    for pause_s in PAUSES_S:
        try:
            await act()
        except CarrierUnansweredError:
            await asyncio.sleep(pause_s)
        else:
            return
    await act()
