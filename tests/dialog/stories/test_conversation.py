"""What callers do to a conversation: interrupt, correct, wander off, wait, ask twice, fall silent, come back."""

import pytest

from actions.types import Failure
from dialog.types import ExpectationKind, Hearing, Next, Word
from tests.dialog.story import SHIPPED, Story

POSTCODE = "one oh one one five"
ASKING = {
    "order_status.order_number": ["where is my order"],
    "cancel_order.cancel_number": ["I want to cancel my order"],
    "return_item.return_number": ["I want to return an order"],
    "refund.refund_number": ["I want a refund"],
    "invoice_copy.invoice_number": ["can you send me the invoice"],
    "change_order.change_number": ["I want to change my order"],
    "identify.postcode": ["I forgot my password"],
    "complaint.what": ["I want to make a complaint"],
    "complaint.note_complaint": ["I want to make a complaint", "the box was open"],
    "product_info.which": ["I have a question about a product"],
    "arrange_callback.topic": ["can someone call me back"],
    "arrange_callback.when": ["can someone call me back", "returns"],
    "arrange_callback.this_number": ["can someone call me back", "returns", "tomorrow morning"],
}
"""Where callers are waited for, and how to get there without an action."""


def at(place):
    story = Story()
    for text in ASKING[place]:
        story.says(text)
    assert story.at == place
    return story


@pytest.mark.parametrize("place", ASKING)
def test_a_person_is_one_word_away_everywhere(place):
    story = at(place)
    story.says("agent")
    assert story.plan.signals.asked_for_person
    assert (story.at, story.handed_to) == ("callback.offer", "support")


@pytest.mark.parametrize("place", ASKING)
def test_a_person_is_one_key_away_everywhere(place):
    story = at(place)
    story.keys("0")
    assert (story.at, story.handed_to) == ("callback.offer", "support")


@pytest.mark.parametrize("place", ASKING)
def test_silence_climbs_to_a_person_everywhere_and_never_hangs_up_first(place):
    story = at(place)
    said = []
    while story.at == place:
        assert not story.over
        said.append(story.is_silent())
        assert len(said) <= 4
    assert story.at == "callback.offer"
    assert len(set(said)) == len(said), "nobody hears the same twice"


@pytest.mark.parametrize(
    "place", [one for one in ASKING if one not in {"complaint.what", "arrange_callback.topic"}]
)
def test_what_is_not_understood_climbs_to_a_person_everywhere(place):
    story = at(place)
    turns = 0
    while story.at != "callback.offer":
        story.says("flumox grandiloquent")
        assert story.plan.signals.repair == "no_match"
        turns += 1
        assert turns <= 4
    assert story.writes == []


@pytest.mark.parametrize("place", ASKING)
def test_repeat_says_it_again_everywhere(place):
    story = at(place)
    before = story.state.last_said
    assert story.keys("*") == before
    assert (story.at, story.state.failures) == (place, 0)


@pytest.mark.parametrize("place", ASKING)
def test_slower_is_granted_everywhere_and_lasts(place):
    story = at(place)
    story.says("slower please")
    assert story.at == place
    assert story.plan.slow
    story.says("say that again")
    assert story.plan.slow


@pytest.mark.parametrize("place", ASKING)
def test_a_moment_is_granted_everywhere(place):
    story = at(place)
    story.says("hold on")
    assert (story.at, story.plan.expect.no_input_s) == (place, 60.0)


@pytest.mark.parametrize(
    "place", [one for one in ASKING if one not in {"complaint.what", "arrange_callback.topic"}]
)
def test_a_cut_off_call_puts_its_question_again_everywhere(place):
    story = at(place)
    story.is_resumed()
    assert story.at == place
    assert story.writes == []


@pytest.mark.parametrize("place", ASKING)
def test_goodbye_ends_the_call_everywhere(place):
    story = at(place)
    story.says("goodbye")
    assert story.over
    assert story.writes == []


@pytest.mark.parametrize("place", [one for one in ASKING if one != "arrange_callback.this_number"])
def test_never_mind_leaves_everything_everywhere(place):
    story = at(place)
    story.says("never mind")
    assert story.at == ""
    assert not story.over
    assert story.writes == []


@pytest.mark.parametrize(
    "place", [one for one in ASKING if not one.startswith(("complaint.what", "arrange"))]
)
def test_a_question_in_between_is_answered_and_the_flow_goes_on_everywhere(place):
    story = at(place)
    story.says("when are you open")
    assert story.plan.understanding.sources == ("opening_hours",)
    assert story.at == place


@pytest.mark.parametrize(
    "place", [one for one in ASKING if one.endswith(("_number", ".which")) and "this" not in one]
)
def test_asking_again_for_what_is_under_way_gets_the_question_once_more(place):
    story = at(place)
    asked = story.plan.say[-1]
    said = story.says(ASKING[place][0])
    assert story.at == place
    assert said == asked
    assert story.plan.signals.repair == "none", "they were understood"
    story.says(ASKING[place][0])
    assert story.plan.signals.repair == "no_match", "it leads nowhere, and a person is near"


def test_are_you_a_robot_is_answered_truly_and_the_question_stays():
    story = at("order_status.order_number")
    assert "computer" in story.says("are you a robot")
    assert story.at == "order_status.order_number"


def test_what_can_you_do_is_answered_between_flows():
    story = Story()
    story.says("what can you do")
    assert story.at == ""
    assert story.state.failures == 0


def test_thanks_is_no_failure_and_no_goodbye():
    story = at("order_status.order_number")
    story.says("thank you so much")
    assert not story.over
    assert (story.at, story.state.failures) == ("order_status.order_number", 0)


def test_a_greeting_is_answered_and_the_wish_awaited():
    story = Story()
    story.says("good morning")
    assert (story.at, story.over) == ("", False)
    assert story.plan.expect.kind is ExpectationKind.OPEN


async def test_two_wishes_in_one_breath_are_both_seen_to(call):
    await call.says("where is my order 4711 and I want to return an order")
    assert ("shop.order_status", {"order_number": "4711"}) in call.story.asked
    assert call.story.at == "return_item.return_number"


async def test_a_question_and_a_wish_in_one_breath_are_both_seen_to(call):
    said = await call.says("when are you open and where is my order")
    assert "nine to six" in said
    assert call.story.at == "order_status.order_number"


async def test_another_flow_in_between_leads_back_to_the_agreement_which_is_asked_anew(call, shop):
    await call.says("I'd like to cancel order 4712", POSTCODE)
    await call.says("is the rain jacket in stock")
    assert call.story.at == "cancel_order.cancel"
    assert call.story.plan.expect.kind is ExpectationKind.YES_NO
    assert call.story.writes == []
    await call.says("yes")
    assert (await shop.order("4712")).status.value == "cancelled"


async def test_a_changed_mind_at_the_agreement_does_nothing(call, shop):
    await call.says("I'd like to cancel order 4712", POSTCODE, "never mind")
    assert call.story.writes == []
    assert (await shop.order("4712")).status.value == "processing"


@pytest.mark.parametrize(
    "words", ["yes and where is my order", "yes but only half of it please for 4713", "well maybe"]
)
async def test_a_yes_with_something_else_in_it_is_no_agreement(call, words):
    await call.says("I'd like to cancel order 4712", POSTCODE, words)
    assert "shop.cancel_order" not in call.story.writes


@pytest.mark.parametrize(
    ("sure", "counts"), [((0.84, 0.99), True), ((0.4, 0.99), False), ((0.84, 0.3), False)]
)
async def test_a_yes_is_as_sure_as_its_least_sure_word(call, sure, counts):
    """How sure the recogniser is of a whole short sentence is mostly how sure it is of its commas and its end."""
    await call.says("I'd like to cancel order 4712", POSTCODE)
    words = [
        Word(text=text, start_s=0.0, end_s=0.1, probability=one)
        for text, one in zip(("Yes,", "please"), sure, strict=True)
    ]
    call.story.hears(Hearing(text="Yes, please", confidence=0.42, words=words))
    assert ("shop.cancel_order" in call.story.writes) is counts
    assert (call.story.plan.signals.repair == "no_match") is not counts


async def test_after_something_else_at_the_agreement_a_yes_still_counts(call):
    await call.says("I'd like to cancel order 4712", POSTCODE, "flumox grandiloquent")
    assert call.story.plan.expect.kind is ExpectationKind.YES_NO
    await call.says("yes")
    assert call.story.writes == ["shop.cancel_order"]


async def test_a_yes_not_heard_well_is_asked_for_again(call):
    await call.says("I'd like to cancel order 4712", POSTCODE)
    call.story.says("yes", confidence=0.4)
    assert call.story.writes == []
    assert call.story.at == "cancel_order.cancel"
    await call.says("yes")
    assert call.story.writes == ["shop.cancel_order"]


async def test_silence_is_no_agreement(call):
    await call.says("I'd like to cancel order 4712", POSTCODE)
    for _ in range(3):
        await call.is_silent()
    assert "shop.cancel_order" not in call.story.writes


async def test_a_number_said_later_corrects_the_earlier_one(call, shop):
    await call.says("I want to return an order", "4711", POSTCODE)
    assert call.story.at == ""
    await call.says("no, I said 4713")
    assert call.story.at in {"return_item.return_reason", "return_item.return_why"}
    assert (await shop.order("4713")).return_number is None


async def test_the_same_change_twice_in_a_call_is_one_change(call):
    await call.says("I forgot my password", POSTCODE, "yes")
    first = call.story.asked[-1]
    await call.says("reset my password please", "yes")
    assert call.story.asked[-1] == first
    keys = {request.key for request in call.story.plan.act}
    assert len(keys) <= 1


def test_a_slow_action_is_waited_for_with_words_and_its_result_is_told():
    story = Story()
    story.says("where is my order 4711")
    assert story.waits()
    assert story.plan.then is Next.AWAIT_ACTIONS
    story.waits()
    story.action_done(**SHIPPED)
    assert story.plan.then is Next.LISTEN
    assert story.state.pending == ()


def test_a_call_cut_off_during_a_change_asks_what_became_of_it_and_tells():
    story = Story()
    story.says("I want to make a complaint")
    story.says("the box was open")
    story.says("yes")
    request = story.plan.act[0]
    story.moves()
    said = story.is_resumed()
    assert said == "I'm sorry, we were cut off for a moment.", "nothing is claimed yet"
    assert story.plan.act == (request,), "the ledger knows it by its key"
    assert story.plan.then is Next.AWAIT_ACTIONS
    story.action_done(reference=5001)
    assert story.at == "complaint.sorry"


def test_an_answer_asked_for_again_is_the_one_that_counts():
    story = Story()
    story.says("where is my order")
    story.says("four seven one three")
    story.action_failed(Failure.NOT_FOUND)
    story.says("four seven one one", confidence=0.7)
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]


def test_a_change_that_the_caller_hears_of_while_it_runs_is_not_asked_twice():
    story = Story()
    story.says("I want to make a complaint")
    story.says("the box was open")
    story.says("yes")
    story.says("yes yes do it")
    assert story.plan.act == ()
    story.action_done(reference=5001)
    assert story.writes == ["shop.note_complaint"]


@pytest.mark.parametrize(
    "words", ["my kettle caught fire", "I got an electric shock from it", "this is fraud"]
)
@pytest.mark.parametrize("place", ["order_status.order_number", "complaint.what", "complaint.note_complaint"])
def test_danger_goes_to_people_at_once_from_everywhere(words, place):
    story = at(place)
    story.says(words)
    assert story.handed_to == "care"
    assert story.writes == []


@pytest.mark.parametrize("words", ["I'm going to sue you", "delete my data"])
def test_what_is_reserved_for_people_goes_to_them(words):
    story = Story()
    story.says(words)
    assert (story.handed_to, story.at) == ("care", "callback.offer")


async def test_a_product_named_with_the_question_is_not_asked_for(call):
    said = await call.says("is the rain jacket in stock")
    assert call.story.asked == [("shop.product", {"product": "rain jacket"})]
    assert "December the fourth" in said


async def test_a_product_is_asked_for_where_none_was_named(call):
    await call.says("I have a question about a product")
    assert call.story.at == "product_info.which"
    await call.says("the lawn mower please")
    assert call.story.asked == [("shop.product", {"product": "lawn mower"})]


async def test_a_call_back_for_a_withheld_number_asks_for_one_and_reads_it_back(ring):
    call = ring(caller=None)
    await call.says("can someone call me back", "returns", "any time")
    assert call.story.at == "arrange_callback.number"
    await call.keys("5550142999")
    assert call.story.writes == []
    await call.says("yes")
    assert call.story.asked[-1][1]["phone"] == "5550142999"


async def test_a_complaint_in_other_words_is_read_back_again(call):
    await call.says("I want to make a complaint", "the box was open", "no", "the driver was late and rude")
    assert call.story.writes == []
    await call.says("yes")
    assert call.story.asked[-1][1]["text"] == "the driver was late and rude"


async def test_a_shop_that_is_down_leads_to_a_person_and_nothing_is_changed(call):
    call.breaks["shop.find_order"] = Failure.UNAVAILABLE
    await call.says("I'd like to cancel order 4712", POSTCODE)
    assert call.story.at == "callback.offer"
    assert call.story.writes == []
