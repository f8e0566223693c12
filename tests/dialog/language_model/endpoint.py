"""A real endpoint on the loopback interface that answers as a test tells it."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

SLOW_S = 5.0
"""So long takes an answer that is slow, or that comes in drops."""


def completion(content: str | None, **extra: object) -> dict[str, object]:
    """A chat completion as OpenAI's servers write it."""
    message = {"role": "assistant", "content": content, **extra}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 0,
        "model": "local",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
    }


def answer(commands: list[dict[str, object]], reply: str | None = None, sources: tuple[str, ...] = ()) -> str:
    """What a well-behaved model writes."""
    full = [{"flow": None, "slot": None, "value": None, **command} for command in commands]
    return json.dumps({"commands": full, "reply": reply, "sources": list(sources)})


class Endpoint:
    """One server; `content` is what the model says, `behaviour` how the server does it."""

    def __init__(self) -> None:
        self.content: str | None = answer([{"kind": "nothing"}])
        self.extra: dict[str, object] = {}
        self.beside: dict[str, object] = {}
        """What the response has beside the answer, or instead."""
        self.behaviour = "well"
        self.status = 200
        self.asked: list[dict[str, object]] = []
        self.app = FastAPI()
        self.app.post("/v1/chat/completions")(self._complete)
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def _complete(self, request: Request) -> Response:
        body = json.loads(await request.body())
        self.asked.append(body)
        if self.behaviour == "slow":
            await asyncio.sleep(SLOW_S)
        if self.behaviour in STREAMS:
            return StreamingResponse(STREAMS[self.behaviour](), media_type="application/json")
        if self.behaviour == "broken":
            return Response("<html>gateway</html>", media_type="text/html")
        if self.behaviour == "no schema" and body["response_format"]["type"] == "json_schema":
            return JSONResponse({"error": {"message": "unknown response_format"}}, status_code=400)
        if self.status != 200:
            return JSONResponse({"error": {"message": "no"}}, status_code=self.status)
        return JSONResponse({**completion(self.content, **self.extra), **self.beside})


async def _trickle() -> AsyncIterator[bytes]:
    for _ in range(250):
        yield b" "
        await asyncio.sleep(SLOW_S / 250)


async def _huge() -> AsyncIterator[bytes]:
    for _ in range(2_000):
        yield b"x" * 65_536


async def _broken_off() -> AsyncIterator[bytes]:
    yield b'{"choices": ['
    raise ConnectionResetError("the server went away")


STREAMS = {"trickle": _trickle, "huge": _huge, "broken off": _broken_off}


@contextmanager
def served() -> Iterator[Endpoint]:
    """An endpoint in a thread of its own."""
    endpoint = Endpoint()
    server = uvicorn.Server(uvicorn.Config(endpoint.app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.005)
    endpoint.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield endpoint
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=10)
