"""Who only hums or says "yeah" is told from who begins to speak, by the first sounds alone."""

import numpy as np
import pytest

from models.shelf import ModelShelf
from voice.hearing.first_sound import ListeningHead, features
from voice.speaking.renderer import Renderer
from voice.speech_parts import open_recogniser


def test_only_the_end_of_the_sound_is_looked_at():
    states = np.zeros((150, 4), dtype=np.float32)
    states[:5] = 9.0  # long before the voice
    states[12:19] = 1.0
    found = features(states, samples=18 * 160)
    assert found.shape == (8,)
    assert found.max() == 1.0
    assert 0.5 < found[0] < 0.6


def test_the_head_is_a_line_between_the_two():
    head = ListeningHead(np.array([4.0, 0.0], dtype=np.float32), bias=-2.0)
    states = np.ones((20, 1), dtype=np.float32)
    assert head.listens(states, 18 * 160)
    assert not head.listens(0.2 * states, 18 * 160)


@pytest.fixture(scope="module")
def voice():
    return Renderer.load(ModelShelf().voice_path())


@pytest.fixture(scope="module")
def recogniser(voice):
    return open_recogniser(ModelShelf().whisper(), voice)


@pytest.mark.models
def test_a_hum_is_heard_as_one_and_a_sentence_is_not(voice, recogniser):
    """The renderings vary, as people do: most of them are told apart."""

    def begun(text):
        sound = voice.render(text)
        first = int(np.argmax(np.abs(sound) > 300))
        return np.concatenate((np.zeros(1200, np.int16), sound[first : first + 1680]))

    hums = [recogniser.first_word(begun(text)) for text in ("Mm-hmm.", "Mm.", "Uh-huh.") * 3]
    words = [
        recogniser.first_word(begun(text))
        for text in ("Where is it?", "No, that is wrong.", "Stop that.") * 3
    ]
    assert hums.count("mm-hmm") >= 6
    assert words.count("mm-hmm") <= 1
