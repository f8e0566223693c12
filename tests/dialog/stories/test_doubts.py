"""Stories of wishes that were not heard well, or may mean something else: asked back before anything is begun."""

import pytest

from actions.types import Failure
from dialog.intents import Ranking
from dialog.load import load_playbook
from dialog.plan import Dialog, Minds
from dialog.playbook import OUT_OF_SCOPE
from dialog.types import ExpectationKind, Hearing, Silence
from tests.dialog.story import ACME, Story
from turn_events import planned_event

CANCEL = "can you call off 4712"
PLAIN, FAINT = 0.95, 0.5
"""How sure the recogniser is of the words of somebody who speaks plainly, and of somebody in a station hall."""
LIKELY = 0.6
"""How sure the head is of what the words mean: enough where they were heard well, and else not."""


class Head:
    """Is as sure as it is told of sentences that hold certain words."""

    SCORES = (
        ("call off", "cancel_order", LIKELY),
        ("cancel it", "cancel_order", 0.9),
        ("money", "refund", LIKELY),
        ("parcel", "order_status", 0.9),
        ("send back", "returns", LIKELY),
        ("again", "repeat", 0.9),
        ("never mind", "cancel", 0.9),
        ("mumble", "cancel_order", 0.45),
    )

    def rank_all(self, text):
        return (self.rank(text),)

    def rank(self, text):
        for words, intent, score in self.SCORES:
            if words in text:
                return Ranking(((intent, score), (OUT_OF_SCOPE, round(1 - score, 4))))
        return Ranking(((OUT_OF_SCOPE, 0.9), ("order_status", 0.1)))


@pytest.fixture(scope="module")
def dialog():
    return Dialog(load_playbook(ACME), Minds(Head()))


@pytest.fixture
def story(dialog):
    return Story(dialog=dialog)


def test_the_same_words_are_acted_upon_where_they_were_heard_well_and_asked_back_where_not(story, dialog):
    story.says(CANCEL, PLAIN)
    assert story.state.flow is not None
    faint = Story(dialog=dialog)
    said = faint.says(CANCEL, FAINT)
    assert faint.state.flow is None
    assert "the cancellation" in said
    assert faint.plan.expect.kind is ExpectationKind.YES_NO


def test_a_yes_begins_what_was_asked_back_with_the_number_that_was_said_first(story):
    story.says(CANCEL, FAINT)
    said = story.says("yes")
    assert story.state.flow == "cancel_order"
    assert "four seven one two" in said, "the number was not heard better than the wish"
    story.says("yes")
    assert story.at == "identify.postcode"
    assert "4712" in story.state.slots.values()


def test_a_key_is_a_yes_too(story):
    story.says(CANCEL, FAINT)
    story.keys("1")
    assert story.state.flow == "cancel_order"


def test_after_a_no_nothing_is_begun_and_we_ask_what_it_is_about(story):
    story.says(CANCEL, FAINT)
    story.says("no")
    assert story.state.flow is None
    assert story.plan.signals.repair == "no_match"
    story.says("yes")
    assert story.state.flow is None, "the doubt is settled: this yes is about nothing"


def test_a_wish_that_is_said_twice_is_believed(story):
    story.says(CANCEL, FAINT)
    story.says("call off my order", FAINT)
    assert story.state.flow == "cancel_order"
    assert story.state.offered == "4712"


def test_another_wish_takes_the_place_of_the_doubtful_one(story):
    story.says(CANCEL, FAINT)
    story.says("where is my parcel")
    assert story.at == "order_status.order_number"


def test_who_asks_what_we_said_still_owes_the_answer(story):
    question = story.says(CANCEL, FAINT)
    assert story.says("say it again") == question
    story.says("yes")
    assert story.state.flow == "cancel_order"


def test_never_mind_leaves_it(story):
    story.says(CANCEL, FAINT)
    story.says("never mind")
    story.says("yes")
    assert story.state.flow is None


def test_an_answer_from_an_article_is_simply_given(story):
    story.says("can I send back a lamp", FAINT)
    assert story.plan.understanding.sources == ("returns",)


def test_words_that_are_hardly_more_than_a_guess_are_not_understood_at_all(story):
    story.says("mumble", FAINT)
    assert story.plan.signals.repair == "no_match"
    assert story.state.doubt is None


def test_in_the_middle_of_something_else_a_no_leads_back_to_it(story):
    story.says("where is my parcel")
    story.says("my money", FAINT)
    assert story.at == "order_status.order_number"
    assert story.state.doubt is not None
    story.says("no")
    assert (story.at, story.state.doubt) == ("order_status.order_number", None)
    story.says("4711")
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]


def test_in_the_middle_of_something_else_a_yes_goes_there_first(story):
    story.says("where is my parcel")
    story.says("my money", FAINT)
    story.says("yes")
    assert story.state.stack[-1].flow == "order_status"


def test_an_answer_to_the_open_question_settles_a_doubt_without_a_word_on_it(story):
    story.says("where is my parcel")
    story.says("my money", FAINT)
    story.says("4711")
    assert story.asked_for == [("shop.order_status", {"order_number": "4711"})]


def test_while_a_change_is_read_back_no_second_yes_or_no_is_opened(story):
    story.says(CANCEL)
    story.says("10115")
    story.action_done(level=1, customer="1", name="Maria Silva")
    story.action_done(item="a rain jacket", status="processing", price=89.5)
    assert story.state.offered is not None
    story.says("what about my money", FAINT)
    assert story.state.doubt is None
    assert "shop.cancel_order" not in story.writes
    story.says("yes")
    assert story.writes == ["shop.cancel_order"]


def test_a_yes_to_a_doubt_agrees_to_no_change(story):
    story.says("can you call off my order", FAINT)
    story.says("yes")
    story.says("4712")
    story.says("10115")
    story.action_done(level=1, customer="1", name="Maria Silva")
    story.action_done(item="a rain jacket", status="processing", price=89.5)
    assert story.writes == []
    assert story.state.offered is not None


def test_danger_ends_a_doubt(story):
    story.says(CANCEL, FAINT)
    story.says("it caught fire")
    assert (story.handed_to, story.state.doubt) == ("care", None)


def test_the_log_tells_how_sure_we_were_of_each_turn(story, dialog):
    def certainty():
        return planned_event(Hearing(), story.plan).certainty

    story.says(CANCEL, FAINT)
    doubtful = certainty()
    story.says("yes", 0.9)
    assert certainty() > 0.9, "at least as sure as the yes was heard"
    story.keys("1")
    assert certainty() == 1.0
    story.says("10115", 0.8)
    assert certainty() == pytest.approx(0.8, abs=0.1), "as sure as the value"
    story.action_failed(Failure.UNAVAILABLE)
    assert certainty() is None, "the caller has no part in it"
    story.is_silent()
    assert planned_event(Silence(), story.plan).certainty is None
    plain = Story(dialog=dialog)
    plain.says(CANCEL, PLAIN)
    assert doubtful < 0.6 < plain.plan.signals.certainty
    plain.says("uncommonly strange", PLAIN)
    assert plain.plan.signals.certainty < 0.5
