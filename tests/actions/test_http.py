"""Actions over HTTP: addresses, answers, secrets."""

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from loguru import logger

from actions.spec import ActionSpec
from actions.templates import fill, fill_url
from actions.types import Failure
from tests.actions.asking import request
from tests.telephony.line.lab import served

SECRET = "s3cret-t0ken"
ENVIRONMENT = {"TOKEN": SECRET}


class Site:
    """Remembers what it was asked, and answers as it is told."""

    def __init__(self):
        self.requests = []
        self.answers = []
        self.app = FastAPI()
        self.app.add_api_route("/{path:path}", self._answer, methods=["GET", "POST", "DELETE"])
        self.url = ""

    async def _answer(self, request: Request):
        body = await request.body()
        asked = f"{self.url}{request.scope['raw_path'].decode()}?{request.url.query}"
        self.requests.append((request.method, asked, dict(request.headers), body))
        return self.answers.pop(0) if self.answers else JSONResponse({"ok": True})


@pytest.fixture
async def site():
    one = Site()
    async with served(one.app) as one.url:
        yield one


@pytest.fixture
def ask(site, make):
    """Declares an action, runs it once, and gives its result."""

    async def run(arguments=None, *, effect="reads", key="CA1:1:x", schemas=None, **declared):
        declared = {"kind": "http", "url": f"{site.url}/thing", **declared}
        values = arguments or {}
        spec = ActionSpec(
            run=declared,
            effect=effect,
            confirm="never",
            retries={"most": 0},
            arguments=schemas or {name: {} for name in values},
        )
        actions = make({"test.do": spec}, environment=ENVIRONMENT)
        asked = request("test.do", key, who=None).model_copy(update={"arguments": values})
        return await actions.run(asked)

    return run


async def test_arguments_go_where_the_declaration_says(ask, site):
    result = await ask(
        {"order": "47/11", "amount": "12.50", "note": None},
        method="POST",
        effect="writes",
        url=f"{site.url}/orders/{{order}}/refunds",
        query={"lang": "en", "note": "{note}"},
        headers={"Authorization": "Bearer ${TOKEN}"},
        body={"amount": "{amount}", "text": "Refund of {amount}", "lines": [{"order": "{order}"}]},
        schemas={
            "order": {"type": "string"},
            "amount": {"type": "number"},
            "note": {"type": ["string", "null"]},
        },
    )
    method, url, headers, body = site.requests[0]
    assert result.done
    assert (method, url) == ("POST", f"{site.url}/orders/47%2F11/refunds?lang=en")
    assert headers["authorization"] == f"Bearer {SECRET}"
    assert headers["idempotency-key"] == "CA1:1:x"
    assert body == b'{"amount":12.5,"text":"Refund of 12.5","lines":[{"order":"47/11"}]}'


async def test_a_read_sends_no_idempotency_key(ask, site):
    await ask()
    assert "idempotency-key" not in site.requests[0][2]


async def test_the_result_is_picked_out_of_the_answer(ask, site):
    site.answers = [JSONResponse({"order": {"lines": [{"sku": "A1"}]}, "state": "sent"})]
    result = await ask(result={"sku": "order.lines.0.sku", "status": "state"})
    assert result.data == {"sku": "A1", "status": "sent"}


@pytest.mark.parametrize(
    ("answer", "failures", "failure"),
    [
        (Response(status_code=404), {}, Failure.NOT_FOUND),
        (Response(status_code=409), {}, Failure.REFUSED),
        (Response(status_code=403), {}, Failure.REFUSED),
        (Response(status_code=422), {}, Failure.INVALID),
        (Response(status_code=418), {}, Failure.INVALID),
        (Response(status_code=429), {}, Failure.UNAVAILABLE),
        (Response(status_code=401), {}, Failure.BROKEN),
        (Response(status_code=500), {}, Failure.UNAVAILABLE),
        (Response(status_code=422), {"422": "refused"}, Failure.REFUSED),
        (Response("no json"), {}, Failure.BROKEN),
        (JSONResponse([1]), {}, Failure.BROKEN),
        (Response("x" * 1_000_001), {}, Failure.BROKEN),
    ],
)
async def test_an_answer_that_is_no_result_is_a_typed_failure(ask, site, answer, failures, failure):
    site.answers = [answer]
    assert (await ask(failures=failures)).failure is failure


async def test_a_refusal_says_its_reason(ask, site):
    site.answers = [JSONResponse({"detail": {"reason": "too_late"}}, 409)]
    assert (await ask()).data == {"reason": "too_late"}


async def test_a_read_follows_redirects_on_its_own_host_only(ask, site):
    site.answers = [RedirectResponse("/elsewhere")]
    assert (await ask()).done
    other = Site()
    async with served(other.app) as other.url:
        site.answers = [RedirectResponse(other.url.replace("127.0.0.1", "localhost"))]
        assert (await ask()).failure is Failure.BROKEN
    assert other.requests == []


async def test_a_write_is_not_redirected(ask, site):
    site.answers = [RedirectResponse("/elsewhere", 307)]
    assert (await ask(method="POST", effect="writes")).failure is Failure.UNKNOWN
    assert len(site.requests) == 1


@pytest.mark.parametrize("value", ["..", ".", ""])
async def test_a_value_cannot_leave_its_place_in_the_address(ask, site, value):
    result = await ask(
        {"name": value}, url=f"{site.url}/customers/{{name}}/secret", method="DELETE", effect="writes"
    )
    assert result.failure is Failure.INVALID
    assert site.requests == []


@pytest.mark.parametrize(
    "address",
    ["http://shop.example.com/x", "ftp://127.0.0.1/x", "https://user:pass@shop.example.com/", "${NOTHING}/x"],
)
async def test_unsafe_or_unset_addresses_are_not_asked(ask, address):
    assert (await ask(url=address)).failure is Failure.BROKEN


async def test_secrets_stand_in_no_log_and_no_result(ask, site):
    lines = []
    handler = logger.add(lines.append, level=0, format="{message} {extra} {exception}")
    try:
        site.answers = [Response(status_code=500), JSONResponse({"x": 1}, 409), Response("?")]
        results = [
            await ask(url=f"{site.url}/${{TOKEN}}/x", headers={"X-Key": "${TOKEN}"}, key=f"CA1:{n}:x")
            for n in range(3)
        ]
        results.append(await ask(url="http://127.0.0.1:9/${TOKEN}"))
    finally:
        logger.remove(handler)
    assert all(result.failure is not None for result in results)
    assert lines
    assert SECRET not in "".join(lines) + "".join(result.model_dump_json() for result in results)


def test_templates_know_names_and_nothing_else():
    given = {"x": "{y} ${TOKEN}", "y": "no"}
    assert fill({"a": "{x}", "b": "{x.__class__} {y}"}, given) == {
        "a": "{y} ${TOKEN}",
        "b": "{x.__class__} no",
    }
    assert fill_url("https://h/{x}?${TOKEN}", given) == "https://h/%7By%7D%20%24%7BTOKEN%7D?${TOKEN}"
