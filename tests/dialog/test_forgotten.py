"""A resumed call of whose private answers only markers are left: they are asked for again, and nothing else is."""

import pytest

from actions.types import Failure
from calls.redaction.kinds import holds_marker
from dialog.forgotten import asked_again, lost_slots
from dialog.types import DialogState, Hearing, SlotCandidate, Waiter
from tests.dialog.story import Story
from tests.private_call import CARD, paying_company

MARKER = "[card number]"


@pytest.fixture(scope="module")
def dialog():
    return paying_company()


@pytest.fixture
def story(dialog):
    """Somebody has said which order they pay, and their card."""
    one = Story(dialog=dialog)
    for text in ("I want to pay my order", "4711", CARD):
        one.says(text)
    return one


def forgets(story, *slots):
    """The state as the log has it."""
    values = {**story.state.slots, **dict.fromkeys(slots, MARKER)}
    story.state = story.state.model_copy(update={"slots": values})


def test_the_first_question_that_is_lost_is_asked_and_what_is_known_is_not(story):
    assert story.at == "pay.code"
    forgets(story, "card")
    assert story.is_resumed().endswith("Your card number, please?")
    assert story.state.slots["order_number"] == "4711"
    assert story.says(CARD) == "And the code on the back?"


def test_nothing_is_asked_again_where_nothing_was_lost(story):
    assert story.is_resumed().endswith("And the code on the back?")
    assert story.state.slots["card"] == CARD


def test_what_was_read_back_and_is_lost_is_no_longer_offered(dialog):
    story = Story(dialog=dialog)
    story.says("I want to pay my order")
    story.says("4711")
    assert story.says(CARD, confidence=0.3).endswith("right?")
    forgets(story, "card")
    story.state = story.state.model_copy(update={"offered": MARKER})
    assert story.is_resumed().endswith("Your card number, please?")
    assert MARKER not in str(story.state.slots)


def test_an_action_that_lacks_what_was_lost_leads_back_to_the_question(story):
    story.keys("702")
    forgets(story, "card", "security_code")
    assert story.action_failed(Failure.FORGOTTEN) == "Your card number, please?"
    assert story.state.pending == ()
    story.says(CARD)
    story.keys("702")
    assert story.asked_for == [("shop.pay", {"order": "4711", "card": CARD, "code": "702"})]


def test_a_flow_that_waits_underneath_goes_back_too(dialog):
    state = DialogState(
        playbook="acme",
        call_id="CA1",
        flow="order_status",
        step=next(iter(dialog.playbook.flows["order_status"].steps)),
        stack=(Waiter(flow="pay", step="pay", offered="x"),),
        slots={"card": MARKER, "order_number": "4711"},
        attempts={"security_code": ((SlotCandidate(value="[card code]", score=1.0),),)},
    )
    assert lost_slots(state) == {"card", "security_code"}
    again = asked_again(state, dialog.playbook.flows)
    assert (again.stack[0].step, again.stack[0].offered) == ("card", None)
    assert again.step == state.step
    assert (again.slots, again.attempts) == ({"order_number": "4711"}, {})


def test_no_language_model_hears_of_a_private_answer(dialog):
    story = Story(dialog=dialog)
    story.says("I want to pay my order")
    story.says("4711")
    assert dialog.model_request(story.state, Hearing(text=CARD)) is None
    story.says(CARD)
    assert CARD not in " ".join(story.state.heard), "nor is it told later"
    assert MARKER in story.state.heard


def test_a_marker_is_seen_at_any_depth():
    assert holds_marker({"a": ["x", {"b": f"with {MARKER}"}]})
    assert not holds_marker({"a": ["[not a kind]", 1, None, True]})
