"""Runs writes through the ledger: one effect for one key, and the truth about it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from loguru import logger
from pydantic import JsonValue

from actions.attempts import Attempts, Data, Pause
from actions.errors import ActionError, OutcomeUnknownError
from actions.ledger import (
    ClaimLostError,
    DailyLimitError,
    Entry,
    KeyReusedError,
    Ledger,
    LedgerUnavailableError,
    Standing,
    State,
    Write,
)
from actions.runners import Runner
from actions.spec import ActionSpec
from actions.types import Failure

HOLD_MARGIN_S = 2.0
"""Beyond an attempt's own deadline, before another process may take its key over."""
POLL_S = 0.5

LookUp = Callable[[str], Awaitable[Data | None]]
"""By key: the result of a write that had its effect, None for one that had none. Raises `ActionError` when nobody can
tell."""


class ForgottenError(ActionError):
    """What it needs was said in private and not kept; surely nothing was sent."""

    def __init__(self) -> None:
        super().__init__(Failure.FORGOTTEN, "what it needs was said in private and is not kept")


class UnsettledError(ActionError):
    """It may or may not have had its effect, and nobody could tell."""

    def __init__(self) -> None:
        super().__init__(Failure.UNKNOWN, "it may or may not have had its effect, and nobody could tell")


@dataclass(frozen=True)
class Job:
    """One write, checked and allowed."""

    write: Write
    spec: ActionSpec
    runner: Runner
    arguments: Mapping[str, JsonValue]
    look_up: LookUp | None

    @property
    def hold_s(self) -> float:
        """How long one attempt may hold the key."""
        return self.spec.timeout_s + HOLD_MARGIN_S


@dataclass
class _History:
    """What is not over yet of a job's earlier attempts."""

    late: bool = False
    """One was not answered: its effect may still come, whatever the attempts after it say."""


class Writes:
    """The writes of one process."""

    def __init__(self, ledger: Ledger, attempts: Attempts, pause: Pause = asyncio.sleep) -> None:
        self._ledger = ledger
        self._attempts = attempts
        self._pause = pause

    async def run(self, job: Job) -> Data:
        """Bring a write to its end.

        Raises:
            ActionError: it had no effect, and why; UNKNOWN where nobody could tell.
        """
        standing, entry = await self._claim(job)
        while standing is Standing.HELD:
            # The other process may be dead: what it has done can be found before its time is over.
            found = await self._find(job)
            if found is not None:
                return found
            await self._pause(POLL_S)
            standing, entry = await self._claim(job)
        if standing is Standing.SETTLED:
            return _kept(entry)
        try:
            return await self._do(job, standing)
        except ClaimLostError:
            # The one that took the key over will settle it.
            raise UnsettledError from None

    async def left(self, key: str, look_up: LookUp | None) -> Data:
        """What came of a write that cannot be asked for again, because what it needs was not kept.

        Raises:
            ForgottenError: nothing was sent.
            ActionError: it failed, and why; UNKNOWN where nobody could tell.
        """
        while (standing := await self._standing(key)) is not None:
            how, entry = standing
            if how is Standing.SETTLED:
                return _kept(entry)
            if how is Standing.FRESH:
                break
            if how is Standing.UNSETTLED:
                found = await self._earlier(look_up, entry.action, key)
                if found is None:
                    break
                return found
            # Whoever holds it settles it, or lets go.
            await self._pause(POLL_S)
        raise ForgottenError

    async def _standing(self, key: str) -> tuple[Standing, Entry] | None:
        try:
            return await self._ledger.standing(key)
        except LedgerUnavailableError as error:
            raise ActionError(Failure.UNAVAILABLE, str(error)) from None

    async def _claim(self, job: Job) -> tuple[Standing, Entry]:
        try:
            return await self._ledger.claim(job.write, job.hold_s, job.spec.limits.per_day)
        except KeyReusedError as error:
            raise ActionError(Failure.INVALID, str(error)) from None
        except DailyLimitError as error:
            raise ActionError(Failure.LIMIT, str(error)) from None
        except LedgerUnavailableError as error:
            logger.bind(action=job.write.action).opt(exception=error).error("the ledger does not answer")
            raise ActionError(Failure.UNAVAILABLE, str(error)) from None

    async def _do(self, job: Job, standing: Standing) -> Data:
        history = _History()
        try:
            data = None
            if standing is Standing.UNSETTLED:
                data = await self._earlier(job.look_up, job.write.action, job.write.key)
            if data is None:
                data = await self._repeat(job, history)
        except UnsettledError:
            await self._settle(job, State.UNKNOWN, {}, Failure.UNKNOWN)
            raise
        except ActionError as error:
            await self._settle(job, State.FAILED, error.data, error.failure)
            raise
        await self._settle(job, State.DONE, data)
        return data

    async def _repeat(self, job: Job, history: _History) -> Data:
        try:
            return await self._attempts.repeat(job.spec, lambda: self._attempt(job, history))
        except UnsettledError:
            raise
        except ActionError as error:
            if not history.late or job.look_up is None:
                raise
            # It may be the late effect itself that made the far end refuse another attempt.
            data = await self._asked(job.look_up, job.write.action, job.write.key)
            if data is None:
                raise UnsettledError from error
            return data

    async def _earlier(self, look_up: LookUp | None, action: str, key: str) -> Data | None:
        """What an earlier attempt has done: its result, or None where it surely did nothing."""
        if look_up is None:
            raise UnsettledError
        return await self._asked(look_up, action, key)

    async def _attempt(self, job: Job, history: _History) -> Data:
        """One attempt, and the truth about it.

        Raises:
            ActionError: surely no effect.
            UnsettledError: nobody can tell.
        """
        try:
            await self._ledger.begin(job.write.key, job.hold_s)
        except LedgerUnavailableError as error:
            raise ActionError(Failure.UNAVAILABLE, str(error)) from None
        try:
            return await self._attempts.once(job.runner, job.spec, job.arguments, job.write.key)
        except OutcomeUnknownError as error:
            return await self._clarified(job, error, history)

    async def _clarified(self, job: Job, error: OutcomeUnknownError, history: _History) -> Data:
        logger.bind(action=job.write.action, failure=error.failure.value).warning(
            "a write was sent and its outcome is not known: {}", error
        )
        if job.look_up is None:
            if error.presumed:
                raise ActionError(error.failure, str(error), error.data) from error
            raise UnsettledError from error
        data = await self._asked(job.look_up, job.write.action, job.write.key)
        if data is not None:
            return data
        history.late = history.late or not error.over
        raise ActionError(error.failure, str(error), error.data) from error

    async def _asked(self, look_up: LookUp, action: str, key: str) -> Data | None:
        try:
            return await look_up(key)
        except ActionError as error:
            logger.bind(action=action, failure=error.failure.value).error(
                "a write's outcome could not be looked up: {}", error
            )
            raise UnsettledError from error

    async def _find(self, job: Job) -> Data | None:
        if job.look_up is None:
            return None
        try:
            return await job.look_up(job.write.key)
        except ActionError:
            return None

    async def _settle(
        self, job: Job, state: State, data: Mapping[str, JsonValue], failure: Failure | None = None
    ) -> None:
        """Keep what came of it. Where that fails, the answer is still true; the row says that it must be looked up."""
        try:
            await self._ledger.settle(job.write.key, state, data, failure)
        except (LedgerUnavailableError, ClaimLostError) as error:
            logger.bind(action=job.write.action, state=state.value).opt(exception=error).error(
                "what came of a write could not be kept"
            )


def _kept(entry: Entry) -> Data:
    """The result of a write that was settled before.

    Raises:
        ActionError: it failed, as before.
    """
    if entry.state is State.DONE:
        return entry.result
    failure = entry.failure or Failure.BROKEN
    raise ActionError(failure, "it failed before, and the same key is the same request", entry.result)
