"""Actions that are tools of an MCP server."""

import sys
from pathlib import Path

import pytest
from mcp.server.transport_security import TransportSecuritySettings

from actions.shop import open_shop
from actions.spec import ActionSpec
from actions.types import Failure
from tests.actions.asking import request
from tests.actions.system import TODAY, System, mcp_server
from tests.telephony.line.lab import served

ROOT = Path(__file__).parents[2]
CREDIT = {"customer": "4", "amount": "10", "reason": "late"}


def credit_spec(**reached):
    run = {"kind": "mcp", "tool": "give_credit", "result": {"balance": "answer.balance"}, **reached}
    return ActionSpec(run=run, effect="writes", retries={"most": 0}, timeout_s=10)


@pytest.fixture
async def url(shop):
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = mcp_server(System(shop)).streamable_http_app(transport_security=security)
    async with served(app) as one:
        yield f"{one}/mcp"


async def test_a_tool_is_called_with_typed_arguments_and_its_key(make, url, shop):
    actions = make({"test.do": credit_spec(url=url)})
    asked = request("test.do", who="4", **CREDIT)
    first, again = await actions.run(asked), await actions.run(asked)
    assert (first.data, again.data) == ({"balance": 10}, {"balance": 10})
    assert await shop.outcome("CA1:1:x") is not None


async def test_a_refusal_is_told(make, url):
    actions = make({"test.do": credit_spec(url=url)})
    asked = request("test.do", who="4", **{**CREDIT, "amount": 99})
    assert (await actions.run(asked)).failure is Failure.REFUSED


@pytest.mark.parametrize("wrong", [{"amount": "much"}, {"admin": True}, {"reason": None}])
async def test_what_breaks_the_tools_schema_is_invalid(make, url, shop, wrong):
    actions = make({"test.do": credit_spec(url=url)})
    assert (await actions.run(request("test.do", who="4", **{**CREDIT, **wrong}))).failure is Failure.INVALID
    assert await shop.outcome("CA1:1:x") is None


async def test_a_tool_that_is_not_there_breaks(make, url):
    actions = make({"test.do": credit_spec(url=url, tool="burn_down")})
    assert (await actions.run(request("test.do", who="4", **CREDIT))).failure is Failure.BROKEN


async def test_a_server_that_is_not_there_has_surely_no_effect(make):
    actions = make({"test.do": credit_spec(url="http://127.0.0.1:9/mcp")})
    assert (await actions.run(request("test.do", who="4", **CREDIT))).failure is Failure.UNAVAILABLE


@pytest.mark.slow
async def test_a_command_is_spoken_to_over_its_standard_streams(make, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    command = (sys.executable, "-m", "tests.actions.system", str(tmp_path))
    actions = make({"test.do": credit_spec(command=command)})
    assert (await actions.run(request("test.do", who="4", **CREDIT))).data == {"balance": 10}
    async with await open_shop(tmp_path / "shop.db", lambda: TODAY) as shop:
        assert (await shop.customer("4")).balance == 1000


@pytest.mark.parametrize("command", [("/bin/false",), ("/no/such/command",)])
async def test_a_command_that_does_not_run_has_surely_no_effect(make, command):
    actions = make({"test.do": credit_spec(command=command)})
    assert (await actions.run(request("test.do", who="4", **CREDIT))).failure is Failure.UNAVAILABLE
