"""Actions that are tools of MCP servers, over streamable HTTP or the standard streams of a command."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from loguru import logger
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.types import INVALID_PARAMS, METHOD_NOT_FOUND, CallToolResult, RequestParamsMeta, TextContent
from pydantic import JsonValue

from actions.arguments import check_arguments
from actions.errors import ActionError, OutcomeUnknownError
from actions.http import MOST_BYTES, UnsafeAddressError, check_address, filled_headers
from actions.spec import ActionSpec, McpAction
from actions.templates import pick, with_environment
from actions.types import Failure

OPENING_S = 10.0
CLOSING_S = 5.0
KEY_ARGUMENT = "idempotency_key"
"""Filled in where a tool has an argument of this name."""
KEY_META = "warmline/idempotency-key"
"""Where every call carries the key, in its `_meta`."""


@dataclass(frozen=True)
class Server:
    """One MCP server as it is reached."""

    url: str | None
    command: tuple[str, ...]
    headers: tuple[tuple[str, str], ...] = field(repr=False, default=())


class McpSession:
    """One open session, which lives in a task of its own: the library binds it to the task that opened it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: Client | None = None
        self.tools: dict[str, dict[str, Any]] = {}
        """By name: the input's JSON Schema."""
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._leaving = asyncio.Event()
        self._task = asyncio.create_task(self._live())

    @property
    def alive(self) -> bool:
        """Whether calls may be made."""
        return not self._task.done() and not self._leaving.is_set()

    async def opened(self) -> "McpSession":
        """Itself, once it can be used.

        Raises:
            ActionError: it could not be opened; nothing was asked.
        """
        try:
            async with asyncio.timeout(OPENING_S):
                await asyncio.shield(self._opened)
        except TimeoutError:
            self._task.cancel()
            raise ActionError(Failure.UNAVAILABLE, "the MCP server does not answer") from None
        return self

    async def call(self, tool: str, arguments: dict[str, Any], key: str) -> CallToolResult:
        """Call a tool.

        Raises:
            MCPError: the server refuses, or is gone.
        """
        if self._client is None:
            raise RuntimeError("an MCP session must be opened before a call")
        return await self._client.call_tool(tool, arguments, meta=cast("RequestParamsMeta", {KEY_META: key}))

    def leave(self) -> None:
        """Use it no more."""
        self._leaving.set()

    async def close(self) -> None:
        """End it, and its command."""
        self.leave()
        await asyncio.wait({self._task}, timeout=CLOSING_S)
        if not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _live(self) -> None:
        try:
            async with _connect(self._server) as client:
                self.tools = {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}
                self._client = client
                self._opened.set_result(None)
                await self._leaving.wait()
        except Exception as error:  # noqa: BLE001 - a server of others, behind a library that groups its errors
            # Their texts may hold addresses and headers.
            logger.bind(error=type(error).__name__).warning("an MCP session ended")
            if not self._opened.done():
                self._opened.set_exception(
                    ActionError(Failure.UNAVAILABLE, f"no MCP session: {type(error).__name__}")
                )
                self._opened.exception()  # whoever asked may have left
        finally:
            if not self._opened.done():
                self._opened.cancel()


@asynccontextmanager
async def _connect(server: Server) -> AsyncIterator[Client]:
    if server.url is None:
        parameters = StdioServerParameters(command=server.command[0], args=list(server.command[1:]))
        async with Client(parameters) as client:
            yield client
        return
    async with (
        create_mcp_http_client(headers=dict(server.headers)) as http,
        Client(streamable_http_client(server.url, http_client=http)) as client,
    ):
        yield client


class McpSessions:
    """The sessions of one process: opened when first needed, kept, opened again when they end."""

    def __init__(self) -> None:
        self._sessions: dict[Server, McpSession] = {}

    async def get(self, server: Server) -> McpSession:
        """An open session.

        Raises:
            ActionError: UNAVAILABLE.
        """
        session = self._sessions.get(server)
        if session is None or not session.alive:
            session = self._sessions[server] = McpSession(server)
        return await session.opened()

    async def close(self) -> None:
        """End all."""
        await asyncio.gather(*(session.close() for session in self._sessions.values()))
        self._sessions.clear()


class McpRunner:
    """Runs one `mcp` action."""

    def __init__(
        self, spec: ActionSpec, run: McpAction, sessions: McpSessions, environment: Mapping[str, str]
    ) -> None:
        self._spec = spec
        self._run = run
        self._sessions = sessions
        self._environment = environment

    @property
    def circuit(self) -> str:
        """Its server, as declared."""
        return f"mcp:{urlsplit(self._run.url or '').netloc or ' '.join(self._run.command)}"

    async def names(self) -> frozenset[str]:
        """The declared ones, or else those of the tool."""
        return frozenset(self._spec.arguments or _properties((await self._tool())[1]))

    async def check(self, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """The arguments as the server, and where it says more the playbook, declares them."""
        schema = (await self._tool())[1]
        schemas = {**_properties(schema), **self._spec.arguments}
        named = schema.get("required", ())
        required = {*named, *(self._spec.arguments if self._spec.required is None else self._spec.required)}
        schemas.pop(KEY_ARGUMENT, None)
        definitions: dict[str, Any] = {
            name: schema[name] for name in ("$defs", "definitions") if name in schema
        }
        return check_arguments(schemas, sorted(required - {KEY_ARGUMENT}), given, definitions)

    async def attempt(
        self, arguments: Mapping[str, JsonValue], key: str, timeout_s: float
    ) -> dict[str, JsonValue]:
        """Call the tool."""
        session, schema = await self._tool()
        given = dict(arguments)
        if KEY_ARGUMENT in _properties(schema):
            given[KEY_ARGUMENT] = key
        try:
            async with asyncio.timeout(timeout_s):
                answer = await session.call(self._run.tool, given, key)
        except TimeoutError:
            raise OutcomeUnknownError(Failure.TIMED_OUT, f"no answer within {timeout_s} s") from None
        except MCPError as error:
            if error.code in {INVALID_PARAMS, METHOD_NOT_FOUND}:
                raise ActionError(Failure.INVALID, f"MCP error {error.code}") from None
            session.leave()
            raise OutcomeUnknownError(Failure.UNAVAILABLE, f"MCP error {error.code}") from None
        except Exception as error:  # noqa: BLE001 - the connection broke in one of the library's many ways
            session.leave()
            raise OutcomeUnknownError(Failure.UNAVAILABLE, type(error).__name__) from None
        return _read(answer, self._run.result)

    async def _tool(self) -> tuple[McpSession, dict[str, Any]]:
        try:
            server = self._server()
        except UnsafeAddressError as error:
            raise ActionError(Failure.BROKEN, str(error)) from None
        session = await self._sessions.get(server)
        if self._run.tool not in session.tools:
            raise ActionError(Failure.BROKEN, f"the MCP server has no tool {self._run.tool}")
        return session, session.tools[self._run.tool]

    def _server(self) -> Server:
        if self._run.url is None:
            return Server(None, self._run.command)
        url = with_environment(self._run.url, self._environment)
        check_address(url)
        headers = filled_headers(self._run.headers, self._environment)
        return Server(url, (), tuple(sorted(headers.items())))


def _properties(schema: Mapping[str, Any]) -> dict[str, Any]:
    return dict(schema.get("properties") or {})


def _read(answer: CallToolResult, places: Mapping[str, str]) -> dict[str, JsonValue]:
    if answer.is_error:
        # Tools report refusals so, but servers also every error of a tool's code, whenever it happened.
        raise OutcomeUnknownError(
            Failure.REFUSED, "the MCP tool refuses", _data(answer) or {}, over=True, presumed=True
        )
    data = _data(answer)
    try:
        if places:
            return {name: pick(data, place) for name, place in places.items()}
    except LookupError:
        data = None
    if data is None:
        raise OutcomeUnknownError(Failure.BROKEN, "an MCP result that is not as declared", over=True)
    return data


def _data(answer: CallToolResult) -> dict[str, JsonValue] | None:
    """The result's structured content, or the JSON object of its text; None where there is neither."""
    if isinstance(answer.structured_content, dict):
        return answer.structured_content
    text = "".join(part.text for part in answer.content if isinstance(part, TextContent))
    if len(text) > MOST_BYTES:
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
