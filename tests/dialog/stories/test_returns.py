"""Sending back, money back, a changed order, a new address: what is so in the end, and what each failure leads to."""

import pytest

from actions.shop.seed import OrderStatus
from actions.types import Failure
from tests.dialog.story import Story

POSTCODE = "one oh one one five"


async def test_a_return_is_opened_with_its_reason_after_agreement(call, shop):
    await call.says("I want to return an order", "4713", POSTCODE, "it is too small")
    assert call.story.writes == []
    await call.says("yes")
    assert call.story.asked[-1] == (
        "shop.create_return",
        {"customer": "1", "order_number": "4713", "reason": "does not fit"},
    )
    assert (await shop.order("4713")).return_number is not None


async def test_the_reason_can_be_keyed(call):
    await call.says("I want to return an order", "4713", POSTCODE)
    await call.keys("2", "1")
    assert call.story.asked[-1][1]["reason"] == "damaged"


async def test_an_order_that_is_on_its_way_cannot_come_back_yet(call, shop):
    await call.says("I want to return an order", "4711", POSTCODE)
    assert call.story.writes == []
    assert call.story.at == ""
    assert (await shop.order("4711")).return_number is None


async def test_a_return_is_opened_once_only(call):
    await call.says("I want to return an order", "4713", POSTCODE, "it is too small", "yes")
    await call.says("I want to return an order", "4713")
    assert call.story.writes == ["shop.create_return"]
    assert call.story.at == ""


async def test_what_came_too_long_ago_is_refused_by_the_shop(ring, shop):
    call = ring(caller="+15550142005")
    await call.says("I want to return an order", "6121", "seven oh one seven three")
    await call.says("it is broken", "yes")
    assert (await shop.order("6121")).return_number is None
    assert call.story.at == ""


async def test_a_refund_is_paid_in_full_once(call, telephone, shop):
    await call.says("I want a refund", "4713", POSTCODE)
    await call.says(telephone.code, "yes", "yes")
    assert (await shop.order("4713")).refunded == 3490
    await call.says("I want a refund", "4713")
    assert call.story.writes.count("shop.refund_order") == 1


async def test_who_declines_the_refund_keeps_the_label(call, telephone, shop):
    await call.says("I want a refund", "4713", POSTCODE)
    await call.says(telephone.code, "yes", "no")
    order = await shop.order("4713")
    assert (order.refunded, order.return_number is not None) == (0, True)
    assert call.story.writes == ["shop.create_return"]


async def at_the_refund(call, telephone):
    """The label for order 4713 is made, and we ask whether to pay."""
    await call.says("I want a refund", "4713", POSTCODE)
    await call.says(telephone.code, "yes")
    assert call.story.at == "refund.refund_pay"


async def test_a_refund_refused_by_the_shop_takes_the_label_back_and_goes_to_returns(call, telephone, shop):
    await at_the_refund(call, telephone)
    assert (await shop.order("4713")).return_number is not None
    await shop.refund_order("by hand", "1", "4713", None)
    said = await call.says("yes")
    assert call.story.asked[-1] == ("shop.cancel_return", {"customer": "1", "order_number": "4713"})
    assert (await shop.order("4713")).return_number is None
    assert "taken back" in said
    assert call.story.handed_to == "returns"


async def test_a_refusal_that_does_not_say_why_takes_the_label_back_too(call, telephone, shop):
    await at_the_refund(call, telephone)
    call.breaks["shop.refund_order"] = Failure.REFUSED
    await call.says("yes")
    assert (await shop.order("4713")).return_number is None
    assert call.story.handed_to == "returns"


async def test_a_label_that_was_there_before_stays_when_the_refund_fails(call, telephone, shop):
    await shop.create_return("before", "1", "4713", "too small")
    await call.says("I want a refund", "4713", POSTCODE)
    await call.says(telephone.code)
    call.breaks["shop.refund_order"] = Failure.UNAVAILABLE
    await call.says("yes")
    assert (await shop.order("4713")).return_number is not None
    assert call.story.writes == ["shop.refund_order"]


async def test_another_wish_in_between_does_not_lose_what_must_be_taken_back(call, telephone, shop):
    await at_the_refund(call, telephone)
    said = await call.says("where is my order 4711")
    assert "hiking boots" not in said or call.story.at == "refund.refund_pay"
    assert call.story.at == "refund.refund_pay"
    call.breaks["shop.refund_order"] = Failure.UNAVAILABLE
    await call.says("yes")
    assert call.story.writes == ["shop.create_return", "shop.refund_order", "shop.cancel_return"]
    assert (await shop.order("4713")).return_number is None


async def test_two_wishes_in_between_do_not_lose_it_either(call, telephone, shop):
    await at_the_refund(call, telephone)
    await call.says("where is my order", "is the rain jacket in stock", "4711")
    assert call.story.at == "refund.refund_pay"
    call.breaks["shop.refund_order"] = Failure.UNAVAILABLE
    await call.says("yes")
    assert (await shop.order("4713")).return_number is None


async def test_what_was_taken_back_is_done_again_for_whoever_wants_it_again(call, telephone, shop):
    await at_the_refund(call, telephone)
    call.breaks["shop.refund_order"] = Failure.UNAVAILABLE
    await call.says("yes", "never mind")
    assert (await shop.order("4713")).return_number is None
    await call.says("I want a refund", "4713", "yes")
    assert (await shop.order("4713")).return_number is not None, "a label that is really there"
    await call.says("yes")
    assert (await shop.order("4713")).refunded == 3490


async def test_taking_back_twice_takes_back_twice(call, telephone, shop):
    await at_the_refund(call, telephone)
    for _ in range(2):
        call.breaks["shop.refund_order"] = Failure.UNAVAILABLE
        await call.says("yes", "never mind")
        assert (await shop.order("4713")).return_number is None
        await call.says("I want a refund", "4713", "yes")
        assert (await shop.order("4713")).return_number is not None


async def test_a_call_cut_off_while_the_label_is_taken_back_takes_it_back(call, telephone, shop):
    await at_the_refund(call, telephone)
    call.story.says("yes")
    request = call.story.state.pending[0]
    assert request.action == "shop.refund_order"
    call.story.action_failed(Failure.UNAVAILABLE)
    assert call.story.state.pending[0].action == "shop.cancel_return"
    call.story.moves()
    await call.is_resumed()
    assert (await shop.order("4713")).return_number is None
    assert call.story.handed_to == "returns"


async def test_a_call_cut_off_while_money_is_paid_pays_it_once_and_tells(call, telephone, shop):
    await at_the_refund(call, telephone)
    call.story.says("yes")
    await call._result(call.story.state.pending[0])
    call.story.moves()
    said = await call.is_resumed()
    assert (await shop.order("4713")).refunded == 3490
    assert "thirty-four euros ninety" in said
    assert call.story.at == ""


async def test_a_refund_nobody_can_tell_about_is_neither_repeated_nor_undone(call, telephone):
    await call.says("I want a refund", "4713", POSTCODE)
    await call.says(telephone.code, "yes")
    call.breaks["shop.refund_order"] = Failure.UNKNOWN
    await call.says("yes")
    assert call.story.writes == ["shop.create_return", "shop.refund_order"]
    assert call.story.handed_to == "returns"


async def test_what_cannot_be_taken_back_is_left_to_people(call, telephone):
    await call.says("I want a refund", "4713", POSTCODE)
    await call.says(telephone.code, "yes")
    call.breaks |= {"shop.refund_order": Failure.UNAVAILABLE, "shop.cancel_return": Failure.UNAVAILABLE}
    await call.says("yes")
    assert call.story.handed_to == "support"
    assert call.story.state.undo == ()


def test_a_refund_above_the_line_is_a_persons_before_it_is_asked():
    story = Story()
    story.says("I want a refund")
    story.says("6121")
    story.says(POSTCODE)
    story.action_done(level=1, customer="6", name="Pedro Gomez")
    story.action_done(sent=True, number_ending="05")
    story.says("123456")
    story.action_done(level=2, customer="6")
    story.action_done(
        order_number="6121",
        item="a lawn mower",
        status="delivered",
        price=249.0,
        refunded=0.0,
        return_number="761",
    )
    assert story.handed_to == "support"
    assert "shop.refund_order" not in story.writes


@pytest.mark.parametrize(
    ("choice", "status", "handed_to"),
    [
        ("cancel it", OrderStatus.CANCELLED, None),
        ("have a colleague change it", OrderStatus.PROCESSING, "support"),
        ("keep it", OrderStatus.PROCESSING, None),
    ],
)
async def test_an_order_that_is_to_change_is_cancelled_handed_over_or_kept(
    call, shop, choice, status, handed_to
):
    await call.says("I want to change my order", "4712", POSTCODE, choice)
    if status is OrderStatus.CANCELLED:
        assert call.story.writes == []
        await call.says("yes")
    assert (await shop.order("4712")).status is status
    assert call.story.handed_to == handed_to


async def test_an_order_on_its_way_cannot_change(call):
    await call.says("I want to change my order", "4711", POSTCODE)
    assert call.story.at == ""
    assert call.story.writes == []


async def test_a_new_address_needs_the_code_and_a_yes_to_what_is_read_back(call, telephone, shop):
    await call.says("I want to change my address", POSTCODE)
    await call.says(telephone.code, "Garden Lane 7", "two oh oh nine five")
    said = await call.says("Cologne")
    assert "Garden Lane 7" in said
    assert call.story.writes == []
    await call.says("yes")
    customer = await shop.customer("1")
    assert (customer.street, customer.postcode, customer.city) == ("Garden Lane 7", "20095", "Cologne")


async def test_a_wrong_part_of_the_address_is_asked_for_again(call, telephone, shop):
    await call.says("I want to change my address", POSTCODE)
    await call.says(telephone.code, "Garden Lane 7", "two oh oh nine five", "Cologne", "no", "the street")
    assert call.story.at == "change_address.street"
    await call.says("Garden Lane 17", "yes")
    assert (await shop.customer("1")).street == "Garden Lane 17"
    assert call.story.writes == ["shop.change_address"]


async def test_who_leaves_the_address_as_it_was_changes_nothing(call, telephone, shop):
    await call.says("I want to change my address", POSTCODE)
    await call.says(telephone.code, "Garden Lane 7", "two oh oh nine five", "Cologne", "no", "leave it")
    assert (await shop.customer("1")).street == "Linden Street 5"
    assert call.story.writes == []


async def test_a_postcode_corrected_later_is_changed_before_anything_is_done(call, telephone, shop):
    await call.says("I want to change my address", POSTCODE)
    await call.says(telephone.code, "Garden Lane 7", "two oh oh nine five", "Cologne", "no, I said 20099")
    assert call.story.writes == []
    await call.says("yes")
    assert (await shop.customer("1")).postcode == "20099"


async def test_an_invoice_of_a_cancelled_order_is_refused(ring):
    call = ring(caller="+15550142003")
    await call.says("can you send me the invoice", "3141", "eight oh three three one", "yes")
    assert call.story.at == ""
    assert call.story.handed_to is None


async def test_an_unknown_invoice_number_is_asked_for_again(call):
    await call.says("can you send me the invoice", "1025", POSTCODE, "yes")
    assert call.story.at == "invoice_copy.invoice_number"
    await call.says("4713", "yes")
    assert call.story.asked[-1][1]["order_number"] == "4713"


async def test_too_many_credits_in_a_day_are_refused_by_the_limit(ring, shop):
    for call_id in ("CA1", "CA2"):
        call = ring(call_id=call_id)
        await call.says("I forgot my password", POSTCODE, "yes")
        await call.says("I want to make a complaint", "the box was open", "yes", "yes", "yes")
    assert (await shop.customer("1")).balance == 1000, "five euros once"
    assert not call.story.over
