"""The live transcript of a call, as the server tells it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Protocol

import httpx
from loguru import logger
from pydantic import BaseModel, ConfigDict, ValidationError
from twilio.request_validator import RequestValidator

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 3.0
MOST_FAILURES = 12
"""Tries without a line in between, some half minute."""


class TranscriptLine(BaseModel):
    """One line for the person at the phone."""

    model_config = ConfigDict(frozen=True)

    seq: int
    who: str
    """`caller`, `assistant`, `agent` or `note`."""
    text: str
    at_s: float = 0.0
    latency_s: float | None = None


class TranscriptSource(Protocol):
    """Where the lines come from."""

    def follow(self, call_sid: str, after: int) -> AsyncIterator[TranscriptLine]:
        """The lines of a call behind `after`, until the call is over."""


class SignedTranscripts:
    """Reads the server's event stream, signed like a webhook; goes on where it was when the connection breaks."""

    def __init__(self, base_url: str, auth_token: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._validator = RequestValidator(auth_token)

    async def follow(self, call_sid: str, after: int) -> AsyncIterator[TranscriptLine]:
        """The lines of a call. The server may not know it yet."""
        failures = 0
        async with httpx.AsyncClient(timeout=httpx.Timeout(10, read=None)) as client:
            while failures < MOST_FAILURES:
                try:
                    async for event, line in self._read(client, call_sid, after):
                        if event == "end":
                            return
                        if line is not None:
                            failures, after = 0, line.seq
                            yield line
                except (httpx.HTTPError, ValidationError) as error:
                    logger.bind(call=call_sid).debug("a transcript broke off: {}", type(error).__name__)
                failures += 1
                await asyncio.sleep(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(failures, 6)))

    async def _read(
        self, client: httpx.AsyncClient, call_sid: str, after: int
    ) -> AsyncIterator[tuple[str, TranscriptLine | None]]:
        url = f"{self._base_url}/line/transcript/{call_sid}?after={after}"
        headers = {"X-Twilio-Signature": self._validator.compute_signature(url, {})}
        async with client.stream("GET", url, headers=headers) as answer:
            answer.raise_for_status()
            fields: dict[str, str] = {}
            async for text in answer.aiter_lines():
                if text:
                    name, _, value = text.partition(": ")
                    fields[name] = value
                    continue
                yield _event(fields)
                fields = {}


def _event(fields: dict[str, str]) -> tuple[str, TranscriptLine | None]:
    kind = fields.get("event", "message")
    if kind != "line":
        return kind, None
    try:
        told = json.loads(fields.get("data", ""))
    except ValueError:
        return "broken", None
    return kind, TranscriptLine.model_validate({"seq": int(fields.get("id", "0")), **told})
