"""Actions out of an OpenAPI document."""

import json

import pytest
import yaml
from fastapi import FastAPI, Request

from actions.openapi import DocumentError, find_operation, read_document
from actions.spec import ActionSpec
from actions.types import Failure
from tests.actions.asking import request
from tests.telephony.line.lab import served

DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com/api"}],
    "paths": {
        "/orders/{number}": {
            "parameters": [{"$ref": "#/components/parameters/Number"}],
            "post": {
                "operationId": "changeOrder",
                "parameters": [
                    {"name": "dry", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "X-Shop", "in": "header", "required": True, "schema": {"type": "string"}},
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Change"}}},
                },
                "responses": {"200": {"description": "done"}},
            },
            "get": {"operationId": "xml", "requestBody": {"content": {"text/xml": {}}}},
            "delete": {"operationId": "cookie", "parameters": [{"name": "c", "in": "cookie"}]},
        }
    },
    "components": {
        "parameters": {
            "Number": {
                "name": "number",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^\\d{4}$"},
            }
        },
        "schemas": {
            "Change": {
                "type": "object",
                "required": ["amount"],
                "properties": {
                    "amount": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
                    "reason": {"$ref": "#/components/schemas/Reason"},
                },
            },
            "Reason": {"type": "string", "nullable": True, "maxLength": 5},
        },
    },
}
GIVEN = {"number": "4711", "X-Shop": "one", "amount": "12.5"}


@pytest.fixture
async def ask(make, tmp_path):
    """Runs the operation on a server that answers with what it was asked."""
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def tell(request: Request):
        body = await request.body()
        return {
            "asked": f"{request.method} {request.url.path}?{request.url.query}",
            "shop": request.headers.get("x-shop"),
            "key": request.headers.get("idempotency-key"),
            "body": json.loads(body) if body else None,
        }

    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(DOCUMENT))
    async with served(app) as url:

        async def run(arguments, **more):
            declared = {
                "kind": "openapi",
                "document": "shop.yaml",
                "operation": "changeOrder",
                "server": "${SHOP}/api",
                **more,
            }
            spec = ActionSpec(run=declared, effect="writes", confirm="never", retries={"most": 0})
            actions = make({"test.do": spec}, folder=tmp_path, environment={"SHOP": url})
            return await actions.run(request("test.do", who=None).model_copy(update={"arguments": arguments}))

        yield run


async def test_arguments_go_to_path_query_header_and_body(ask):
    result = await ask({**GIVEN, "dry": "true", "reason": "late"})
    assert result.data == {
        "asked": "POST /api/orders/4711?dry=true",
        "shop": "one",
        "key": "CA1:1:x",
        "body": {"amount": 12.5, "reason": "late"},
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "47112"},
        {"amount": 0},
        {"amount": "x"},
        {"reason": "too long"},
        {"X-Shop": None},
        {"admin": True},
        {"dry": "perhaps"},
    ],
)
async def test_what_breaks_the_documents_schemas_is_invalid(ask, wrong):
    assert (await ask({**GIVEN, **wrong})).failure is Failure.INVALID


@pytest.mark.parametrize(
    "declared",
    [{"operation": "nothing"}, {"document": "none.yaml"}, {"document": "../../x.yaml"}, {"operation": "xml"}],
)
async def test_a_document_that_cannot_be_used_breaks_before_anything_is_sent(ask, declared):
    assert (await ask(GIVEN, **declared)).failure is Failure.BROKEN


@pytest.mark.parametrize(
    ("text", "rule"),
    [("{", "neither"), ("a: [", "neither"), ("[]", "OpenAPI 3"), ('{"openapi": "2.0"}', "OpenAPI 3")],
)
def test_other_documents_are_refused(text, rule):
    with pytest.raises(DocumentError, match=rule):
        read_document(text)


@pytest.mark.parametrize(
    ("name", "rule"), [("cookie", "cookie"), ("xml", "application/json"), ("no", "no operation")]
)
def test_what_is_not_done_here_is_refused(name, rule):
    with pytest.raises(DocumentError, match=rule):
        find_operation(DOCUMENT, name)


def test_a_relative_server_is_the_documents():
    document = {**DOCUMENT, "servers": [{"url": "/v2"}]}
    found = find_operation(document, "changeOrder", "https://shop.example.com/docs/openapi.json")
    assert found.server == "https://shop.example.com/v2"
