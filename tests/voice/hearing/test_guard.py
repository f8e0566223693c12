"""The guard against text that nobody said."""

import pytest

from voice.hearing.guard import is_invented, is_suspicious, repeats


@pytest.mark.parametrize(
    "text",
    [
        "yes yes yes yes yes",
        "Yes. Yes. Yes. Yes.",
        "thank you for watching thank you for watching thank you for watching thank you for watching",
        "I am going to go to the store. " * 6,
    ],
)
def test_repetition_is_noticed(text):
    assert repeats(text)


@pytest.mark.parametrize(
    "text",
    [
        "No, no, no, that's wrong.",
        "seven seven seven seven",
        "4, 4, 4, 4, 7, 1, 1",
        "My order number is zero zero zero zero one two",
        "I would like to know where my order is, and whether I can still change the address.",
        "",
    ],
)
def test_what_people_say_is_not_taken_for_repetition(text):
    assert not repeats(text)


def test_text_of_low_probability_is_suspicious():
    assert is_suspicious("Thanks for watching!", log_probability=-1.4)
    assert not is_suspicious("Yes.", log_probability=-0.7)


def test_text_on_silence_is_an_invention():
    assert is_invented(no_speech=0.9, log_probability=-0.8)
    assert not is_invented(no_speech=0.9, log_probability=-0.2), (
        "clearly said, whatever the model thinks of silence"
    )
    assert not is_invented(no_speech=0.1, log_probability=-0.8)
