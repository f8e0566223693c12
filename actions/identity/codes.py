"""One-time codes by text message: whoever reads one back has the telephone that the customer gave us.

Kept is only a keyed digest. A code lives for ten minutes and five tries; a new one ends those before it, and a customer
is sent five in an hour: whoever guesses has so many tries in all. Speech gives several readings of what was said: a try
may hold three.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue
from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.errors import ActionError, OutcomeUnknownError
from actions.ledger_table import codes
from actions.registry import Action, Arguments, Registry
from actions.types import Failure
from telephony.sms import SmsError, SmsUnansweredError

DIGITS = 6
LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
MOST_SENT = 5
SENT_WITHIN = timedelta(hours=1)
"""A customer is sent at most so many codes in so long, whoever asks for them."""
MOST_READINGS = 3
GRANTED = 2
"""The identity level of a caller who reads the code back."""

SendText = Callable[[str, str], Awaitable[str]]
"""Number and text to the message's id. Raises `SmsError`, `SmsUnansweredError`."""
PhoneOf = Callable[[str], Awaitable[str | None]]
"""A customer's number on file."""


def _readings(value: object) -> object:
    """One reading or several, with anything between their digits: as a list, as JSON, or with bars between them."""
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else value.split("|")
    if isinstance(value, list | tuple):
        return tuple("".join(one for one in str(reading) if one.isdecimal()) for reading in value)
    return value


class SendCodeArguments(Arguments):
    """To whom."""

    customer: Annotated[str, Field(min_length=1, max_length=64)]


class CheckCodeArguments(SendCodeArguments):
    """What the caller has read back: what it may have been, likeliest first."""

    code: Annotated[
        tuple[str, ...], BeforeValidator(_readings), Field(min_length=1, max_length=MOST_READINGS)
    ]


class OutcomeArguments(Arguments):
    """The idempotency key of a write."""

    key: Annotated[str, Field(max_length=200)]


class Codes:
    """The codes of all calls. `secret` keys the digests; `brand` is named in the message; `now` gives aware times."""

    def __init__(
        self,
        engine: AsyncEngine,
        secret: bytes,
        brand: str,
        send: SendText,
        phone_of: PhoneOf,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._secret = secret
        self._brand = brand
        self._send = send
        self._phone_of = phone_of
        self._now = now

    async def send(self, customer: str, key: str) -> dict[str, JsonValue]:
        """Send a new code to the customer's number on file; the same key sends none again.

        Raises:
            ActionError: NOT_FOUND without a number, LIMIT after the most codes, UNAVAILABLE when surely nothing was
                sent.
            OutcomeUnknownError: it may have been sent.
        """
        phone = await self._phone_of(customer)
        if not phone:
            raise ActionError(Failure.NOT_FOUND, "there is no number to send a code to")
        sent = await self.sent(key)
        if sent is not None:
            return sent
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if not await self._keep(customer, key, code):
            raise OutcomeUnknownError(
                Failure.UNAVAILABLE, "a message with this key may have been sent", over=True
            )
        words = (
            f"{self._brand}: your code is {code}. It is valid for 10 minutes. Read it only to our assistant."
        )
        try:
            message = await self._send(phone, words)
        except SmsError as error:
            await self._forget(key)
            raise ActionError(Failure.UNAVAILABLE, str(error)) from None
        except SmsUnansweredError as error:
            raise OutcomeUnknownError(Failure.UNAVAILABLE, str(error)) from None
        async with self._engine.begin() as connection:
            told = {"message": message, "tries": 0}
            await connection.execute(update(codes).where(codes.c.key == key).values(**told))
        return _sent(phone)

    async def sent(self, key: str) -> dict[str, JsonValue] | None:
        """What became of a key that sends: its result, or None where surely nothing was sent.

        Raises:
            OutcomeUnknownError: nobody can tell.
        """
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(codes).where(codes.c.key == key))).first()
        if row is None:
            return None
        if row.message is None:
            raise OutcomeUnknownError(
                Failure.BROKEN, "a message was begun, and nobody knows whether it went out", over=True
            )
        return _sent(await self._phone_of(row.customer) or "")

    async def checked(self, key: str) -> dict[str, JsonValue] | None:
        """What became of a key that checks: its result, or None where it found no fitting code."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(codes).where(codes.c.checked_by == key))).first()
        return None if row is None else {"level": GRANTED, "customer": row.customer}

    async def check(self, customer: str, readings: tuple[str, ...], key: str) -> dict[str, JsonValue]:
        """Check a code against the last one that was sent. One try, however many readings; the same key tries once.

        Raises:
            ActionError: NOT_FOUND without a code, REFUSED with a reason: expired, too_many_tries, wrong.
        """
        async with self._engine.begin() as connection:
            newest = (
                select(codes)
                .where(codes.c.customer == customer)
                .order_by(codes.c.sent_at.desc(), codes.c.key)
                .limit(1)
            )
            row = (await connection.execute(newest)).first()
            reason = self._refusal(row, key)
            if row is not None and reason is None and row.checked_by != key:
                # The condition keeps two checks at once from both having the last try.
                spent = await connection.execute(
                    update(codes)
                    .where(codes.c.key == row.key, codes.c.tries == row.tries, codes.c.checked_by.is_(None))
                    .values(tries=row.tries + 1, checked_by=key if self._fits(row, readings) else None)
                )
                if spent.rowcount != 1:
                    raise ActionError(Failure.UNAVAILABLE, "another check of the code was faster")
                reason = None if self._fits(row, readings) else "wrong"
        if row is None:
            raise ActionError(Failure.NOT_FOUND, "no code was sent")
        if reason is not None:
            left = max(0, MOST_TRIES - row.tries - 1)
            raise ActionError(
                Failure.REFUSED, f"the code is {reason}", {"reason": reason, "tries_left": left}
            )
        return {"level": GRANTED, "customer": customer}

    def _refusal(self, row: Row[tuple[object, ...]] | None, key: str) -> str | None:
        if row is None or row.checked_by == key:
            return None
        if row.checked_by is not None or self._now() >= row.expires_at:
            return "expired"
        return "too_many_tries" if row.tries >= MOST_TRIES else None

    def _fits(self, row: Row[tuple[object, ...]], readings: tuple[str, ...]) -> bool:
        return any(
            hmac.compare_digest(self._digest(row.key, reading), row.digest)
            for reading in readings[:MOST_READINGS]
        )

    async def _keep(self, customer: str, key: str, code: str) -> bool:
        """Whether the code is kept; False where the key has one already.

        Raises:
            ActionError: LIMIT, the customer was sent too many; nothing is kept.
        """
        now = self._now()
        values = {
            "key": key,
            "customer": customer,
            "digest": self._digest(key, code),
            "sent_at": now,
            "expires_at": now + LIFETIME,
            "tries": 0,
        }
        try:
            async with self._engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    lock = text("SELECT pg_advisory_xact_lock(hashtext(:what))")
                    await connection.execute(lock, {"what": f"codes:{customer}"})
                # Before the count, so that SQLite's write lock is held from here on.
                await connection.execute(insert(codes).values(**values))
                if await _count(connection, customer, now - SENT_WITHIN) > MOST_SENT:
                    raise ActionError(Failure.LIMIT, f"{MOST_SENT} codes were sent within {SENT_WITHIN}")
        except IntegrityError:
            return False
        return True

    async def _forget(self, key: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(codes.delete().where(codes.c.key == key))

    def _digest(self, key: str, code: str) -> str:
        return hmac.new(self._secret, f"{key}:{code}".encode(), hashlib.sha256).hexdigest()


def register_codes(registry: Registry, service: Codes) -> None:
    """Add `identity.send_code`, `identity.check_code` and `identity.code_outcome`, which looks up both."""

    async def send_code(arguments: SendCodeArguments, key: str) -> dict[str, JsonValue]:
        return await service.send(arguments.customer, key)

    async def check_code(arguments: CheckCodeArguments, key: str) -> dict[str, JsonValue]:
        return await service.check(arguments.customer, arguments.code, key)

    async def code_outcome(arguments: OutcomeArguments, _key: str) -> dict[str, JsonValue]:
        result = await service.sent(arguments.key) or await service.checked(arguments.key)
        return {"found": False} if result is None else {"found": True, "result": result}

    registry.add(Action("identity.send_code", SendCodeArguments, send_code, reads=False))
    registry.add(Action("identity.check_code", CheckCodeArguments, check_code, reads=False))
    registry.add(Action("identity.code_outcome", OutcomeArguments, code_outcome, reads=True))


async def _count(connection: AsyncConnection, customer: str, since: datetime) -> int:
    """The codes of a customer since then."""
    counted = select(func.count()).where(codes.c.customer == customer, codes.c.sent_at > since)
    return int(await connection.scalar(counted) or 0)


def _sent(phone: str) -> dict[str, JsonValue]:
    """The result, with the two digits that tell a customer which telephone to look at."""
    return {"sent": True, "number_ending": phone[-2:]}
