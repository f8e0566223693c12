"""The first moments of a media stream: `connected`, `start`, and whether we let it in."""

import asyncio
from collections.abc import Callable

from fastapi import WebSocket, WebSocketDisconnect
from loguru import logger

from telephony.media.messages import Start, StreamError, StreamFault, parse
from telephony.media.protocol import StreamProtocol
from telephony.signature import SIGNATURE_HEADER, SignatureCheck

START_TIMEOUT_S = 10.0


async def open_stream(
    websocket: WebSocket, path: str, check: SignatureCheck, admit: Callable[[Start], bool]
) -> tuple[Start, StreamProtocol] | None:
    """Let a media stream in, up to and including `start`; None where it is gone, or refused and its socket closed."""
    if not check.upgrade(path, websocket.headers.get(SIGNATURE_HEADER)):
        logger.bind(path=path, code="bad_signature").warning("request refused")
        await websocket.close(code=1008)  # before `accept` this is answered with HTTP 403
        return None
    await websocket.accept()
    try:
        return await await_start(websocket, admit)
    except WebSocketDisconnect:
        return None
    except StreamError as error:
        logger.bind(path=path, fault=error.fault.name).warning("media stream refused: {}", error)
        await websocket.close(code=error.fault, reason=str(error)[:120])
        return None


async def await_start(websocket: WebSocket, admit: Callable[[Start], bool]) -> tuple[Start, StreamProtocol]:
    """Read up to and including `start`.

    Raises:
        StreamError: the protocol is broken, `start` is late, or `admit` says no (FORBIDDEN).
        WebSocketDisconnect: the socket is gone.
    """
    protocol = StreamProtocol()
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            start = await _read_start(websocket, protocol)
    except TimeoutError:
        raise StreamError(StreamFault.NO_START, f"`start` comes within {START_TIMEOUT_S:.0f} s") from None
    if not admit(start):
        raise StreamError(StreamFault.FORBIDDEN, "the token is unknown, spent, late or another call's")
    return start, protocol


async def _read_start(websocket: WebSocket, protocol: StreamProtocol) -> Start:
    while True:
        incoming = await websocket.receive()
        if incoming["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(incoming.get("code", 1006))
        text = incoming.get("text")
        message = parse(incoming.get("bytes") or b"" if text is None else text)
        protocol.take(message)
        if isinstance(message, Start):
            return message
