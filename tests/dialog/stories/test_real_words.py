"""Stories with the real sentence vectors, knowledge and mood: callers in words that the playbook does not hold."""

import pytest

from dialog.knowledge.base import SURE
from dialog.load import load_playbook
from dialog.minds import build_minds
from dialog.plan import Dialog
from dialog.types import Hearing, Prosody
from models.shelf import ModelShelf
from tests.dialog.story import ACME, Story
from turn_events import planned_event

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def dialog():
    playbook = load_playbook(ACME)
    return Dialog(playbook, build_minds(playbook, ModelShelf().embedder()))


@pytest.fixture
def story(dialog):
    return Story(dialog=dialog)


def test_a_cancellation_in_a_callers_own_words(story):
    story.says("hi um I clicked on buy by accident, could you cancel order 4712 for me")
    assert story.at == "identify.postcode"
    story.says("that's one oh one one five")
    story.action_done(level=1, customer="1", name="Maria Silva")
    story.action_done(item="a rain jacket", status="processing", price=89.5)
    story.says("yes, cancel it please")
    assert story.asked_for == [("shop.cancel_order", {"customer": "1", "order_number": "4712"})]


@pytest.mark.parametrize("words", ["yes and cancel all my other orders too", "well, the jacket is a bit big"])
def test_what_is_no_plain_yes_changes_nothing(story, words):
    story.says("I'd like to cancel order 4712")
    story.says("10115")
    story.action_done(level=1, customer="1", name="Maria Silva")
    story.action_done(item="a rain jacket", status="processing", price=89.5)
    story.says(words)
    assert "shop.cancel_order" not in story.writes
    story.says("never mind")
    assert (story.at, "shop.cancel_order" in story.writes) == ("", False)


def test_an_address_in_a_callers_own_words(story):
    story.says("we've just moved house so you'll need my new address")
    story.says("one zero one one five")
    story.action_done(level=1, customer="1", name="Maria Silva")
    story.action_done(sent=True, number_ending="00")
    story.says("the code is one two three four five six")
    story.action_done(level=2, customer="1")
    story.says("it's fourteen Castle Road")
    story.says("two oh oh nine five")
    story.says("Hamburg")
    assert story.at == "change_address.change"
    story.says("yes that's right")
    assert story.asked_for[0][1]["city"] == "Hamburg"


def test_a_question_that_only_an_articles_body_answers(story):
    said = story.says("do your trams stop near the store")
    assert "tram" in said.lower() or "station" in said.lower()
    assert story.plan.understanding.sources == ("store_address",)


def test_a_question_that_no_article_answers_is_kept_for_the_gap_report(story):
    story.says("do you know how many people live in Portugal?")
    known = planned_event(Hearing(), story.plan)
    assert known.unanswered == "do you know how many people live in Portugal?"
    assert known.nearest in story.dialog.playbook.articles
    assert known.nearest_score < SURE
    assert known.sources == ()


def test_the_question_at_which_we_give_up_is_kept_too(story):
    for country in ("Portugal", "Norway", "Chile", "Kenya"):
        story.says(f"do you know how many people live in {country}?")
    assert story.state.flow == "callback"
    assert "Kenya" in story.plan.understanding.unanswered


def test_a_question_about_the_same_thing_in_between_leads_back(story):
    story.says("I'd like to send my boots back please")
    assert story.at == "return_item.return_number"
    story.says("by the way, how many days do I have to send things back")
    assert story.plan.understanding.sources == ("returns",)
    assert story.at == "return_item.return_number"


def test_two_wishes_in_a_callers_own_words(story):
    story.says("could you check where my order 4711 is and can you also send me the invoice again")
    story.action_done(
        order_number="4711",
        item="boots",
        status="shipped",
        expected_on="2026-11-27",
        carrier="Parcel Express",
    )
    assert story.at.startswith("invoice_copy")


@pytest.mark.parametrize(
    "words",
    [
        "I'd like to cancel order 4712 and also I'd like a copy of my invoice",
        "I'd like to cancel order 4712 please, oh and the invoice again",
        "I'd like to cancel order 4712, plus can you send me the invoice again",
    ],
)
def test_a_second_wish_however_it_is_joined_has_its_turn(story, words):
    story.says(words)
    assert story.state.flow == "identify"
    assert story.state.agenda == ("invoice_copy",)
    story.says("10115")
    story.action_done(level=1, customer="1", name="Maria Silva")
    story.action_done(item="a rain jacket", status="processing", price=89.5)
    said = story.says("no")
    assert story.at.startswith("invoice_copy")
    assert "your invoice" in said


def test_chatter_of_others_in_the_room_changes_nothing(story):
    story.says("I want my money back for order 4713")
    before = story.at
    story.says("no mum I'm on the phone")
    story.says("turn the telly down will you")
    assert story.at in {before, "callback.offer"}
    assert story.writes == []


def test_somebody_angry_hears_that_we_understand(story):
    said = story.says("this is absolutely terrible, I am furious, where the hell is my order")
    assert any(one in said for one in story.dialog.playbook.prompts.empathy)
    assert story.state.mood < 0


def test_a_question_that_points_back_is_read_with_the_wish_behind_the_answers_in_between(story):
    story.says("I'd like to send my boots back please")
    story.says("4713")
    story.says("how many days do I have for that")
    assert story.plan.understanding.sources == ("returns",)
    assert "thirty days" in " ".join(story.plan.say)


def test_a_question_that_points_back_means_what_was_asked_last(story):
    story.says("do you deliver to France")
    story.says("and how much does that cost")
    assert story.plan.understanding.sources == ("shipping_abroad",)


def test_a_call_that_goes_wrong_is_told_in_the_log_before_the_caller_is_angry(story):
    story.says("where is my order")
    story.says("4711")
    story.action_done(
        order_number="4711", item="boots", status="shipped", expected_on="2026-11-20", carrier="X"
    )
    early = planned_event(Hearing(), story.plan)
    story.says("that's wrong, nothing has come")
    story.says("no, that is not what I asked, I asked where it is")
    late = planned_event(Hearing(), story.plan)
    assert late.dissatisfaction > 0.6
    assert late.discontent > early.discontent
    assert late.discontent < late.dissatisfaction, "smoothed over the call"


def test_a_call_that_goes_well_leaves_no_discontent(story):
    story.says("hi, what are your opening hours")
    story.says("great, thanks")
    assert story.plan.signals.dissatisfaction < 0.3
    assert story.state.discontent < 0.2


def test_a_raised_voice_makes_the_same_words_a_worse_turn(dialog):
    plain, loud = Story(dialog=dialog), Story(dialog=dialog)
    said = "that is not what I asked you"
    for story, prosody in (
        (plain, None),
        (loud, Prosody(loudness=3.0, pitch=3.0, pitch_range=2.0, rate=2.0)),
    ):
        story.says("where is my order")
        story.hears(Hearing(text=said, confidence=0.95, prosody=prosody))
    assert loud.plan.signals.sentiment < plain.plan.signals.sentiment
    assert loud.plan.signals.dissatisfaction > plain.plan.signals.dissatisfaction


def test_what_nobody_said_is_not_judged(story):
    story.keys("9")
    assert story.plan.signals.dissatisfaction is None
    story.is_silent()
    assert story.plan.signals.dissatisfaction is None
