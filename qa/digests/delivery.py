"""Makes a day's digest, writes it where it belongs, and tells of its alerts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from dialog.playbook import Playbook
from qa.digests.made import Receiver, file_name, make, post, write
from qa.metrics.digest import Digest
from qa.metrics.rules import Rules
from qa.metrics.webhook import NotToldError


class Failure(StrEnum):
    """Why a day's digest was not sent. Names never change meaning."""

    NOT_READ = "digest.not_read"
    """The database does not give what it is made of."""
    NOT_WRITTEN = "digest.not_written"
    """The file cannot be written."""
    NOT_TOLD = "digest.not_told"
    """Nobody took the alerts."""
    BROKEN = "digest.broken"
    """An error of ours."""


class NotSentError(Exception):
    """A day's digest that was not sent. The text has no address and nothing of a call."""

    def __init__(self, failure: Failure, why: str) -> None:
        super().__init__(why)
        self.failure = failure


@dataclass(frozen=True)
class Delivery:
    """Where digests go.

    Sending a day again does no harm: the file is the same one, and its alerts have the same id.
    """

    engine: AsyncEngine
    playbook: Callable[[], Playbook]
    rules: Rules
    folder: Path
    base: str
    """The server's address: what links in the file begin with."""
    receiver: Receiver | None
    """None: nobody is told of alerts; they stand in the file."""
    now: Callable[[], datetime]

    async def send(self, day: date) -> None:
        """One day.

        Raises:
            NotSentError: a part of it could not be done.
        """
        made = await self._made(day)
        await self._write(made)
        if self.receiver is not None:
            try:
                await post(made, self.receiver, self.base, self.now)
            except NotToldError as error:
                raise NotSentError(Failure.NOT_TOLD, str(error)) from None
        logger.bind(day=str(day), alerts=len(made.alerts)).info("the digest of a day is written")

    async def _made(self, day: date) -> Digest:
        try:
            return await make(self.engine, day, self.playbook(), self.rules, self.now())
        except (SQLAlchemyError, OSError) as error:
            raise NotSentError(Failure.NOT_READ, type(error).__name__) from error

    async def _write(self, made: Digest) -> None:
        try:
            await asyncio.to_thread(self.folder.mkdir, parents=True, exist_ok=True)
            path = self.folder / file_name(made.day)
            await asyncio.to_thread(write, made, path, self.playbook(), self.rules, self.base)
        except OSError as error:
            raise NotSentError(Failure.NOT_WRITTEN, error.strerror or type(error).__name__) from error
