"""A caller on hold who says something: what they hear next, without a transfer or a voice."""

import pytest

from handoff.hold.held_caller import ON_HOLD, HeldCaller
from handoff.transfer.types import CallerChose, Choice
from tests.handoff.transfer.scene import ANNA, Scene


class Voice:
    """Writes down what a held caller is told."""

    speaking = False

    def __init__(self):
        self.done = []

    async def say(self, sentences, speed=1.0):
        self.done.append(("says", *sentences))
        return []

    def expect(self, expectation, *, finish=False):
        self.done.append(("waits", expectation))

    def play_between(self, between):
        self.done.append(("plays", between))


class Transfers:
    """Writes down what is reported."""

    def __init__(self):
        self.reported = []

    async def report(self, transfer_id, event):
        self.reported.append(event)


@pytest.fixture
def held():
    transfer = Scene(ANNA).transfer
    return HeldCaller(Transfers(), transfer, Voice(), None, lambda: 40.0)


async def test_an_answer_is_spoken_and_the_next_word_is_due_in_half_a_minute(held):
    await held.answer(("You're number 1.",), None)
    assert held._voice.done == [("says", "You're number 1."), ("waits", ON_HOLD)]


async def test_a_caller_who_only_says_thank_you_is_owed_the_next_word_as_well(held):
    await held.answer((), None)
    assert held._voice.done == [("waits", ON_HOLD)]


async def test_what_the_caller_chooses_is_reported_and_spoken_where_it_leads(held):
    await held.answer(("I'll call you back.",), Choice.CALL_BACK)
    assert held._voice.done == []
    assert held._transfers.reported == [CallerChose(at=40.0, choice=Choice.CALL_BACK)]
