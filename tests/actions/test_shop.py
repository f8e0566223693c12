"""The demo shop and the registry."""

import asyncio
from datetime import date, timedelta

import pytest
from pydantic import Field

from actions.registry import Action, ActionError, Arguments, Registry
from actions.shop import open_shop, register
from actions.shop.seed import OrderStatus
from actions.types import ActionRequest, Failure

TODAY = date(2026, 11, 23)


@pytest.fixture
async def shop(tmp_path):
    async with await open_shop(tmp_path / "shop.db", lambda: TODAY) as one:
        yield one


@pytest.fixture
def registry(shop):
    one = Registry(lambda: 0.0)
    register(one, shop)
    return one


def request(action, key="k1", **arguments):
    return ActionRequest(action=action, arguments=arguments, key=key)


async def test_an_order_is_looked_up(registry):
    result = await registry.run(request("shop.order_status", order_number="4711"))
    assert result.done
    assert result.data["status"] == "shipped"
    assert result.data["expected_on"] == (TODAY + timedelta(days=2)).isoformat()


async def test_every_status_has_an_order(shop):
    from actions.shop.seed import ORDERS

    assert {order.status for order in ORDERS} == set(OrderStatus)
    assert len(ORDERS) >= 15


@pytest.mark.parametrize(
    ("arguments", "failure"),
    [
        ({"order_number": "9999"}, Failure.NOT_FOUND),
        ({"order_number": "47111"}, Failure.INVALID),
        ({"order_number": "4711", "admin": True}, Failure.INVALID),
        ({}, Failure.INVALID),
    ],
)
async def test_what_cannot_be_looked_up_fails_with_its_code(registry, arguments, failure):
    assert (await registry.run(request("shop.order_status", **arguments))).failure is failure


async def test_an_unknown_action_fails_and_does_not_break(registry):
    assert (await registry.run(request("shop.burn_down"))).failure is Failure.INVALID


async def test_a_call_back_is_noted_once_however_often_it_is_asked_for(registry):
    values = {"phone": "+15550142000", "reason": "asked for a person", "call_id": "CA1"}
    one, again = await asyncio.gather(
        *(registry.run(request("shop.request_callback", "CA1:2:x", **values)) for _ in range(2))
    )
    other = await registry.run(request("shop.request_callback", "CA2:2:x", **values))
    assert one.data == again.data
    assert other.data != one.data


async def test_dates_follow_the_day_the_shop_is_opened(tmp_path):
    for day in (TODAY, TODAY + timedelta(days=30)):
        async with await open_shop(tmp_path / "shop.db", lambda day=day: day) as shop:
            assert (await shop.order("4711")).expected_on == day + timedelta(days=2)


class Nothing(Arguments):
    """No arguments."""

    seconds: float = Field(0.0)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (ActionError(Failure.REFUSED, "no"), Failure.REFUSED),
        (ZeroDivisionError(), Failure.BROKEN),
        (TimeoutError(), Failure.TIMED_OUT),
    ],
)
async def test_whatever_goes_wrong_is_a_typed_failure(error, failure):
    async def run(_arguments, _key):
        raise error

    registry = Registry(lambda: 0.0)
    registry.add(Action("test.fail", Nothing, run, reads=True))
    assert (await registry.run(request("test.fail"))).failure is failure


async def test_an_action_that_takes_too_long_is_given_up():
    async def run(_arguments, _key):
        await asyncio.sleep(60)
        return {}

    registry = Registry(lambda: 0.0)
    registry.add(Action("test.slow", Nothing, run, reads=True, timeout_s=0.01))
    assert (await registry.run(request("test.slow"))).failure is Failure.TIMED_OUT


def test_two_actions_of_one_name_are_refused():
    registry = Registry(lambda: 0.0)
    action = Action("test.one", Nothing, None, reads=True)
    registry.add(action)
    with pytest.raises(ValueError, match=r"test\.one"):
        registry.add(action)
