"""Passwords, invoices, complaints and call-backs, with the real shop behind."""

MARIAS_POSTCODE = "one oh one one five"


async def test_a_password_link_goes_to_the_address_on_file_after_agreement(call):
    await call.says("I forgot my password", MARIAS_POSTCODE)
    assert call.story.writes == []
    said = await call.says("yes")
    assert call.story.writes == ["shop.send_password_reset"]
    assert "maria" not in said.lower(), "the address is not read out"


async def test_an_invoice_copy_needs_its_order_and_agreement(call):
    await call.says("can you send me the invoice", "4711", MARIAS_POSTCODE)
    assert call.story.writes == []
    await call.says("yes")
    assert call.story.writes == ["shop.send_invoice"]


async def test_who_is_known_is_not_asked_again(call):
    await call.says("I forgot my password", MARIAS_POSTCODE, "yes")
    await call.says("can you send me the invoice", "4711")
    assert call.story.at == "invoice_copy.invoice_send"


async def test_a_complaint_is_read_back_before_it_is_noted(call):
    await call.says("I want to make a complaint", "the driver was rude to me and the box was open")
    assert call.story.writes == []
    await call.says("yes")
    assert call.story.writes == ["shop.note_complaint"]


async def test_a_credit_is_a_second_thing_to_agree_to(call):
    await call.says("I forgot my password", MARIAS_POSTCODE, "yes")
    await call.says("I want to make a complaint", "the box was open", "yes", "yes")
    assert "shop.give_credit" not in call.story.writes
    await call.says("yes")
    assert call.story.writes.count("shop.give_credit") == 1


async def test_a_call_back_is_arranged_for_a_topic_and_a_time(call):
    await call.says("can someone call me back", "returns", "tomorrow morning", "yes")
    assert call.story.writes == ["desk.call_back"]


async def test_a_threat_of_law_is_for_people(call):
    await call.says("I'm going to sue you")
    assert call.story.handed_to is not None
    assert call.story.at.startswith("callback")


async def test_an_article_answers_in_the_middle_of_a_flow_which_goes_on(call):
    await call.says("can you send me the invoice")
    before = call.story.at
    await call.says("how much is shipping")
    assert call.story.at == before
    assert call.story.plan.understanding.sources


async def test_another_wish_in_between_comes_back_to_the_first(call):
    await call.says("can you send me the invoice")
    await call.says("where is my order")
    assert call.story.at == "order_status.order_number"
    await call.says("4711")
    assert call.story.at.startswith("invoice_copy.")


async def test_a_change_of_mind_does_not_come_back(call):
    await call.says("can you send me the invoice")
    await call.says("actually, where is my order instead")
    assert call.story.state.stack == ()


async def test_slower_and_a_moment_are_granted_and_nothing_is_lost(call):
    await call.says("can you send me the invoice")
    before = call.story.at
    await call.says("slower please")
    assert call.story.plan.slow
    await call.says("hold on a second")
    assert call.story.plan.expect.no_input_s == 60.0
    assert call.story.at == before


async def test_zero_asks_for_a_person_in_every_state(call):
    await call.says("can you send me the invoice")
    await call.keys("0")
    assert call.story.plan.signals.asked_for_person
    assert call.story.at.startswith("callback")


async def test_a_call_that_was_cut_off_asks_its_open_question_again(call):
    await call.says("can you send me the invoice")
    before = call.story.at
    await call.is_resumed()
    assert call.story.at == before
