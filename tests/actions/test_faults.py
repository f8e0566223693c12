"""Every write of the shop under every fault: one effect or none, and the truth about it."""

import asyncio
import contextlib

import pytest
from mcp.server.transport_security import TransportSecuritySettings

from actions import attempts
from actions.runner import Actions
from actions.shop import open_shop
from actions.spec import ActionSpec
from actions.types import Failure
from tests.actions.asking import no_pause, request
from tests.actions.standstill import Standstill
from tests.actions.system import AFTER, TODAY, WRITES, Fault, System, http_app, mcp_server, prepare
from tests.telephony.line.lab import served

PATIENT_S = 20.0
"""So long that a busy machine is no fault."""
SURELY_NOTHING = set(Failure) - {Failure.UNKNOWN}
LATE = {Fault.HANGS_BEFORE, Fault.LATE, Fault.RESET_BEFORE}
"""Faults after which an effect could still come, as far as we can know."""


@pytest.fixture(autouse=True)
def _closed_circuits(monkeypatch):
    """Ten writes fail at once here: each is to be tried nevertheless."""
    monkeypatch.setattr(attempts, "OPENS_AFTER", 1000)


def spec(run, **more):
    """A write that anybody may do, so that only the ledger is between us and the shop."""
    values = {
        "run": run,
        "effect": "writes",
        "confirm": "never",
        "timeout_s": PATIENT_S,
        "retries": {"most": 1, "first_wait_s": 0},
        "lookup": "shop.write_outcome",
    }
    return ActionSpec.model_validate({**values, **more})


def reading(run, **more):
    return ActionSpec.model_validate({"run": run, "effect": "reads", "timeout_s": 5, **more})


def http_specs(url):
    specs = {
        f"shop.{name}": spec(
            {
                "kind": "http",
                "method": "POST",
                "url": f"{url}/actions/{name}",
                "body": {field: f"{{{field}}}" for field in arguments},
            },
            arguments={field: {} for field in arguments},
        )
        for name, arguments in WRITES.items()
    }
    outcome = {"kind": "http", "url": f"{url}/outcomes/{{key}}"}
    return {**specs, "shop.write_outcome": reading(outcome, arguments={"key": {"type": "string"}})}


def openapi_specs(url):
    def run(name):
        return {"kind": "openapi", "document": f"{url}/openapi.json", "operation": name, "server": url}

    return {f"shop.{name}": spec(run(name)) for name in WRITES} | {
        "shop.write_outcome": reading(run("write_outcome"))
    }


def mcp_specs(url):
    def run(name):
        return {"kind": "mcp", "url": f"{url}/mcp", "tool": name}

    specs = {f"shop.{name}": spec({**run(name), "result": {"answer": "answer"}}) for name in WRITES}
    return specs | {"shop.write_outcome": reading(run("write_outcome"))}


def python_specs(_url):
    specs = {f"shop.{name}": spec({"kind": "python"}) for name in WRITES}
    return specs | {"shop.write_outcome": reading({"kind": "python"})}


SPECS = {"http": http_specs, "openapi": openapi_specs, "mcp": mcp_specs, "python": python_specs}
NETWORK_ONLY = {Fault.RESET_BEFORE, Fault.RESET_AFTER, Fault.BUSY}
OPENAPI = {Fault.NONE, Fault.HANGS_AFTER, Fault.ERROR_BEFORE, Fault.ERROR_AFTER}
"""It sends as http does."""
CASES = [
    (kind, fault)
    for kind in SPECS
    for fault in Fault
    if (fault in OPENAPI if kind == "openapi" else kind == "http" or fault not in NETWORK_ONLY)
]


@contextlib.asynccontextmanager
async def opened(kind, tmp_path, ledger, fault):
    """The system with its fault, and our actions on it."""
    async with (
        await open_shop(tmp_path / "shop.db", lambda: TODAY) as shop,
        contextlib.AsyncExitStack() as stack,
    ):
        await prepare(shop)
        system = System(shop, Standstill(PATIENT_S + 1.0))
        stack.callback(system.standstill.restore)
        url = ""
        if kind in {"http", "openapi"}:
            url = await stack.enter_async_context(served(http_app(system)))
        elif kind == "mcp":
            security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
            app = mcp_server(system).streamable_http_app(transport_security=security)
            url = await stack.enter_async_context(served(app))
        else:
            _break_functions(system)
        system.fault = fault
        async with Actions(SPECS[kind](url), system.registry, ledger, lambda: 0.0, pause=no_pause) as actions:
            yield system, actions
            system.standstill.go_on()


def _break_functions(system):
    """The functions themselves have the faults."""
    inner = System(system.shop, system.standstill)

    def broken(name, action):
        async def run(arguments, key):
            inner.fault, inner.times, inner.forgetful = system.fault, system.times, system.forgetful
            fault, data = await inner.do(name, arguments.model_dump(exclude_unset=True), key)
            if fault in {Fault.ERROR_BEFORE, Fault.ERROR_AFTER}:
                raise ZeroDivisionError
            return "no object" if fault in {Fault.WRONG_BEFORE, Fault.WRONG_AFTER} else data or {}

        return run

    for name in WRITES:
        action = system.registry.action(f"shop.{name}")
        object.__setattr__(action, "run", broken(name, action))


def ask(name, key=None):
    return request(f"shop.{name}", key or f"CA1:1:{name}", who=None, level=0, agreed=False, **WRITES[name])


async def everything(system, actions):
    asked = (ask(name) for name in WRITES)
    results = await asyncio.gather(*(system.standstill.awaited(one.key, actions.run(one)) for one in asked))
    return dict(zip(WRITES, results, strict=True))


async def check_truth(system, results):
    """What was told is so, also when everything that was late has come."""
    for name, result in results.items():
        effects = await system.effects(name)
        if result.done:
            assert effects == 1, f"{name} was said to be done"
        elif result.failure in SURELY_NOTHING:
            assert effects == 0, f"{name} was said to have had no effect: {result.failure}"
        else:
            assert effects <= 1, name


FORGETFUL = [("http", fault) for fault in Fault if fault is not Fault.LATE]
"""A system that keeps no keys, and acts after we have asked whether it did, cannot be helped."""


@pytest.mark.parametrize(
    ("kind", "fault", "forgetful"),
    [(*case, False) for case in CASES] + [(*case, True) for case in FORGETFUL],
)
async def test_a_fault_that_stays_leaves_one_effect_or_none_and_the_truth(
    kind, fault, forgetful, tmp_path, ledger
):
    async with opened(kind, tmp_path, ledger, fault) as (system, actions):
        system.forgetful = forgetful
        results = await everything(system, actions)
        await system.standstill.end()
        await check_truth(system, results)
        if fault is Fault.NONE or (fault in AFTER and fault is not Fault.LATE):
            assert all(result.done for result in results.values()), "what was done is found and told"
        elif fault not in LATE:
            assert not any(result.done for result in results.values())
            assert Failure.UNKNOWN not in {result.failure for result in results.values()}


@pytest.mark.parametrize(("kind", "fault"), CASES)
async def test_a_fault_that_passes_is_got_over(kind, fault, tmp_path, ledger):
    async with opened(kind, tmp_path, ledger, fault) as (system, actions):
        system.times = 1
        results = await everything(system, actions)
        await system.standstill.end()
        await check_truth(system, results)
        retried = not (kind == "mcp" and fault is Fault.ERROR_BEFORE)
        # An MCP error is a refusal, and what is broken is not tried again.
        broken = fault is Fault.WRONG_BEFORE or (kind == "python" and fault is Fault.ERROR_BEFORE)
        if retried and not broken:
            assert all(result.done for result in results.values()), {
                name: result.failure for name, result in results.items()
            }


@pytest.mark.parametrize(
    "fault", [Fault.HANGS_AFTER, Fault.ERROR_AFTER, Fault.RESET_AFTER, Fault.WRONG_AFTER]
)
async def test_the_same_key_again_has_no_second_effect(fault, tmp_path, ledger):
    async with opened("http", tmp_path, ledger, fault) as (system, actions):
        system.forgetful = True
        first = await everything(system, actions)
        again = await everything(system, actions)
        assert [one.data for one in first.values()] == [one.data for one in again.values()]
        await check_truth(system, again)


@pytest.mark.parametrize(
    "fault", [Fault.HANGS_BEFORE, Fault.HANGS_AFTER, Fault.ERROR_AFTER, Fault.RESET_AFTER]
)
async def test_where_nobody_can_look_it_is_unknown_and_sent_once(fault, tmp_path, ledger):
    async with opened("http", tmp_path, ledger, fault) as (system, actions):
        blind = {name: one.model_copy(update={"lookup": None}) for name, one in actions._specs.items()}
        async with Actions(blind, system.registry, ledger, lambda: 0.0, pause=no_pause) as unseeing:
            results = await everything(system, unseeing)
            again = await everything(system, unseeing)
        assert {one.failure for one in (*results.values(), *again.values())} == {Failure.UNKNOWN}
        assert set(system.asked.values()) == {1}, "what may have been done is not tried again"


async def test_a_refused_connection_has_surely_no_effect(tmp_path, registry, ledger):
    specs = http_specs("http://127.0.0.1:9")
    async with Actions(specs, registry, ledger, lambda: 0.0, pause=no_pause) as actions:
        results = dict(
            zip(WRITES, await asyncio.gather(*(actions.run(ask(one)) for one in WRITES)), strict=True)
        )
    assert {one.failure for one in results.values()} == {Failure.UNAVAILABLE}
    entry = await ledger.entry("CA1:1:give_credit")
    assert entry.state == "failed"


async def test_a_write_goes_on_when_whoever_asked_has_left(tmp_path, ledger):
    async with opened("http", tmp_path, ledger, Fault.LATE) as (system, actions):
        asking = asyncio.create_task(actions.run(ask("give_credit")))
        await system.standstill.reached.wait()
        asking.cancel()
        await system.standstill.end()
        await actions.close()
        assert await system.effects("give_credit") == 1
        assert (await ledger.entry("CA1:1:give_credit")).state == "done"


async def test_one_key_at_the_same_time_is_one_request(tmp_path, ledger):
    async with opened("http", tmp_path, ledger, Fault.NONE) as (system, actions):
        system.forgetful = True
        results = await asyncio.gather(*(actions.run(ask("give_credit")) for _ in range(8)))
        assert len({str(one.data) for one in results}) == 1
        assert system.asked == {"CA1:1:give_credit": 1}
