"""Yes, no, or neither."""

import pytest

from dialog.grammar.yes_no import only_yes_or_no, yes_or_no


@pytest.mark.parametrize(
    "text", ["Yes.", "yeah that's right", "uh-huh", "Mm-hmm.", "okay", "yes please do", "correct", "please"]
)
def test_yes(text):
    assert yes_or_no(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "No.",
        "nope",
        "no, that's wrong",
        "that's not right",
        "it isn't",
        "No, thank you. Goodbye.",
        "not really",
    ],
)
def test_no(text):
    assert yes_or_no(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "what do you mean",
        "slower please",
        "never mind",
        "stop please",
        "my order number",
        "I would like to know when the shop is open on the weekend in general yes",
    ],
)
def test_neither(text):
    assert yes_or_no(text) is None


@pytest.mark.parametrize(
    "text", ["yes", "Yes, please do it.", "that's right", "no thank you", "yeah sure go ahead"]
)
def test_a_yes_or_no_alone(text):
    assert only_yes_or_no(text)


@pytest.mark.parametrize(
    "text", ["okay, wait", "ok stop", "yes, 4712", "right, hold on", "yes and my order", "yes no", "hello"]
)
def test_more_than_a_yes_or_no(text):
    assert not only_yes_or_no(text)
