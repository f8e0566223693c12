"""The demo shop: what it knows, what it changes, and what it refuses."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from actions.errors import ActionError
from actions.identity.told import IdentifyArguments
from actions.shop import open_shop
from actions.shop.seed import ORDERS, OrderStatus
from actions.shop.tables import complaints
from actions.types import Failure
from tests.actions.system import TODAY


@pytest.fixture
def run(registry):
    async def run_action(name, key="k1", /, **arguments):
        action = registry.action(f"shop.{name}")
        return await action.run(action.arguments.model_validate(arguments), key)

    return run_action


async def failure(work):
    with pytest.raises(ActionError) as caught:
        await work
    return caught.value.failure, caught.value.data.get("reason")


async def test_an_order_is_looked_up_with_its_public_part_only(run):
    order = await run("order_status", order_number="4711")
    assert order == {
        "order_number": "4711",
        "item": "a pair of hiking boots",
        "status": "shipped",
        "ordered_on": (TODAY - timedelta(days=4)).isoformat(),
        "expected_on": (TODAY + timedelta(days=2)).isoformat(),
        "carrier": "Parcel Express",
    }


async def test_every_status_has_an_order():
    assert {order.status for order in ORDERS} == set(OrderStatus)
    assert len(ORDERS) >= 15


async def test_dates_follow_the_day_the_shop_is_opened_and_changes_stay(tmp_path):
    for day in (TODAY, TODAY + timedelta(days=30)):
        async with await open_shop(tmp_path / "shop.db", lambda day=day: day) as shop:
            assert (await shop.order("4711")).expected_on == day + timedelta(days=2)
            await shop.cancel_order("once", "1", "4712")
            assert (await shop.order("4712")).status is OrderStatus.CANCELLED


async def test_an_order_with_its_amounts_is_for_its_customer_only(run):
    assert (await run("find_order", customer="1", order_number="4712"))["price"] == 89.5
    assert await failure(run("find_order", customer="2", order_number="4712")) == (Failure.NOT_FOUND, None)
    assert (await run("customer_orders", customer="1"))["latest"]["order_number"] == "4712"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("cancel_order", {"customer": "1", "order_number": "4711"}, (Failure.REFUSED, "already_shipped")),
        ("cancel_order", {"customer": "4", "order_number": "3141"}, (Failure.REFUSED, "already_cancelled")),
        ("cancel_order", {"customer": "2", "order_number": "4712"}, (Failure.NOT_FOUND, None)),
        ("refund_order", {"customer": "6", "order_number": "6121"}, (Failure.REFUSED, "too_late")),
        ("refund_order", {"customer": "1", "order_number": "4711"}, (Failure.REFUSED, "not_delivered")),
        (
            "refund_order",
            {"customer": "2", "order_number": "1024", "amount": 69.01},
            (Failure.REFUSED, "more_than_paid"),
        ),
        (
            "create_return",
            {"customer": "6", "order_number": "6121", "reason": "broken"},
            (Failure.REFUSED, "too_late"),
        ),
        ("give_credit", {"customer": "1", "amount": 50.01, "reason": "x"}, (Failure.REFUSED, "too_much")),
        ("give_credit", {"customer": "99", "amount": 5, "reason": "x"}, (Failure.NOT_FOUND, None)),
        ("send_invoice", {"customer": "4", "order_number": "3141"}, (Failure.REFUSED, "cancelled")),
        ("send_password_reset", {"customer": "x; drop"}, (Failure.NOT_FOUND, None)),
        ("order_status", {"order_number": "9999"}, (Failure.NOT_FOUND, None)),
        ("product", {"product": "submarine"}, (Failure.NOT_FOUND, None)),
    ],
)
async def test_what_the_shop_refuses_has_a_reason_and_no_effect(run, name, arguments, expected):
    assert await failure(run(name, "k1", **arguments)) == expected
    assert await run("write_outcome", key="k1") == {"found": False}


async def test_a_return_gets_its_label_and_only_one(run):
    wanted = {"customer": "7", "order_number": "7303", "reason": "too small"}
    label = (await run("create_return", "k1", **wanted))["return_number"]
    assert label.isdigit()
    assert (await run("create_return", "k1", **wanted))["return_number"] == label
    assert await failure(run("create_return", "k2", **wanted)) == (Failure.REFUSED, "already_returned")


async def test_a_return_is_taken_back_once_and_may_then_be_opened_again(run, shop):
    wanted = {"customer": "7", "order_number": "7303"}
    assert await failure(run("cancel_return", "k0", **wanted)) == (Failure.REFUSED, "no_return")
    label = (await run("create_return", "k1", **wanted, reason="too small"))["return_number"]
    assert (await run("cancel_return", "k2", **wanted))["return_number"] == label
    assert (await run("cancel_return", "k2", **wanted))["return_number"] == label, "the same key"
    assert (await shop.order("7303")).return_number is None
    assert await failure(run("cancel_return", "k3", **wanted)) == (Failure.REFUSED, "no_return")
    assert (await run("create_return", "k4", **wanted, reason="too small"))["return_number"] == label


async def test_nobody_takes_back_the_return_of_another_customer(run, shop):
    await run("create_return", "k1", customer="7", order_number="7303", reason="too small")
    assert (await failure(run("cancel_return", "k2", customer="1", order_number="7303")))[
        0
    ] is Failure.NOT_FOUND
    assert (await shop.order("7303")).return_number is not None


async def noted(shop):
    async with shop._engine.connect() as connection:
        return [
            (row.customer_id, row.order_number)
            for row in (await connection.execute(select(complaints))).all()
        ]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({}, (None, None)),
        ({"customer": "", "order_number": ""}, (None, None)),
        ({"customer": None, "order_number": None}, (None, None)),
        ({"customer": "1", "order_number": ""}, (1, None)),
        ({"customer": "1", "order_number": "4711"}, (1, "4711")),
        ({"customer": "", "order_number": "4711"}, (None, "4711")),
    ],
)
async def test_a_complaint_belongs_to_whom_it_names_or_to_nobody(run, shop, told, kept):
    await run("note_complaint", "k1", text="the box was open", **told)
    assert await noted(shop) == [kept]


@pytest.mark.parametrize(
    "told",
    [
        {"customer": "99"},
        {"customer": "-1"},
        {"customer": "Maria"},
        {"customer": "1", "order_number": "1024"},
        {"customer": "1", "order_number": "9999"},
    ],
)
async def test_a_complaint_of_a_customer_who_is_none_or_about_an_order_not_theirs_is_refused(run, shop, told):
    refused, _ = await failure(run("note_complaint", "k1", text="the box was open", **told))
    assert refused is Failure.NOT_FOUND
    assert await noted(shop) == []


async def test_refunds_add_up_to_the_price_and_no_further(run):
    wanted = {"customer": "2", "order_number": "1024"}
    await run("refund_order", "k1", **wanted, amount=9)
    assert (await run("refund_order", "k2", **wanted))["refund"] == 60
    assert await failure(run("refund_order", "k3", **wanted)) == (Failure.REFUSED, "already_refunded")


async def test_a_write_is_looked_up_by_its_key(run):
    done = await run("give_credit", "k1", customer="1", amount=5, reason="late")
    assert done["balance"] == 10
    assert await run("write_outcome", key="k1") == {"found": True, "result": done}


async def test_a_key_of_another_change_is_refused(run):
    await run("send_password_reset", "k1", customer="1")
    assert await failure(run("give_credit", "k1", customer="1", amount=5, reason="x")) == (
        Failure.REFUSED,
        "key_reused",
    )


@pytest.mark.parametrize(
    ("spoken", "name"),
    [
        ("bike lock", "bicycle lock"),
        ("a rain coat", "rain jacket"),
        ("Kettle", "kettle"),
        ("hiking boot", "hiking boots"),
    ],
)
async def test_a_product_is_found_as_people_call_it(run, spoken, name):
    assert (await run("product", product=spoken))["name"] == name


MARIA = {"caller_number": "+15550142000", "postcode": "10115"}


@pytest.mark.parametrize(
    "told",
    [
        MARIA,
        {"name": ["Mario Silver", "Maria Silva"], "birth_date": "1984-03-12"},
        {"postcode": "10116|10115", "name": '["maria silva"]'},
    ],
)
async def test_two_things_that_agree_identify(run, told):
    assert await run("identify", **told) == {"level": 1, "customer": "1", "name": "Maria Silva"}


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"caller_number": "+15550142000"},
        {"postcode": "10115"},
        {**MARIA, "name": "James Okafor"},
        {"caller_number": "+15550142001", "postcode": "10115"},
        {"name": "Maria Silva", "birth_date": "1990-11-02"},
    ],
)
async def test_less_than_that_identifies_nobody(run, told):
    assert await failure(run("identify", **told)) == (Failure.NOT_FOUND, None)


async def test_several_attempts_and_parts_of_them_identify_together(run):
    told = {
        "postcode": [[{"value": "1015", "score": 0.9}], [{"value": "10119", "score": 0.6}]],
        "name": [[{"value": "mario silver", "score": 0.8}], [{"value": "MARIA", "score": 0.7}]],
        "birth_date": [[{"value": "????-03-12", "score": 0.9}, {"value": "1024-03-12", "score": 0.1}]],
    }
    assert (await run("identify", **told))["customer"] == "1"


async def test_more_attempts_than_three_are_not_looked_at(run):
    guesses = [[{"value": str(10114 + number), "score": 1.0}] for number in range(4)]
    with pytest.raises(ValidationError):
        await run("identify", postcode=guesses, name="Maria Silva")


async def test_another_way_to_match_can_be_given(shop):
    from actions.registry import Registry
    from actions.shop import register

    registry = Registry()
    register(registry, shop, match=lambda known, customers: customers[-1].id if known.name else None)
    found = await registry.action("shop.identify").run(IdentifyArguments(name="x"), "")
    assert found["customer"] == "9"


async def test_a_shop_file_of_an_older_form_is_made_anew(tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "shop.db") as old:
        old.execute("create table customers (id integer primary key, name text)")
        old.execute("create table orders (number text primary key)")
    async with await open_shop(tmp_path / "shop.db", lambda: date(2026, 1, 1)) as shop:
        assert (await shop.customer("1")).email == "maria.silva@example.com"
