"""sipp, an independent SIP peer that follows a scenario to the letter: its exit status is the proof."""

import asyncio
import contextlib
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.ports import free_ports

SCENARIOS = Path(__file__).parent / "scenarios"
READY_TIMEOUT_S = 10.0
LONGEST_S = 60
NO_SIPP = "there is no sipp (Debian's package sip-tester)"
needs_sipp = pytest.mark.skipif(shutil.which("sipp") is None, reason=NO_SIPP)


@dataclass
class Peer:
    """One run of a scenario."""

    port: int
    process: asyncio.subprocess.Process
    errors: Path

    @property
    def address(self):
        return f"sip:far-end@127.0.0.1:{self.port}"

    async def finished(self, within_s=20.0):
        """Wait until it has gone through its scenario, and fail where the line did not play its part."""
        told, _ = await asyncio.wait_for(self.process.communicate(), within_s)
        errors = self.errors.read_text(errors="replace") if self.errors.exists() else ""
        assert self.process.returncode == 0, f"{errors}\n{told.decode(errors='replace')[-1500:]}"


@contextlib.asynccontextmanager
async def open_peer(folder, scenario, *, calls=None, pause_ms=0, **values):
    """A peer that follows `scenario`, filled with `values`: it waits for a call, or calls the address `calls`."""
    port, media_port = free_ports(2, socket.SOCK_DGRAM)
    errors = folder / f"{scenario}-{port}.txt"
    text = (SCENARIOS / f"{scenario}.xml").read_text()
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    script = folder / f"{scenario}-{port}.xml"
    script.write_text(text)
    options = []
    if calls is not None:
        service, _, remote = calls.removeprefix("sip:").partition("@")
        options = ["-s", service, remote]
    process = await asyncio.create_subprocess_exec(
        *("sipp", "-sf", str(script), "-i", "127.0.0.1", "-p", str(port)),
        *("-mi", "127.0.0.1", "-mp", str(media_port), "-m", "1", "-nostdin", "-d", str(pause_ms)),
        *("-timeout", f"{LONGEST_S}s", "-timeout_error", "-trace_err", "-error_file", str(errors)),
        *options,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        await _listening(port, process)
        yield Peer(port, process, errors)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _listening(port, process):
    """Once nobody else can have its port."""
    async with asyncio.timeout(READY_TIMEOUT_S):
        while process.returncode is None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    return
            await asyncio.sleep(0.05)
