"""Words that only say "I am listening"."""

import pytest

from dialog.types import Expectation, ExpectationKind
from voice.turns.backchannel import is_backchannel


@pytest.mark.parametrize("text", ["Mm-hmm.", "Uh-huh", "Okay.", "Yeah, yeah.", "I see.", "Right, okay."])
def test_listening_is_no_turn(text):
    assert is_backchannel(text, Expectation())


@pytest.mark.parametrize("text", ["Okay, stop.", "No.", "Right, but where is it?", "Agent.", ""])
def test_anything_else_is(text):
    assert not is_backchannel(text, Expectation())


def test_a_yes_that_is_asked_for_is_an_answer():
    assert not is_backchannel("Yes.", Expectation(kind=ExpectationKind.YES_NO))
