"""Warmline and its local line as two processes on this machine, for as long as a trial call lasts."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from rich.console import Console

from demo.ports import free_ports

READY_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 10.0
NUMBER = "+15550100100"


class StackError(Exception):
    """A process did not come up; the text says which and where its output is."""


@dataclass(frozen=True)
class Stack:
    """Where the running parts are."""

    server_url: str
    line_url: str
    sip_port: int
    number: str
    data_dir: Path
    account_sid: str
    auth_token: str
    server_pid: int
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What both processes were started with; holds the account's secret."""

    @property
    def sip_address(self) -> str:
        """What a SIP telephone dials to reach the assistant."""
        return f"sip:{self.number}@127.0.0.1:{self.sip_port}"

    @property
    def phone_url(self) -> str:
        """Where the browser phone is."""
        return f"{self.line_url}/line/phone"


@asynccontextmanager
async def open_stack(data_dir: Path, **settings: str) -> AsyncIterator[Stack]:
    """Start both processes, wait until they answer, and end them afterwards. `settings` are further variables.

    Raises:
        StackError: one of them does not come up in time.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    server_port, line_port = free_ports(2)
    (sip_port,) = free_ports(1, socket.SOCK_DGRAM)
    account_sid, auth_token = "AC" + secrets.token_hex(16), secrets.token_hex(16)
    environment = {
        **os.environ,
        "TWILIO_ACCOUNT_SID": account_sid,
        "TWILIO_AUTH_TOKEN": auth_token,
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{line_port}",
        "PUBLIC_URL": f"http://127.0.0.1:{server_port}",
        "WARMLINE_DATA_DIR": str(data_dir),
        "WARMLINE_PORT": str(server_port),
        "LINE_NUMBER": NUMBER,
        "LINE_HTTP_PORT": str(line_port),
        "LINE_SIP_PORT": str(sip_port),
        **settings,
    }
    async with (
        _warmline("serve", f"http://127.0.0.1:{server_port}/healthz", environment, data_dir) as server,
        _warmline("line", f"http://127.0.0.1:{line_port}/line/phone", environment, data_dir),
    ):
        yield Stack(
            server_url=f"http://127.0.0.1:{server_port}",
            line_url=f"http://127.0.0.1:{line_port}",
            sip_port=sip_port,
            number=NUMBER,
            data_dir=data_dir,
            account_sid=account_sid,
            auth_token=auth_token,
            server_pid=server.pid,
            environment=environment,
        )


@asynccontextmanager
async def show_starting(console: Console, data_dir: Path, **settings: str) -> AsyncIterator[Stack]:
    """The same, for somebody who waits for it."""
    async with AsyncExitStack() as running:
        with console.status("The server and the local line start, on this machine only"):
            stack = await running.enter_async_context(open_stack(data_dir, **settings))
        yield stack


def serving_again(stack: Stack) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """A server in the place of the stack's own, which has died. The line has gone on."""
    return _warmline("serve", f"{stack.server_url}/healthz", stack.environment, stack.data_dir)


@asynccontextmanager
async def open_spare(stack: Stack) -> AsyncIterator[tuple[str, int]]:
    """One server more on the same data and for the same line. Yields its address and its process id.

    Raises:
        StackError: it does not come up in time.
    """
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    environment = {**stack.environment, "WARMLINE_PORT": str(port)}
    async with _warmline("serve", f"{url}/healthz", environment, stack.data_dir) as server:
        yield url, server.pid


def _warmline(
    command: str, ready_url: str, environment: Mapping[str, str], data_dir: Path
) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    return run_process(
        f"warmline {command}", [sys.executable, "-m", "cli", command], ready_url, environment, data_dir
    )


@asynccontextmanager
async def run_process(
    name: str, command: Sequence[str], ready_url: str, environment: Mapping[str, str], data_dir: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that is there once `ready_url` answers; its output goes to a file that an error names.

    Raises:
        StackError: it does not come up in time.
    """
    output_path = data_dir / f"{name.rsplit(maxsplit=1)[-1]}.log"
    with output_path.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stdout=output, stderr=output
        )
        try:
            await _await_ready(process, name, ready_url, output_path)
            yield process
        finally:
            await _end(process)


async def _await_ready(process: asyncio.subprocess.Process, name: str, url: str, output_path: Path) -> None:
    async with httpx.AsyncClient() as client:
        try:
            async with asyncio.timeout(READY_TIMEOUT_S):
                while not await _answers(client, url):
                    if process.returncode is not None:
                        raise StackError(f"`{name}` ended with {process.returncode}; see {output_path}")
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise StackError(
                f"`{name}` did not answer within {READY_TIMEOUT_S:.0f} s; see {output_path}"
            ) from None


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
