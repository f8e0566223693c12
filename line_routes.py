"""What the local line asks of the server: a call's live transcript, for the browser phone.

Only mounted when the carrier is the local line. Requests are signed like the carrier's webhooks, so nobody else
can listen in.
"""

from collections.abc import AsyncIterator

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import StreamingResponse

from calls.events import (
    ActionDone,
    ActionFailed,
    CallEnded,
    CallEvent,
    TalkHeard,
    TransferBriefed,
    TurnAnswered,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
)
from calls.log import CallLog
from calls.words import told
from telephony.signature import SIGNATURE_HEADER, SignatureCheck, path_and_query
from web.server_sent import server_sent

TRANSCRIPT_PATH = "/line/transcript"


def create_line_router(log: CallLog, check: SignatureCheck) -> APIRouter:
    """The routes for the local line."""
    router = APIRouter()

    @router.get(TRANSCRIPT_PATH + "/{call_sid}")
    async def transcript(request: Request, call_sid: str, after: int = Query(0, ge=0)) -> StreamingResponse:
        if not check.webhook(path_and_query(request.url), {}, request.headers.get(SIGNATURE_HEADER)):
            raise HTTPException(status_code=403, detail="bad_signature")
        if not await log.read(call_sid):
            raise HTTPException(status_code=404, detail="unknown_call")
        return StreamingResponse(_stream(log.follow(call_sid, after)), media_type="text/event-stream")

    return router


async def _stream(events: AsyncIterator[CallEvent]) -> AsyncIterator[str]:
    async for event in events:
        line = transcript_line(event)
        if line is not None:
            yield server_sent("line", line, event.seq)
        if isinstance(event.body, CallEnded):
            yield server_sent("end", {}, event.seq)


def transcript_line(event: CallEvent) -> dict[str, object] | None:
    """An event as a line for a person to read; None for events that say nothing to them."""
    line: dict[str, object] | None = None
    match event.body:
        case TurnHeard(text=text, start_s=at_s):
            line = _line("caller", text or "(not understood)", at_s)
        case TurnKeyed(digits=digits, start_s=at_s):
            line = _line("caller", f"keys {digits}", at_s)
        case TurnPlanned(say=say) if say:
            line = _line("assistant", " ".join(say))
        case TurnAnswered(total_s=total_s):
            line = _line("note", f"answered after {total_s:.2f} s", latency_s=total_s)
        case ActionDone(action=action):
            line = _line("note", f"{action} done")
        case ActionFailed(action=action, failure=failure):
            line = _line("note", f"{action} failed: {failure}")
        case TalkHeard(who=who, text=text, start_s=at_s):
            line = _line(who, text, at_s)
        case TransferBriefed(seconds=seconds):
            line = _line(
                "note", f"The agent is briefed for {seconds:.0f} s"
            )  # what is said is not the caller's
        case body if (words := told(body)) is not None:
            line = _line("note", words)
    return line


def _line(who: str, text: str, at_s: float = 0.0, latency_s: float | None = None) -> dict[str, object]:
    return {"who": who, "text": text, "at_s": at_s, "latency_s": latency_s}
