"""People can be reached: how callers get to them, and what happens when they come back."""

import pytest

from actions.types import Failure
from dialog.holding import Waited
from dialog.reasons import Reason
from dialog.types import Doubt, ExpectationKind, Hearing, Next
from tests.dialog.story import SHIPPED, Story

EVERYBODY = ("support", "returns", "billing", "care")
WHICH = "So that I reach the right person: what is it about?"
OFFER = "Would you like me to bring in a colleague?"
ASK_NUMBER = "What's your four digit order number?"


def story(reachable=EVERYBODY, **more):
    return Story(reachable=reachable, **more)


def handed(one):
    """Queue and reason of the transfer that the last plan orders."""
    assert one.plan.then is Next.HAND_OVER
    order = one.plan.hand_over
    return order.queue, order.reason


# Asked for


def test_a_person_is_got_at_once_where_it_is_known_what_it_is_about():
    one = story()
    one.says("I want a refund")
    said = one.says("agent")
    assert handed(one) == ("returns", "asked_for_person")
    assert said == (
        "I'm getting a colleague from our returns team. "
        "I'll tell them about your refund, so you won't have to repeat it."
    )
    assert one.plan.signals.code == Reason.ASKED_FOR_PERSON


def test_one_question_finds_the_right_person_where_nothing_is_known():
    one = story()
    assert one.says("I want to talk to a person") == WHICH
    assert one.plan.then is Next.LISTEN
    one.says("I need a copy of my invoice")
    assert handed(one) == ("billing", "asked_for_person")


@pytest.mark.parametrize("again", ["agent", "I want to talk to a person"])
def test_who_asks_again_is_not_asked_again(again):
    one = story()
    one.says("agent")
    one.says(again)
    assert handed(one) == ("support", "asked_for_person")


def test_key_zero_asks_as_words_do():
    one = story()
    assert one.keys("0") == WHICH
    one.keys("0")
    assert handed(one) == ("support", "asked_for_person")


def test_who_does_not_say_what_it_is_about_gets_whoever_takes_everything():
    silent, mumbling = story(), story()
    silent.says("agent")
    silent.is_silent()
    mumbling.says("agent")
    mumbling.says("flumox grandiloquent")
    assert handed(silent) == handed(mumbling) == ("support", "asked_for_person")


def test_the_question_which_person_can_be_repeated_and_dropped():
    one = story()
    one.says("agent")
    assert one.says("can you repeat that") == WHICH
    assert "never mind" in one.says("never mind")
    assert one.plan.then is Next.LISTEN
    assert ASK_NUMBER in one.says("where is my order")


def test_who_comes_is_named_truly_where_the_right_team_is_not_there():
    one = story(reachable=("support",))
    one.says("I want a refund")
    said = one.says("agent")
    assert handed(one)[0] == "returns", "the matter is still theirs"
    assert "our support team" in said


def test_nobody_there_leaves_everything_as_it_was():
    one = story(reachable=())
    assert "can't put you through" in one.says("agent")
    assert one.at == "callback.offer"
    assert one.plan.hand_over is None


def test_a_queue_that_cannot_be_rung_is_no_reason_to_ask_which():
    one = story(reachable=("billing",))
    assert "call you back" in one.says("agent"), "support is not there, and billing does not stand in for it"


def test_people_who_come_later_are_reached_later():
    one = story(reachable=())
    one.says("where is my order")
    one.state = one.dialog.renewed(one.state, ["support"])
    one.says("agent")
    assert handed(one) == ("support", "asked_for_person")


def test_two_calls_reach_different_people():
    one, other = story(call_id="CA1"), story(call_id="CA2")
    one.says("I want a refund")
    other.says("can you send me the invoice")
    one.says("agent")
    other.says("agent")
    assert (handed(one)[0], handed(other)[0]) == ("returns", "billing")


# Without being asked for


def test_danger_reserved_topics_and_used_up_ladders_reach_people_with_their_reasons():
    danger, legal, lost, quiet = story(), story(), story(), story()
    danger.says("my kettle caught fire")
    legal.says("I'm going to sue you")
    for _ in range(3):
        lost.says("flumox grandiloquent")
        quiet.is_silent()
    assert handed(danger) == ("care", "danger")
    assert handed(legal) == ("care", "reserved_topic")
    assert handed(lost) == ("support", "not_understood")
    assert handed(quiet) == ("support", "silent")


def test_a_flow_that_ends_at_the_call_back_reaches_a_person_where_there_is_one():
    one = story()
    one.says("where is my order 4711")
    said = one.action_failed(Failure.UNAVAILABLE)
    assert handed(one) == ("support", "action_failed")
    assert said.startswith("I'm sorry, I can't get at our orders right now. I'm getting a colleague")


def test_what_fails_twice_has_its_own_reason():
    one = story()
    one.says("where is my order")
    one.says("nine nine nine nine")
    one.action_failed(Failure.NOT_FOUND)
    one.says("nine nine nine eight")
    one.action_failed(Failure.NOT_FOUND)
    assert handed(one) == ("support", "action_failed_twice")


# On hold


def waiting():
    one = story()
    one.says("where is my order")
    one.says("agent")
    return one


def held(one, text="", keys="", seconds=40.0, position=None):
    hearing = Hearing(text=text, keyed=keys)
    return one.dialog.on_hold(one.state, hearing, Waited(seconds, position))


@pytest.mark.parametrize(
    "text",
    ["never mind", "Never mind, I'll go on with you.", "forget it", "oh leave it then", "don't bother"],
)
def test_who_would_rather_stay_stays(text):
    assert held(waiting(), text).choice == "stay"


@pytest.mark.parametrize("text", ["call me back please", "can you call me later", "I'd like a call back"])
def test_who_would_rather_be_called_back_says_so_or_keys_one(text):
    assert held(waiting(), text).choice == "call_back"
    assert held(waiting(), keys="1").choice == "call_back"


def test_a_message_can_be_left_instead():
    assert held(waiting(), "can I leave a message").choice == "voicemail"


def test_who_asks_how_long_is_told_what_is_known_and_no_more():
    one = waiting()
    assert "number 3 in the queue" in held(one, "how long will it take", position=3).say[0]
    assert "about 2 minutes" in held(one, "how much longer", seconds=125).say[0]
    assert "can't say" in held(one, "how long", seconds=5).say[0]


@pytest.mark.parametrize("way", [{"text": "agent"}, {"keys": "0"}])
def test_who_asks_for_the_person_again_hears_that_they_are_being_called(way):
    reply = held(waiting(), **way)
    assert reply.choice is None
    assert "calling a colleague" in reply.say[0]


def test_anything_else_is_answered_with_the_ways_out():
    one = waiting()
    before = one.state
    assert "Press 1" in held(one, "what about the invoice").say[0]
    assert held(one, "okay thanks").say == ()
    assert one.state == before


def test_the_word_of_every_half_minute_is_not_the_same_twice_and_knows_the_place():
    one = waiting()
    words = [one.dialog.hold_words(one.state, Waited(seconds)) for seconds in (30.0, 60.0)]
    assert words[0] != words[1]
    assert "Press 1" in words[0][-1]
    assert "number 2" in one.dialog.hold_words(one.state, Waited(30.0, 2))[0]


# Back again


def test_who_stays_is_asked_the_open_question_again():
    one = waiting()
    said = one.comes_back("stayed")
    assert said.startswith("All right, let's go on.")
    assert ASK_NUMBER in said
    one.says("four seven one one")
    assert one.asked_for == [("shop.order_status", {"order_number": "4711"})]


def test_a_value_that_was_read_back_is_read_back_again_and_no_change_is_made_meanwhile():
    one = story()
    one.says("I want to make a complaint")
    one.says("the box was open")
    assert one.plan.expect.kind is ExpectationKind.YES_NO
    one.says("agent")
    assert handed(one) == ("returns", "asked_for_person")
    assert "the box was open" in one.comes_back("stayed")
    assert one.writes == []
    one.says("yes")
    assert one.writes == ["shop.note_complaint"]


@pytest.mark.parametrize(
    ("outcome", "sorry"),
    [
        ("nobody", "none of my colleagues could take the call"),
        ("failed", "couldn't put you through"),
        ("agent_gone", "couldn't put you through"),
    ],
)
def test_nobody_reached_is_said_truly_and_a_call_back_offered(outcome, sorry):
    one = waiting()
    said = one.comes_back(outcome)
    assert sorry in said
    assert "A colleague can call you back." in said
    assert one.at == "callback.offer"
    one.says("yes")
    assert one.asked[-1][0] == "desk.call_back"
    assert one.asked[-1][1]["reason"] == "asked for a person"


def test_who_chose_a_call_back_is_asked_for_the_number_straight_away():
    one = waiting()
    assert one.comes_back("call_back") == "Shall we use the number you're calling from?"


def test_a_message_is_taken_word_for_word():
    one = waiting()
    assert one.comes_back("voicemail").startswith("Please say your message now")
    one.says("my boots have not come yet")
    action, arguments = one.asked[-1]
    assert (action, arguments["text"]) == ("desk.leave_message", "my boots have not come yet")


def test_a_human_gives_the_caller_back_for_a_task_that_the_playbook_allows():
    one = waiting()
    said = one.comes_back("handed_back", task="terms")
    assert said.startswith("This is the assistant again. Here are our terms in short.")
    assert one.at == "terms.agree"
    one.says("yes")
    assert one.state.slots["terms_agreed"] is True


@pytest.mark.parametrize("task", [None, "refund", "no_such_flow"])
def test_no_other_flow_is_begun_for_a_human(task):
    one = waiting()
    said = one.comes_back("handed_back", task=task)
    assert said.startswith("This is the assistant again.")
    assert (one.at, one.plan.act) == ("", ())


def test_a_call_cut_off_while_waiting_waits_on():
    one = waiting()
    one.moves()
    assert one.is_resumed().startswith("I'm sorry, we were cut off")
    assert handed(one) == ("support", "asked_for_person")


# Escalation


def test_an_offer_takes_the_place_of_the_question_and_a_yes_hands_over():
    one = story()
    asked = one.says("where is my order")
    said = one.is_escalated("offer", "upset", words="mood -0.5", unsaid=(asked,))
    assert said == OFFER
    assert one.plan.expect.kind is ExpectationKind.YES_NO
    one.says("yes please")
    assert handed(one) == ("support", "upset")
    assert one.plan.hand_over.words == "mood -0.5"


def test_a_no_to_the_offer_goes_on_and_is_not_asked_again_for_a_while():
    one = story()
    one.says("where is my order")
    one.is_escalated("offer")
    assert ASK_NUMBER in one.says("no") or "order number" in one.plan.say[-1]
    assert one.is_escalated("offer", unsaid=("The order number, please?",)) == "The order number, please?"
    for _ in range(4):
        one.says("how do I return something")
    assert one.is_escalated("offer") == OFFER


def test_an_answer_instead_of_a_yes_to_the_offer_is_taken_as_an_answer():
    one = story()
    one.says("where is my order")
    one.is_escalated("offer")
    one.says("four seven one one")
    assert one.asked_for == [("shop.order_status", {"order_number": "4711"})]
    assert one.state.offer is None


def test_a_yes_to_the_offer_agrees_to_nothing_else():
    one = story()
    one.says("I want to make a complaint")
    one.says("the box was open")
    one.is_escalated("offer")
    one.says("yes")
    assert one.plan.then is Next.HAND_OVER
    assert one.writes == []


def test_without_people_a_call_back_is_offered():
    one = story(reachable=())
    one.says("where is my order")
    assert one.is_escalated("offer") == "Would you like a colleague to call you back about it?"
    one.says("yes")
    assert one.at == "callback.offer"


@pytest.mark.parametrize(
    ("reason", "sorry"),
    [
        ("upset", "I'm sorry this has been so frustrating."),
        ("not_understood", "I have trouble understanding you"),
        ("risk", "this isn't going well with me"),
    ],
)
def test_who_is_handed_over_unasked_hears_why(reason, sorry):
    one = story()
    asked = one.says("where is my order")
    said = one.is_escalated("hand_over", reason, unsaid=(asked,))
    assert handed(one) == ("support", reason)
    assert sorry in said
    assert ASK_NUMBER not in said


def test_a_watched_caller_hears_empathy_once_and_shorter_questions_from_then_on():
    one = story()
    said = one.is_escalated("watch", unsaid=("What can I do for you?",))
    assert said.endswith("What can I do for you?")
    assert len(one.plan.say) == 2
    assert one.says("where is my order").endswith("The order number, please?")


@pytest.mark.parametrize("level", ["watch", "offer", "hand_over"])
def test_nothing_more_is_done_where_people_have_the_matter(level):
    called, waiting_for = story(reachable=()), waiting()
    called.says("agent")
    assert called.is_escalated(level, unsaid=("Yes?",)) == "Yes?"
    assert called.at == "callback.offer"
    assert waiting_for.is_escalated(level) == ""


def test_after_the_answer_the_matter_is_still_known():
    one = story()
    one.says("where is my order 4711")
    one.action_done(**SHIPPED)
    one.says("agent")
    assert handed(one) == ("support", "asked_for_person")
    assert "your order" in one.plan.say[-1]


@pytest.mark.parametrize("reachable", [EVERYBODY, ()])
def test_a_wish_that_was_asked_back_is_not_asked_about_any_more_once_people_have_the_matter(reachable):
    one = story(reachable=reachable)
    one.says("has my order shipped", confidence=0.45)
    one.state = one.state.model_copy(
        update={"doubt": Doubt(intent="refund", text="refund", confidence=0.5, certainty=0.55)}
    )
    one.is_escalated("hand_over", "not_understood")
    assert one.state.doubt is None
