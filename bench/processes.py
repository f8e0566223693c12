"""The servers under test: started for the run, on this machine only, with what they cost."""

import json
import os
import secrets
import sys
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import ClientConnection, connect

from demo.ports import free_ports
from demo.stack import run_process
from telephony.routes import VOICE_PATH
from telephony.signature import SIGNATURE_HEADER
from telephony.twiml import MEDIA_PATH, TOKEN_PARAMETER


@dataclass
class Subject:
    """A running server: how to call it, and its process."""

    name: str
    pid: int
    port: int
    account_sid: str = ""
    auth_token: str = ""

    def cpu_s(self) -> float:
        """Processor time used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Resident memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    async def call(self) -> tuple[ClientConnection, str]:
        """Place a call. Returns its open media stream, `start` sent, and the stream's id."""
        call_sid, stream_sid = "CA" + secrets.token_hex(16), "MZ" + secrets.token_hex(16)
        if self.auth_token:
            return await _call_warmline(self, call_sid, stream_sid), stream_sid
        socket = await connect(f"ws://127.0.0.1:{self.port}/media", max_size=None)
        await _start(socket, call_sid, stream_sid, {}, "AC" + "0" * 32)
        return socket, stream_sid


@asynccontextmanager
async def warmline(data_dir: Path) -> AsyncIterator[Subject]:
    """Warmline as `warmline serve` starts it."""
    (port, carrier) = free_ports(2)
    account_sid, auth_token = "AC" + secrets.token_hex(16), secrets.token_hex(16)
    data_dir.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "TWILIO_ACCOUNT_SID": account_sid,
        "TWILIO_AUTH_TOKEN": auth_token,
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{carrier}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WARMLINE_DATA_DIR": str(data_dir),
        "WARMLINE_PORT": str(port),
    }
    command = [sys.executable, "-m", "cli", "serve"]
    async with run_process(
        "serve", command, f"http://127.0.0.1:{port}/healthz", environment, data_dir
    ) as process:
        yield Subject("warmline", process.pid, port, account_sid, auth_token)


@asynccontextmanager
async def pipecat_peer(data_dir: Path) -> AsyncIterator[Subject]:
    """Stock pipecat (`bench.peer`)."""
    (port,) = free_ports(1)
    data_dir.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bench.peer", str(port)]
    async with run_process(
        "peer", command, f"http://127.0.0.1:{port}/healthz", dict(os.environ), data_dir
    ) as process:
        yield Subject("peer", process.pid, port)


async def _call_warmline(subject: Subject, call_sid: str, stream_sid: str) -> ClientConnection:
    sign = RequestValidator(subject.auth_token).compute_signature
    base = f"http://127.0.0.1:{subject.port}"
    form = {
        "AccountSid": subject.account_sid,
        "CallSid": call_sid,
        "From": "+15550100200",
        "To": "+15550100100",
        "Direction": "inbound",
        "CallStatus": "ringing",
    }
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            base + VOICE_PATH, data=form, headers={SIGNATURE_HEADER: sign(base + VOICE_PATH, form)}
        )
    answer.raise_for_status()
    parameter = ET.fromstring(answer.text).find(".//Parameter")
    if parameter is None:
        raise ConnectionRefusedError("the server did not connect the call to its media stream")
    address = f"ws://127.0.0.1:{subject.port}{MEDIA_PATH}"
    headers = {SIGNATURE_HEADER: sign(address, {})}
    socket = await connect(address, additional_headers=headers, max_size=None)
    token = {TOKEN_PARAMETER: parameter.attrib["value"]}
    await _start(socket, call_sid, stream_sid, token, subject.account_sid)
    return socket


async def _start(
    socket: ClientConnection, call_sid: str, stream_sid: str, parameters: dict[str, str], account_sid: str
) -> None:
    await socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
    start = {
        "streamSid": stream_sid,
        "accountSid": account_sid,
        "callSid": call_sid,
        "tracks": ["inbound"],
        "customParameters": parameters,
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    }
    message = {"event": "start", "sequenceNumber": "1", "start": start, "streamSid": stream_sid}
    await socket.send(json.dumps(message))
