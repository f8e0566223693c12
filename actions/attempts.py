"""Repeats attempts with growing waits, and stops asking a system that does not work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from loguru import logger
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from pydantic import JsonValue
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from actions.errors import ANSWERED, MAY_PASS, ActionError
from actions.runners import Runner
from actions.spec import ActionSpec
from actions.types import Failure

OPENS_AFTER = 5
"""Failures in a row after which a circuit opens."""
OPEN_S = 20.0
"""How long it stays open before one attempt is let through."""
LONGEST_WAIT_S = 5.0

Data = dict[str, JsonValue]
Pause = Callable[[float], Awaitable[None]]


class CircuitOpenError(ActionError):
    """A system has failed again and again: it is left alone for a while. Nothing was sent."""

    def __init__(self, circuit: str) -> None:
        super().__init__(Failure.UNAVAILABLE, f"{circuit} has failed again and again and is left alone")


class Attempts:
    """The attempts of one process; circuits are shared by all that fail together."""

    def __init__(self, pause: Pause = asyncio.sleep) -> None:
        self._pause = pause
        self._breakers = AsyncCircuitBreakerFactory(
            OPENS_AFTER,
            OPEN_S,
            exclude=[(ActionError, lambda error: error.failure in ANSWERED), asyncio.CancelledError],
        )

    async def once(
        self, runner: Runner, spec: ActionSpec, arguments: Mapping[str, JsonValue], key: str
    ) -> Data:
        """One attempt, unless the circuit is open.

        Raises:
            ActionError, OutcomeUnknownError: see `Runner.attempt`.
        """
        breaker = await self._breakers.get_breaker(runner.circuit)
        try:
            async with breaker:
                return await runner.attempt(arguments, key, spec.timeout_s)
        except OpenedState:
            raise CircuitOpenError(runner.circuit) from None

    async def repeat(self, spec: ActionSpec, attempt: Callable[[], Awaitable[Data]]) -> Data:
        """Make an attempt, and again as long as its failure may pass.

        Raises:
            ActionError: the last attempt's.
        """
        retrying = AsyncRetrying(
            sleep=self._pause,
            stop=stop_after_attempt(1 + spec.retries.most),
            wait=wait_exponential_jitter(
                multiplier=spec.retries.first_wait_s,
                max=LONGEST_WAIT_S,
                jitter=spec.retries.first_wait_s,
            ),
            retry=retry_if_exception(_may_pass),
            reraise=True,
        )

        async def one() -> Data:
            # The library awaits only what is an async function by its look.
            return await attempt()

        return await retrying(one)


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, CircuitOpenError) or not isinstance(error, ActionError):
        return False
    if error.failure in MAY_PASS:
        logger.bind(failure=error.failure.value).debug("an attempt failed")
        return True
    return False
