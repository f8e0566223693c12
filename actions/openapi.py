"""Actions that are operations of an OpenAPI document (3.0 and 3.1), with JSON bodies."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx
import yaml
from pydantic import JsonValue

from actions.arguments import check_arguments
from actions.errors import ActionError
from actions.http import (
    IDEMPOTENCY_HEADER,
    MOST_BYTES,
    HttpCall,
    UnsafeAddressError,
    check_address,
    filled_headers,
    send,
)
from actions.spec import ActionSpec, OpenApiAction
from actions.templates import plain, with_environment
from actions.types import Failure

METHODS = ("get", "post", "put", "patch", "delete")
PLACES = frozenset({"path", "query", "header"})
JSON_TYPE = "application/json"
BODY = "body"
"""The argument that holds a body which is no object."""
READING_S = 10.0


class DocumentError(ValueError):
    """A document that cannot be used. The text names the rule."""


@dataclass(frozen=True)
class Parameter:
    """One argument outside the body."""

    name: str
    place: str
    required: bool
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation, its references resolved where we look."""

    method: str
    path: str
    server: str
    parameters: tuple[Parameter, ...]
    body: Mapping[str, Any] | None
    body_required: bool
    definitions: Mapping[str, Any]
    """What the schemas refer to."""

    @property
    def body_names(self) -> tuple[str, ...]:
        """The arguments that make up the body."""
        if self.body is None:
            return ()
        properties = self.body.get("properties")
        return tuple(properties) if isinstance(properties, Mapping) else (BODY,)

    @property
    def schemas(self) -> dict[str, Any]:
        """Every argument's schema."""
        schemas: dict[str, Any] = {one.name: one.schema for one in self.parameters}
        if self.body is not None:
            properties = self.body.get("properties")
            schemas.update(properties if isinstance(properties, Mapping) else {BODY: self.body})
        return schemas

    @property
    def required(self) -> tuple[str, ...]:
        """The arguments that must be there."""
        names = [one.name for one in self.parameters if one.required]
        if self.body is not None and self.body_required:
            names += list(self.body.get("required", ())) if self.body_names != (BODY,) else [BODY]
        return tuple(names)


def read_document(text: str) -> dict[str, Any]:
    """A document out of JSON or YAML.

    Raises:
        DocumentError: it is neither, or no OpenAPI 3 document.
    """
    try:
        document = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        raise DocumentError("is neither JSON nor YAML") from None
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3."):
        raise DocumentError("is not an OpenAPI 3 document")
    return document


def find_operation(document: Mapping[str, Any], name: str, address: str = "") -> Operation:
    """The operation whose operationId is `name`. A relative server is relative to the document's `address`.

    Raises:
        DocumentError: there is none, or it needs what is not done here.
    """
    for path, item in _mapping(document.get("paths")).items():
        for method in METHODS:
            operation = _mapping(item).get(method)
            if isinstance(operation, Mapping) and operation.get("operationId") == name:
                return _operation(document, address, path, method, item)
    raise DocumentError(f"has no operation {name}")


def _operation(
    document: Mapping[str, Any], address: str, path: str, method: str, item: Mapping[str, Any]
) -> Operation:
    operation = item[method]
    found = {}
    for raw in (*item.get("parameters", ()), *operation.get("parameters", ())):
        parameter = _parameter(_resolved(document, raw))
        if parameter.place == "header" and parameter.name.lower() == IDEMPOTENCY_HEADER.lower():
            continue  # every write sends it
        found[parameter.name, parameter.place] = parameter
    body = _mapping(_resolved(document, operation.get("requestBody") or {}))
    content = _mapping(body.get("content"))
    if content and JSON_TYPE not in content:
        raise DocumentError(f"operation {operation['operationId']}: its body must be {JSON_TYPE}")
    schema = _mapping(_resolved(document, _mapping(content.get(JSON_TYPE)).get("schema") or {}))
    servers = operation.get("servers") or item.get("servers") or document.get("servers") or [{"url": "/"}]
    return Operation(
        method=method.upper(),
        path=path,
        server=urljoin(address, str(servers[0].get("url", "/"))),
        parameters=tuple(found.values()),
        body=_with_null(schema) if content else None,
        body_required=bool(body.get("required")),
        definitions={"components": _with_null(document.get("components") or {})},
    )


def _parameter(raw: Mapping[str, Any]) -> Parameter:
    place = raw.get("in")
    if place not in PLACES:
        raise DocumentError(f"parameter {raw.get('name')}: a parameter in {place} is not done here")
    required = bool(raw.get("required")) or place == "path"
    return Parameter(str(raw["name"]), str(place), required, _with_null(raw.get("schema") or {}))


def _resolved(document: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference inside the document."""
    for _ in range(10):
        reference = value.get("$ref")
        if reference is None:
            return value
        if not str(reference).startswith("#/"):
            raise DocumentError("references to other documents are not followed")
        target: Any = document
        for part in str(reference)[2:].split("/"):
            target = _mapping(target).get(part.replace("~1", "/").replace("~0", "~"))
        if not isinstance(target, Mapping):
            raise DocumentError(f"{reference} refers to nothing")
        value = target
    raise DocumentError("a reference refers to itself")


def _with_null(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as JSON Schema has it: `nullable` becomes a type."""
    if isinstance(schema, list):
        return [_with_null(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    changed = {name: _with_null(value) for name, value in schema.items() if not _is_flag(name, value)}
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        changed["type"] = [schema["type"], "null"]
    for name, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(changed.get(name), bool) and changed.pop(name) and limit in changed:
            changed[name] = changed.pop(limit)
    return changed


def _is_flag(name: str, value: object) -> bool:
    """Whether it is OpenAPI 3.0's `nullable`, and no property of that name."""
    return name == "nullable" and isinstance(value, bool)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


class Documents:
    """Documents of one process, each read once."""

    def __init__(self, client: httpx.AsyncClient, folder: Path) -> None:
        self._client = client
        self._folder = folder
        self._read: dict[str, dict[str, Any]] = {}
        self._lock = asyncio.Lock()

    async def get(self, name: str) -> dict[str, Any]:
        """The document in a file beside the playbook, or at an address.

        Raises:
            ActionError: BROKEN or UNAVAILABLE.
        """
        async with self._lock:
            if name not in self._read:
                try:
                    self._read[name] = read_document(await self._text(name))
                except (DocumentError, UnsafeAddressError) as error:
                    raise ActionError(Failure.BROKEN, f"the OpenAPI document {error}") from None
            return self._read[name]

    async def _text(self, name: str) -> str:
        if not is_address(name):
            return await asyncio.to_thread(read_file, self._folder, name)
        check_address(name)
        try:
            async with asyncio.timeout(READING_S):
                answer = await self._client.get(name)
        except (httpx.HTTPError, TimeoutError) as error:
            raise ActionError(Failure.UNAVAILABLE, f"no OpenAPI document: {type(error).__name__}") from None
        if answer.status_code != 200 or len(answer.content) > MOST_BYTES:
            raise ActionError(Failure.UNAVAILABLE, f"no OpenAPI document: status {answer.status_code}")
        return answer.text


def is_address(name: str) -> bool:
    """Whether a document's name is an address and no file."""
    return name.startswith(("http://", "https://"))


def read_file(folder: Path, name: str) -> str:
    """A document beside the playbook.

    Raises:
        DocumentError: it cannot be read, or is not inside the folder.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DocumentError("must be inside the playbook's folder")
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise DocumentError(f"{name} cannot be read") from None


class OpenApiRunner:
    """Runs one `openapi` action. Its document is read when it is first needed."""

    def __init__(
        self,
        spec: ActionSpec,
        run: OpenApiAction,
        client: httpx.AsyncClient,
        documents: Documents,
        environment: Mapping[str, str],
    ) -> None:
        self._spec = spec
        self._run = run
        self._client = client
        self._documents = documents
        self._environment = environment

    @property
    def circuit(self) -> str:
        """Its server as declared, or its document's."""
        return f"http:{urlsplit(self._run.server or '').netloc or self._run.document}"

    async def names(self) -> frozenset[str]:
        """Those of the operation."""
        return frozenset((await self._operation()).schemas)

    async def check(self, given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """The arguments as the document, and where it says more the playbook, declares them."""
        operation = await self._operation()
        schemas = {**operation.schemas, **self._spec.arguments}
        required = {*operation.required, *(self._spec.required or ())}
        checked = check_arguments(schemas, sorted(required), given, operation.definitions)
        _request_path(operation, checked)
        return checked

    async def attempt(
        self, arguments: Mapping[str, JsonValue], key: str, timeout_s: float
    ) -> dict[str, JsonValue]:
        """Send the request."""
        operation = await self._operation()
        call = HttpCall(
            method=operation.method,
            url=self._server(operation).rstrip("/") + _request_path(operation, arguments),
            headers={
                **_of_place(operation, "header", arguments),
                **filled_headers(self._run.headers, self._environment),
            },
            query=_of_place(operation, "query", arguments),
            body=_body(operation, arguments),
            result=self._run.result,
            failures=self._run.failures,
        )
        return await send(self._client, call, key, timeout_s, writes=not self._spec.reads)

    def _server(self, operation: Operation) -> str:
        if self._run.server is not None:
            return with_environment(self._run.server, self._environment)
        return operation.server

    async def _operation(self) -> Operation:
        document = await self._documents.get(self._run.document)
        address = self._run.document if is_address(self._run.document) else ""
        try:
            return find_operation(document, self._run.operation, address)
        except DocumentError as error:
            raise ActionError(Failure.BROKEN, f"the OpenAPI document {error}") from None


def _request_path(operation: Operation, arguments: Mapping[str, JsonValue]) -> str:
    path = operation.path
    for parameter in operation.parameters:
        if parameter.place == "path":
            text = plain(arguments.get(parameter.name))
            if text in {"", ".", ".."}:
                raise ActionError(Failure.INVALID, f"{parameter.name} cannot stand in an address")
            path = path.replace(f"{{{parameter.name}}}", quote(text, safe=""))
    return path


def _of_place(operation: Operation, place: str, arguments: Mapping[str, JsonValue]) -> dict[str, str]:
    return {
        one.name: plain(arguments[one.name])
        for one in operation.parameters
        if one.place == place and arguments.get(one.name) is not None
    }


def _body(operation: Operation, arguments: Mapping[str, JsonValue]) -> JsonValue:
    if operation.body is None:
        return None
    if operation.body_names == (BODY,) and "properties" not in operation.body:
        return arguments.get(BODY)
    return {name: arguments[name] for name in operation.body_names if name in arguments}


def openapi_problems(run: OpenApiAction, folder: Path | None) -> list[str]:
    """What is wrong with a declaration. A document at an address is not read."""
    if is_address(run.document):
        try:
            check_address(run.document)
        except UnsafeAddressError as error:
            return [f"document: {error}"]
        return []
    if folder is None:
        return []
    try:
        operation = find_operation(read_document(read_file(folder, run.document)), run.operation)
        if run.server is None:
            check_address(operation.server)
    except (DocumentError, UnsafeAddressError) as error:
        return [f"document: {error}"]
    return []
