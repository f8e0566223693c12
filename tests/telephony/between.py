"""Stands between us and the carrier: passes requests on, writes them down, and answers itself where it is told to."""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

import httpx
from openapi_schema_validator import OAS30Validator

from tests.telephony.line.lab import served

HOP = frozenset({"host", "content-length", "connection", "transfer-encoding"})


@dataclass(frozen=True)
class Asked:
    """One request and its answer."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    status: int
    body: bytes

    @property
    def resource(self) -> str:
        """The path within the account."""
        return self.path.split("/", 4)[4].removesuffix(".json")


@dataclass(frozen=True)
class Instead:
    """An answer in place of the carrier's. `done` answers only when the carrier has done it."""

    status: int
    headers: dict[str, str] | None = None
    body: bytes = b"{}"
    done: bool = False


class Between:
    """An ASGI application before `url`.

    `instead` looks at method, path and how many requests came before; `query` may change what the carrier is asked.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self.asked: list[Asked] = []
        self.instead: Callable[[str, str, int], Instead | None] = lambda *_: None
        self.query: Callable[[str], str] = lambda query: query

    async def __call__(self, scope, receive, send) -> None:
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        path, query = scope["path"], scope["query_string"].decode()
        other = self.instead(scope["method"], path, len(self.asked))
        answer = None
        if other is None or other.done:
            headers = [(name, value) for name, value in scope["headers"] if name.decode() not in HOP]
            async with httpx.AsyncClient(trust_env=False) as http:
                passed = self.query(query)
                address = f"{self._url}{path}" + (f"?{passed}" if passed else "")
                answer = await http.request(scope["method"], address, headers=headers, content=body)
        status = other.status if other is not None else answer.status_code
        content = other.body if other is not None else answer.content
        kept = {"content-type": "application/json", **((other.headers or {}) if other is not None else {})}
        pairs = tuple(parse_qsl(query, keep_blank_values=True))
        self.asked.append(Asked(scope["method"], path, pairs, status, content))
        sent = [(name.encode(), value.encode()) for name, value in kept.items()]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": b"" if status == 204 else content})


@contextlib.asynccontextmanager
async def between(url: str):
    """One before `url`, with its own address as `url`."""
    one = Between(url)
    async with served(one) as address:
        one.url = address
        yield one


def problems_of(description: dict, asked: Asked) -> list[str]:
    """How a request and its answer differ from what an OpenAPI description allows; nothing where they do not."""
    operation, path_values = _operation(description, asked)
    if operation is None:
        return [f"{asked.method} {asked.path}: no such operation"]
    declared = {(one["in"], one["name"]): one["schema"] for one in operation["parameters"]}
    values = [("path", name, value) for name, value in path_values.items()]
    values += [("query", name, value) for name, value in asked.query]
    found = []
    for where, name, value in values:
        schema = declared.get((where, name))
        if schema is None:
            found.append(f"{asked.method} {asked.path}: no parameter {name}")
            continue
        typed = int(value) if schema.get("type") == "integer" else value
        found += [f"{name}: {one.message}" for one in _errors(description, schema, typed)]
    answers = operation["responses"]
    if str(asked.status) not in answers:
        return [*found, f"{asked.method} {asked.path}: no answer {asked.status}"]
    content = answers[str(asked.status)].get("content")
    if content is not None:
        schema = content["application/json"]["schema"]
        found += [
            one.message
            for one in _errors(description, schema, httpx.Response(200, content=asked.body).json())
        ]
    elif asked.body:
        found.append(f"{asked.method} {asked.path}: an answer {asked.status} has no body")
    return found


def _errors(description: dict, schema: dict, value: object) -> list:
    return list(OAS30Validator({**schema, "components": description["components"]}).iter_errors(value))


def _operation(description: dict, asked: Asked) -> tuple[dict | None, dict[str, str]]:
    for path, operations in description["paths"].items():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
        match = re.fullmatch(pattern, asked.path)
        if match is not None and asked.method.lower() in operations:
            return operations[asked.method.lower()], match.groupdict()
    return None, {}
