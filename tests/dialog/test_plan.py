"""Whole conversations with the demo company, told as stories."""

import pytest

from actions.types import ActionResult, Failure
from dialog.types import Done, ExpectationKind, Hearing, Next, Word
from tests.dialog.story import SHIPPED, Story

ASK_NUMBER = "What's your four digit order number?"


def test_an_order_is_looked_up_and_its_status_told():
    story = Story()
    assert "automated assistant" in story.plan.say[0]
    assert "recorded" in story.plan.say[0]

    assert ASK_NUMBER in story.says("Where is my order?")
    assert story.plan.expect.kind is ExpectationKind.DIGITS
    assert story.plan.expect.digits == 4

    assert story.says("It's four seven one one.") == ""
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]
    assert story.plan.then is Next.AWAIT_ACTIONS

    answer = story.action_done(**SHIPPED)
    assert answer.startswith("Order four seven one one has shipped with Parcel Express.")
    assert "Wednesday, November the twenty-fifth" in answer
    assert answer.endswith("?")

    assert story.says("No, thank you.") == "Thank you for calling Acme. Goodbye."
    assert story.over


@pytest.mark.parametrize("words", ["Where is my order 4711?", "Where is my order for 711?"])
def test_a_number_said_with_the_wish_is_not_asked_for_again(words):
    story = Story()
    story.says(words)
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]


def test_keys_answer_the_question_as_well_as_words():
    story = Story()
    story.says("where is my order")
    story.keys("4711")
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]


def test_a_number_not_heard_well_is_read_back():
    story = Story()
    story.says("where is my order")
    assert story.says("for seven one one", confidence=0.5) == "I heard four seven one one. Is that right?"
    assert story.plan.expect.kind is ExpectationKind.YES_NO
    story.says("yes")
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]


def test_only_the_words_of_the_number_tell_how_well_it_was_heard():
    story = Story()
    story.says("where is my order")
    words = (
        Word(text="It's", start_s=0.0, end_s=0.2, probability=0.1),
        Word(text="4711.", start_s=0.2, end_s=1.0, probability=0.9),
    )
    story.hears(Hearing(text="It's 4711.", confidence=0.5, words=words))
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]


def test_a_read_back_can_be_corrected_in_one_breath():
    story = Story()
    story.says("where is my order")
    story.says("four seven one two", confidence=0.5)
    story.says("no, four seven one one")
    assert story.plan.signals.repair == "correction"
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]


def test_a_wrong_read_back_is_asked_anew():
    story = Story()
    story.says("where is my order")
    story.says("four seven one two", confidence=0.5)
    assert story.says("no") == "Sorry, which order number?"
    assert story.plan.expect.kind is ExpectationKind.DIGITS


def test_an_unknown_order_is_asked_for_once_more_and_then_left_to_a_person():
    story = Story()
    story.says("where is my order")
    story.says("nine nine nine nine")
    assert "can't find an order nine nine nine nine" in story.action_failed(Failure.NOT_FOUND)
    assert story.plan.expect.kind is ExpectationKind.DIGITS
    story.says("nine nine nine eight")
    assert "call you back" in story.action_failed(Failure.NOT_FOUND)


def test_another_number_after_the_answer_corrects_it():
    story = Story()
    story.says("where is my order 4712")
    story.action_done(**(SHIPPED | {"order_number": "4712"}))
    story.says("sorry I meant 4711")
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]
    assert story.plan.signals.repair == "correction"


def test_a_question_in_between_is_answered_and_the_open_one_put_again():
    story = Story()
    story.says("where is my order")
    answer = story.says("when are you open")
    assert "nine to six" in answer
    assert ASK_NUMBER in answer
    story.says("four seven one one")
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("when are you open", "nine to six"),
        ("how do I return something", "thirty days"),
        ("how much is shipping", "four euros ninety"),
    ],
)
def test_articles_answer_questions(question, part):
    story = Story()
    assert part in story.says(question)


def test_whoever_wants_a_person_is_told_honestly_and_called_back():
    story = Story()
    offer = story.says("I want to talk to a person")
    assert "can't put you through to a person right now" in offer
    assert story.plan.signals.asked_for_person

    story.says("yes please")
    action, arguments = story.asked_for[0]
    assert action == "desk.call_back"
    assert arguments["phone"] == "+15550142000"
    assert "reference is one seven" in story.action_done(reference=17)


@pytest.mark.parametrize("words", ["agent", "No! A human, now.", "get me a representative"])
def test_the_way_to_a_person_is_open_in_the_middle_of_a_flow(words):
    story = Story()
    story.says("where is my order")
    assert "call you back" in story.says(words)


def test_key_zero_asks_for_a_person_anywhere():
    story = Story()
    story.says("where is my order")
    assert "call you back" in story.keys("0")


def test_another_number_for_the_call_back_is_read_back_before_it_is_noted():
    story = Story()
    story.says("agent")
    story.says("no")
    assert story.plan.expect.kind is ExpectationKind.DIGITS
    assert "five five five, zero one four, two nine nine nine" in story.keys("5550142999")
    story.says("yes")
    assert story.asked_for[0][1]["phone"] == "5550142999"


def test_a_caller_without_a_number_is_asked_for_one():
    story = Story(caller=None)
    assert "Which number should we call?" in story.says("agent")


def test_writes_carry_a_key_that_stays_the_same_when_planned_twice():
    story = Story()
    story.says("agent")
    story.says("yes")
    assert story.plan.act[0].key.startswith("CA1:desk.call_back:")


def test_what_is_not_understood_climbs_the_ladder_to_a_call_back():
    story = Story()
    first = story.says("flumox grandiloquent")
    second = story.says("flumox grandiloquent")
    third = story.says("flumox grandiloquent")
    assert first != second
    assert "call you back" in third
    assert story.plan.signals.repair == "no_match"


def test_silence_climbs_its_own_ladder_to_a_promise_and_a_goodbye():
    story = Story()
    said = [story.is_silent() for _ in range(3)]
    assert "call you back" in said[-1]
    assert len(set(said)) == 3
    for _ in range(3):
        story.is_silent()
    assert story.asked_for[0][0] == "desk.call_back"
    assert "I'll ask a colleague to call you back" in story.action_done(reference=3)
    assert not story.over
    assert "Goodbye" in story.is_silent()
    assert story.over


def test_we_never_hang_up_on_somebody_who_talks():
    story = Story()
    said = []
    for _ in range(20):
        said.append(story.says("flumox grandiloquent"))
        if story.plan.act:
            said.append(story.action_done(reference=3))
        assert not story.over
    assert sum("I'll ask a colleague" in one for one in said) == 1
    assert all(one != other for one, other in zip(said[1:], said, strict=False))


def test_what_is_said_after_our_goodbye_is_answered_shortly_and_a_question_is_answered():
    story = Story()
    story.says("when are you open")
    story.says("no")
    assert story.over
    assert story.says("bye bye") == "Bye bye."
    assert story.over
    assert "thirty days" in story.says("how do I return something")
    assert not story.over


def test_four_failures_in_a_call_are_enough_wherever_they_happen():
    story = Story()
    for _ in range(2):
        story.says("flumox grandiloquent")
        story.says("when are you open")
    story.says("flumox grandiloquent")
    story.says("when are you open")
    assert "call you back" in story.says("flumox grandiloquent")


def test_words_that_the_recogniser_doubts_are_not_believed():
    story = Story()
    story.says("where is my order", unsure=True)
    assert story.plan.signals.repair == "no_match"


def test_repeat_says_it_again_and_counts_as_no_failure():
    story = Story()
    asked = story.says("where is my order")
    assert story.says("can you repeat that") == asked
    assert story.keys("*") == asked
    assert story.state.failures == 0
    assert story.plan.expect.kind is ExpectationKind.DIGITS


def test_never_mind_leaves_the_flow():
    story = Story()
    story.says("where is my order")
    assert "never mind" in story.says("never mind")
    assert story.state.flow is None


def test_goodbye_ends_the_call_also_where_a_yes_or_no_was_asked():
    story = Story()
    story.says("agent")
    story.says("bye bye")
    assert story.over


def test_a_goodbye_out_of_the_blue_that_was_not_heard_well_is_asked_about():
    story = Story()
    story.says("where is my order")
    assert story.says("bye bye", confidence=0.45).endswith("?")
    assert not story.over
    story.says("bye bye", confidence=0.45)
    assert story.over


def test_who_speaks_while_we_look_something_up_is_asked_to_wait_and_not_lost():
    story = Story()
    story.says("where is my order 4711")
    assert story.says("hello?") == "One moment, please."
    assert "has shipped" in story.action_done(**SHIPPED)


def test_who_waits_for_an_action_hears_that_we_are_at_it_and_not_the_same_twice():
    story = Story()
    story.says("where is my order 4711")
    assert story.plan.expect.no_input_s == pytest.approx(1.2), "what is done by then needs no words"
    first = story.waits()
    assert first == "Let me have a look."
    assert story.plan.then is Next.AWAIT_ACTIONS
    assert story.plan.expect.no_input_s > 5, "they know now: no need to go on about it"
    assert story.waits() not in {"", first}
    assert story.state.turn == 1, "waiting is no turn of the caller's"
    assert "has shipped" in story.action_done(**SHIPPED)


def test_nothing_is_said_about_waiting_where_nothing_is_waited_for():
    story = Story()
    story.says("where is my order")
    asked = story.plan.expect
    assert story.waits() == ""
    assert story.plan.expect == asked


def test_a_person_can_be_asked_for_while_we_look_something_up():
    story = Story()
    story.says("where is my order 4711")
    assert "call you back" in story.says("agent")
    assert not story.state.pending


def test_the_answer_of_an_action_that_nobody_waits_for_says_nothing():
    story = Story()
    story.says("where is my order 4711")
    waiting = story.state
    story.says("agent")
    now = story.state
    late = Done(result=ActionResult(action="shop.order_status", key=waiting.pending[0].key, data=SHIPPED))
    plan = story.dialog.plan(now, late)
    assert plan.say == ()
    assert plan.expect == now.expect


def test_a_resumed_call_apologises_and_puts_the_open_question_again():
    story = Story()
    story.says("where is my order")
    said = story.is_resumed()
    assert said.startswith("I'm sorry, we were cut off")
    assert ASK_NUMBER in said


def test_a_shop_that_does_not_answer_is_said_and_leads_to_a_call_back():
    story = Story()
    story.says("where is my order 4711")
    said = story.action_failed(Failure.UNAVAILABLE)
    assert "can't get at our orders" in said
    assert "call you back" in said


def test_two_calls_do_not_know_of_each_other():
    one, other = Story(call_id="CA1"), Story(caller="+15550149999", call_id="CA2")
    one.says("where is my order")
    other.says("agent")
    one.says("four seven one one")
    other.says("yes")
    assert one.asked_for == [("shop.order_status", {"order_number": "4711"})]
    assert other.asked_for[0][1]["phone"] == "+15550149999"
    assert other.asked_for[0][1]["call_id"] == "CA2"
