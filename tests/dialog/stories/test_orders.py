"""Orders that are cancelled, refunded and sent back, with the real shop behind: told by what is so in the end."""

from actions.shop.seed import OrderStatus
from actions.types import Failure

MARIAS_POSTCODE = "one oh one one five"


async def test_an_order_is_cancelled_after_postcode_and_agreement(call, shop):
    await call.says("I'd like to cancel order 4712")
    assert call.story.at == "identify.postcode"
    await call.says(MARIAS_POSTCODE)
    assert call.story.at == "cancel_order.cancel"
    assert call.story.writes == []
    await call.says("yes please")
    assert call.story.writes == ["shop.cancel_order"]
    assert (await shop.order("4712")).status is OrderStatus.CANCELLED
    await call.says("no")
    assert call.story.over


async def test_who_does_not_agree_keeps_the_order(call, shop):
    await call.says("I'd like to cancel order 4712", MARIAS_POSTCODE, "no")
    assert call.story.writes == []
    assert (await shop.order("4712")).status is OrderStatus.PROCESSING


async def test_an_order_that_has_shipped_is_not_cancelled(call, shop):
    await call.says("I'd like to cancel order 4711", MARIAS_POSTCODE, "yes")
    assert (await shop.order("4711")).status is OrderStatus.SHIPPED


async def test_somebody_elses_order_is_not_even_named(call, shop):
    said = await call.says("I'd like to cancel order 1025", MARIAS_POSTCODE)
    assert "filters" not in said
    assert call.story.writes == []
    assert (await shop.order("1025")).status is OrderStatus.PACKED


async def test_a_refund_takes_a_code_by_text_message_and_two_agreements(call, telephone):
    await call.says("I want a refund", "4713", MARIAS_POSTCODE)
    assert call.story.at == "identify_by_code.code"
    await call.says(telephone.code)
    assert call.story.level == 2
    await call.says("yes")
    assert call.story.writes == ["shop.create_return"]
    await call.says("yes")
    assert call.story.writes == ["shop.create_return", "shop.refund_order"]


async def test_a_refund_that_fails_takes_the_return_back(call, telephone):
    await call.says("I want a refund", "4713", MARIAS_POSTCODE)
    await call.says(telephone.code, "yes")
    call.breaks["shop.refund_order"] = Failure.UNAVAILABLE
    await call.says("yes")
    assert call.story.writes[:3] == ["shop.create_return", "shop.refund_order", "shop.cancel_return"]


async def test_an_unknown_outcome_is_told_and_not_tried_again(call):
    await call.says("I'd like to cancel order 4712", MARIAS_POSTCODE)
    call.breaks["shop.cancel_order"] = Failure.UNKNOWN
    await call.says("yes")
    assert call.story.writes.count("shop.cancel_order") == 1
    assert not call.story.over


async def test_a_correction_in_the_read_back_asks_for_the_right_order(call, shop):
    await call.says("I'd like to cancel order 4711", MARIAS_POSTCODE)
    await call.says("no, I said 4712")
    await call.says("yes")
    assert (await shop.order("4711")).status is OrderStatus.SHIPPED


async def test_wrong_answers_about_oneself_lock_the_account(call):
    await call.says("I'd like to cancel order 4712", "nine nine nine nine nine")
    await call.says("Peter Miller")
    await call.says("the first of May nineteen seventy")
    assert call.story.state.identity.level == 0
    assert call.story.state.identity.locked
    assert call.story.writes == []
    assert call.story.handed_to == "support"


async def test_nothing_is_done_for_a_locked_caller_in_the_rest_of_the_call(call):
    await call.says("I'd like to cancel order 4712", "nine nine nine nine nine", "Peter Miller")
    await call.says(
        "the first of May nineteen seventy", "never mind", "I forgot my password", MARIAS_POSTCODE
    )
    assert call.story.state.identity.level == 0
    assert set(call.story.writes) <= {"desk.call_back"}


async def test_without_the_callers_number_two_facts_are_needed(ring):
    call = ring(caller=None)
    await call.says("I'd like to cancel order 4712", MARIAS_POSTCODE)
    assert call.story.level == 0
    await call.says("Maria Silva")
    assert call.story.level == 1
    assert call.story.at == "cancel_order.cancel"


async def test_two_calls_at_once_do_not_share_who_they_are(ring, shop):
    maria, stranger = ring(call_id="CA1"), ring(caller="+15550142099", call_id="CA2")
    await maria.says("I'd like to cancel order 4712")
    await stranger.says("I'd like to cancel order 4712")
    await maria.says(MARIAS_POSTCODE)
    assert maria.story.level == 1
    assert stranger.story.level == 0
    await maria.says("yes")
    assert stranger.story.writes == []
