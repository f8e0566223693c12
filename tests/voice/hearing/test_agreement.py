"""What successive partial texts agree on."""

from voice.hearing.agreement import LocalAgreement


def test_a_word_counts_when_it_was_heard_twice():
    partials = LocalAgreement()
    assert partials.add("Where is") == ""
    assert partials.add("Where is my") == "Where is"
    assert partials.add("Where is my order?") == "Where is my"
    assert partials.add("Where's my order") == ""


def test_punctuation_and_capitals_do_not_matter():
    partials = LocalAgreement()
    partials.add("Where is my order?")
    assert partials.add("where is my order, please") == "where is my order,"
