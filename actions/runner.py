"""Runs what a playbook declares: checks who asks and what was agreed, then reads at once and writes by the ledger.

Whatever goes wrong becomes a typed failure of the result. Nothing reaches a company's system before its identity
level, its confirmation, its arguments and its limits have been checked here, whatever the dialog believed.
"""

import asyncio
import importlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self, cast

from loguru import logger
from pydantic import JsonValue

from actions.attempts import Attempts, Data, Pause
from actions.authority import check_amount, check_authority, own_arguments
from actions.errors import ActionError, UnknownActionError
from actions.http import HttpRunner, open_client
from actions.ledger import Ledger, Write
from actions.openapi import Documents, OpenApiRunner
from actions.registry import Registry
from actions.runners import PythonRunner, Runner
from actions.spec import ActionSpec, HttpAction, McpAction, OpenApiAction
from actions.types import ActionRequest, ActionResult, Failure
from actions.writes import ForgottenError, Job, LookUp, Writes
from calls.redaction.kinds import holds_marker

CLOSING_S = 20.0
"""How long closing waits for writes that are under way."""


class Actions:
    """The declared actions of one process. Holds no call's state; closed with its connections.

    `clock` gives seconds, for durations. `folder` is where files beside the playbook are. A change of playbook needs a
    new one, which may share the registry and the ledger.
    """

    def __init__(
        self,
        specs: Mapping[str, ActionSpec],
        registry: Registry,
        ledger: Ledger,
        clock: Callable[[], float],
        *,
        folder: Path = Path(),
        environment: Mapping[str, str] | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._specs = dict(specs)
        self._registry = registry
        self._clock = clock
        self._folder = folder
        self._environment = os.environ if environment is None else environment
        self._client = open_client()
        self._documents = Documents(self._client, folder)
        self._sessions: object | None = None
        self._runners: dict[str, Runner] = {}
        self._attempts = Attempts(pause)
        self._writes = Writes(ledger, self._attempts, pause)
        self._under_way: dict[str, tuple[str, asyncio.Task[Data]]] = {}

    def spec(self, name: str) -> ActionSpec:
        """What is declared of an action.

        Raises:
            UnknownActionError: it is not declared.
        """
        try:
            return self._specs[name]
        except KeyError:
            declared = ", ".join(sorted(self._specs)) or "none"
            raise UnknownActionError(f"there is no action {name}; declared are: {declared}") from None

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run a request to its end.

        A write that has begun goes on when the caller of this is cancelled; the same key gets its result.
        """
        began = self._clock()
        data: Mapping[str, JsonValue] = {}
        failure: Failure | None = None
        try:
            data = await self._run(request)
        except ActionError as error:
            failure, data = error.failure, error.data
            logger.bind(action=request.action, failure=failure.value).info("an action failed: {}", error)
        except UnknownActionError as error:
            failure = Failure.INVALID
            logger.bind(action=request.action).error("an action was asked wrongly: {}", error)
        except Exception as error:  # noqa: BLE001 - one action's error must not end the call
            failure = Failure.BROKEN if self._reads(request.action) else Failure.UNKNOWN
            logger.bind(action=request.action).opt(exception=error).error("running an action broke")
        return ActionResult(
            action=request.action,
            key=request.key,
            data=dict(data),
            failure=failure,
            duration_s=self._clock() - began,
        )

    async def close(self) -> None:
        """Let the writes under way end, for a while, then close all connections."""
        tasks = [task for _, task in self._under_way.values()]
        if tasks:
            _, left = await asyncio.wait(tasks, timeout=CLOSING_S)
            for task in left:
                logger.error("a write was still under way at the end; the ledger knows it as running")
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        await self._client.aclose()
        if self._sessions is not None:
            await self._sessions.close()  # type: ignore[attr-defined]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _run(self, request: ActionRequest) -> Data:
        spec = self.spec(request.action)
        if holds_marker(request.arguments):
            return _granted(spec, await self._left(request, spec))
        check_authority(spec, request)
        runner = self._runner(request.action, spec)
        given = own_arguments(request, await runner.names())
        arguments = await runner.check(given)
        check_amount(spec.limits, arguments)
        if spec.reads:
            data = await self._read(spec, runner, arguments, request.key)
        else:
            data = await self._write(request, spec, runner, arguments)
        return _granted(spec, data)

    async def _read(
        self, spec: ActionSpec, runner: Runner, arguments: Mapping[str, JsonValue], key: str
    ) -> Data:
        return await self._attempts.repeat(spec, lambda: self._attempts.once(runner, spec, arguments, key))

    async def _write(
        self, request: ActionRequest, spec: ActionSpec, runner: Runner, arguments: Mapping[str, JsonValue]
    ) -> Data:
        """Join the write of this key that is under way in this process, or begin it."""
        under_way = self._under_way.get(request.key)
        if under_way is None:
            write = Write(request.key, request.action, request.fingerprint, request.authority.customer)
            job = Job(write, spec, runner, arguments, self._look_up(spec))
            under_way = request.fingerprint, asyncio.create_task(self._writes.run(job))
            self._under_way[request.key] = under_way
            under_way[1].add_done_callback(lambda task: self._ended(request.key, task))
        fingerprint, task = under_way
        if fingerprint != request.fingerprint:
            raise ActionError(Failure.INVALID, "the key is in use for another request")
        return await asyncio.shield(task)

    async def _left(self, request: ActionRequest, spec: ActionSpec) -> Data:
        """What came of a request of which only markers are left: those are sent to nobody."""
        if spec.reads:
            raise ForgottenError
        under_way = self._under_way.get(request.key)
        if under_way is not None:
            return await asyncio.shield(under_way[1])
        return await self._writes.left(request.key, self._look_up(spec))

    def _ended(self, key: str, task: asyncio.Task[Data]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            task.exception()  # whoever asked may have left: their log has it

    def _look_up(self, spec: ActionSpec) -> LookUp | None:
        if spec.lookup is None:
            return None
        name = spec.lookup
        asked = self.spec(name)
        if not asked.reads:
            raise UnknownActionError(f"{name} is no action that reads: it cannot look up a write")
        runner = self._runner(name, asked)

        async def look_up(key: str) -> Data | None:
            arguments = await runner.check({"key": key})
            # Past the circuit breaker: never is the question more needed than when the system fails.
            answer = await self._attempts.repeat(
                asked, lambda: runner.attempt(arguments, key, asked.timeout_s)
            )
            return _found(answer)

        return look_up

    def _runner(self, name: str, spec: ActionSpec) -> Runner:
        if name not in self._runners:
            self._runners[name] = self._new_runner(name, spec)
        return self._runners[name]

    def _new_runner(self, name: str, spec: ActionSpec) -> Runner:
        match spec.run:
            case HttpAction() as run:
                return HttpRunner(spec, run, self._client, self._environment)
            case OpenApiAction() as run:
                return OpenApiRunner(spec, run, self._client, self._documents, self._environment)
            case McpAction() as run:
                # The library takes over a second to import, which only those who use it should pay.
                mcp = importlib.import_module("actions.mcp")
                if self._sessions is None:
                    self._sessions = mcp.McpSessions()
                return cast("Runner", mcp.McpRunner(spec, run, self._sessions, self._environment))
            case _:
                return PythonRunner(self._registry.action(name))

    def _reads(self, name: str) -> bool:
        return name in self._specs and self._specs[name].reads


def _found(answer: Data) -> Data | None:
    """What a look-up says.

    Raises:
        ActionError: it says neither yes nor no.
    """
    found, result = answer.get("found"), answer.get("result")
    if found is False:
        return None
    if found is True and (result is None or isinstance(result, dict)):
        return result or {}
    raise ActionError(Failure.BROKEN, "a look-up must answer with found, true or false, and the result")


def _granted(spec: ActionSpec, data: Data) -> Data:
    """A check of identity never grants more than it is declared to."""
    level = data.get("level")
    if spec.grants is None:
        return data
    if isinstance(level, bool) or not isinstance(level, int) or level < 0:
        return {**data, "level": 0}
    return {**data, "level": min(level, spec.grants)}
