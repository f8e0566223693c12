"""What the real recogniser tells of a text besides its words."""

import numpy as np
import pytest

from demo.script import as_caller
from dialog.types import Expectation, ExpectationKind
from models.shelf import ModelShelf
from voice.hearing.recogniser import Recogniser
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
