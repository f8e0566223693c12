"""Yes, no, or neither."""

import pytest

from dialog.grammar.yes_no import yes_or_no


@pytest.mark.parametrize(
    "text", ["Yes.", "yeah that's right", "uh-huh", "Mm-hmm.", "okay", "yes please do", "correct"]
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
        "my order number",
        "I would like to know when the shop is open on the weekend in general yes",
    ],
)
def test_neither(text):
    assert yes_or_no(text) is None
