"""Who calls: what callers must show of themselves, and what they get when they cannot."""

from actions.types import Failure

POSTCODE = "one oh one one five"
WRONG_POSTCODE = "nine nine nine nine nine"


async def test_nothing_personal_is_said_before_the_caller_is_known(call):
    said = await call.says("I'd like to cancel order 4712")
    assert not {"rain", "jacket", "maria", "89"} & set(said.lower().split())
    assert call.story.level == 0


async def test_the_postcode_can_be_keyed(call):
    await call.says("I forgot my password")
    await call.keys("10115#")
    assert call.story.level == 1


async def test_a_postcode_not_heard_well_is_read_back_first(call):
    await call.says("I forgot my password")
    call.story.says(POSTCODE, confidence=0.5)
    assert call.story.asked == []
    assert call.story.level == 0
    await call.says("yes")
    assert call.story.level == 1


async def test_from_another_telephone_a_name_is_needed_as_well(ring):
    call = ring(caller="+15550149999")
    await call.says("I forgot my password", POSTCODE)
    assert call.story.at == "identify.full_name"
    await call.says("Maria Silva")
    assert call.story.state.identity.customer == "1"
    assert call.story.at == "password_reset.password_send"


async def test_a_postcode_remembered_wrongly_is_made_up_for_by_name_and_birthday(call):
    await call.says(
        "I forgot my password", WRONG_POSTCODE, "Maria Silva", "the twelfth of March nineteen eighty four"
    )
    assert call.story.state.identity.customer == "1"
    assert not call.story.state.identity.locked


async def test_somebody_elses_name_and_postcode_do_not_make_one_person(call):
    await call.says("I forgot my password", WRONG_POSTCODE, "James Okafor")
    assert call.story.level == 0
    assert call.story.writes == []


async def test_the_callers_number_alone_is_not_enough(call):
    await call.says("I forgot my password")
    assert call.story.level == 0
    assert call.story.asked == []


async def test_who_is_known_by_facts_still_needs_the_code_for_money(call, telephone):
    await call.says("I forgot my password", POSTCODE, "yes")
    assert call.story.level == 1
    await call.says("I want a refund", "4713")
    assert call.story.at == "identify_by_code.code"
    assert [number for number, _ in telephone.messages] == ["+15550142000"]


async def test_a_wrong_code_can_be_tried_again(call, telephone):
    await call.says("I want to change my address", POSTCODE)
    wrong = "111111" if telephone.code != "111111" else "222222"
    await call.keys(wrong)
    assert call.story.level == 1
    await call.keys(telephone.code)
    assert call.story.level == 2
    assert call.story.at == "change_address.street"


async def test_three_wrong_codes_lock_the_call(call, telephone):
    await call.says("I want to change my address", POSTCODE)
    wrong = [number for number in ("111111", "222222", "333333", "444444") if number != telephone.code][:3]
    await call.keys(*wrong)
    assert call.story.state.identity.locked
    assert call.story.writes == []
    assert call.story.handed_to == "support"


async def test_a_code_is_worth_nothing_in_another_call(ring, telephone):
    first, second = ring(call_id="CA1"), ring(call_id="CA2")
    await first.says("I want to change my address", POSTCODE)
    old = telephone.code
    await second.says("I want to change my address", POSTCODE)
    if telephone.code != old:
        await second.keys(old)
        assert second.story.level == 1


async def test_where_no_text_can_be_sent_people_take_over(call):
    call.breaks["identity.send_code"] = Failure.UNAVAILABLE
    await call.says("I want a refund", "4713", POSTCODE)
    assert call.story.level == 1
    assert call.story.handed_to == "support"


async def test_where_who_calls_cannot_be_checked_it_is_no_failure_of_the_callers(call):
    call.breaks["shop.identify"] = Failure.UNAVAILABLE
    await call.says("I forgot my password", POSTCODE)
    assert call.story.state.identity.failures == 0
    assert call.story.handed_to == "support"


async def test_a_locked_caller_still_gets_public_answers(call):
    await call.says(
        "I forgot my password", WRONG_POSTCODE, "Peter Miller", "the first of May nineteen seventy"
    )
    assert call.story.state.identity.locked
    await call.says("how much is shipping")
    assert call.story.plan.understanding.sources == ("shipping",)


async def test_a_question_while_who_calls_is_checked_does_not_lose_the_wish(call):
    await call.says("I'd like to cancel order 4712", "how much is shipping")
    assert call.story.at == "identify.postcode"
    await call.says(POSTCODE)
    assert call.story.at == "cancel_order.cancel"


async def test_the_latest_order_is_told_to_its_customer_only(call):
    await call.says("I don't know my order number")
    assert call.story.at == "identify.postcode"
    said = await call.says(POSTCODE)
    assert "four seven one two" in said


async def test_who_lacks_the_order_number_gets_it_and_goes_on(call):
    await call.says("I want to return an order", "I don't know my order number")
    await call.says(POSTCODE)
    assert call.story.at == "return_item.return_number"
    assert call.story.level == 1
