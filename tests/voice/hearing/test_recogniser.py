"""What the real recogniser tells of a text besides its words."""

import numpy as np
import pytest

from demo.script import as_caller
from dialog.types import Expectation, ExpectationKind
from models.shelf import ModelShelf
from voice.hearing.recogniser import Recogniser, has_name
from voice.speaking.renderer import Renderer

pytestmark = [pytest.mark.models]


@pytest.fixture(scope="module")
def recogniser():
    return Recogniser(ModelShelf().whisper())


@pytest.fixture(scope="module")
def yes_please():
    quiet = np.zeros(800, np.int16)
    voice = Renderer.load(ModelShelf().voice_path())
    return np.concatenate([quiet, as_caller(voice.render("Yes, please.")), quiet])


def test_a_yes_that_was_asked_for_comes_with_how_sure_each_word_is(recogniser, yes_please):
    heard = recogniser.recognise(yes_please, Expectation(kind=ExpectationKind.YES_NO))
    assert [word.text.strip(",.").lower() for word in heard.words] == ["yes", "please"]
    assert min(word.probability for word in heard.words) > 0.55


def test_elsewhere_the_words_are_left_for_later(recogniser, yes_please):
    heard = recogniser.recognise(yes_please)
    assert heard.words == ()
    assert heard.align is not None


def spoken(text):
    quiet = np.zeros(800, np.int16)
    voice = Renderer.load(ModelShelf().voice_path())
    return np.concatenate([quiet, as_caller(voice.render(text, still=True)), quiet])


NAMES = ("Fjellrand", "Nordalm", "Vantora")


def test_a_name_that_it_does_not_know_is_heard_where_it_is_in_the_vocabulary(recogniser):
    sound = spoken("I'd like to return my Nordalm tent.")
    assert not has_name(recogniser.recognise(sound).text, NAMES)
    heard = recogniser.recognise(sound, Expectation(vocabulary=NAMES))
    assert has_name(heard.text, ("Nordalm",))
    assert not heard.unsure


@pytest.mark.parametrize("text", ["Where is my order?", "I'd like to return my tent.", "Bye."])
def test_where_no_name_is_said_the_vocabulary_changes_nothing(recogniser, text):
    sound = spoken(text)
    assert recogniser.recognise(sound, Expectation(vocabulary=NAMES)).text == recogniser.recognise(sound).text


@pytest.mark.parametrize(
    ("text", "has"),
    [("My NORDALM, please.", True), ("my nord alm", False), ("Nordalms", False), ("", False)],
)
def test_a_name_is_in_a_text_as_a_whole_word(text, has):
    assert has_name(text, NAMES) is has
