"""Whoever asks for a person is heard, in whatever words; whoever only speaks of one is not handed over."""

import pytest

from tests.dialog.story import Story


@pytest.mark.parametrize(
    "words",
    [
        "could I speak to a lady or a gentleman about my order please",
        "let me talk to whoever is in charge there",
        "can I speak with somebody who knows about this",
        "put me through to your returns people",
        "connect me with someone",
        "agent",
        "get me your manager",
    ],
)
def test_a_person_is_asked_for(words):
    story = Story()
    story.says(words)
    assert story.plan.signals.asked_for_person


@pytest.mark.parametrize(
    "words",
    [
        "my manager told me to order it again",
        "I talked to my wife about it",
        "I'd like to talk to you about my order",
        "I spoke to a colleague of yours yesterday about my order",
        "our agents in Lisbon ordered it",
    ],
)
def test_a_person_is_only_spoken_of(words):
    story = Story()
    story.says(words)
    assert not story.plan.signals.asked_for_person


@pytest.mark.parametrize("code", ["500421", "947055", "136119"])
def test_a_number_asks_for_nobody_whatever_the_classifier_takes_it_for(code):
    """These share a bucket of the word encoder with words for people: one code in four hundred does."""
    story = Story()
    story.says("I want a refund for order 4713")
    story.says("10115")
    story.action_done(level=1, customer="1", name="Maria Silva")
    story.action_done(sent=True, number_ending="00")
    assert story.at == "identify_by_code.code"
    story.says(code)
    assert not story.plan.signals.asked_for_person
    assert story.asked_for == [("identity.check_code", {"customer": "1", "code": code})]
