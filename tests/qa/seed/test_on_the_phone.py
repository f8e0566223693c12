"""A made-up caller on a line: a story of who speaks when, on a clock of twenty milliseconds a step."""

import random

import numpy as np
import pytest

from dialog.types import DialogState
from qa.seed.on_the_phone import GIVES_UP_S, LEAST_GAP_S, PartyOnThePhone, Voice
from qa.seed.script import Line
from qa.virtual.party import FRAME, Assistant

STEP_S = 0.02
SAYS_S = 1.0
"""All that this caller says takes so long."""
HANGS_UP = "hangs up"


class Answers:
    """Says these lines one after the other, and hangs up."""

    def __init__(self, *lines):
        self.lines = list(lines)

    def next(self, state):
        return self.lines.pop(0) if self.lines else None


class NoChance(random.Random):
    """Thinks for the usual time and never cuts in, or always."""

    def __init__(self, cuts_in=False):
        super().__init__(1)
        self.cuts_in = cuts_in

    def random(self):
        return 0.0 if self.cuts_in else 1.0

    def lognormvariate(self, mu=0.0, sigma=1.0):
        return 1.0


class Scene:
    """The assistant speaks, acts and waits as told; what the caller does is noted with its second."""

    def __init__(self, *lines, patience_s=0.5, turns=None, cuts_in=False):
        self.state = DialogState(playbook="p", call_id="CA1")
        self.said = []
        voice = Voice(self._say, lambda: np.zeros(FRAME, np.int16))
        self.party = PartyOnThePhone(
            Answers(*lines), voice, lambda: self.state, patience_s, NoChance(cuts_in), turns
        )
        self.party.begins(0.0)
        self.now_s = 0.0
        self.done_at_s = None
        self.acts = []

    def _say(self, text):
        self.said.append(text)
        return np.zeros(round(SAYS_S * 8000), np.int16)

    def for_(self, seconds, *, sounding=False, acting=False, silences=0):
        ends = self.now_s + seconds
        while self.now_s < ends - STEP_S / 2:
            if self.done_at_s is not None and self.now_s >= self.done_at_s:
                self.party.done(self.now_s)
                self.done_at_s = None
            is_there = not self.acts or self.acts[-1][1] != HANGS_UP
            act = self.party.due(self.now_s, Assistant(sounding, acting, silences)) if is_there else None
            if act is not None:
                self.acts.append(
                    (round(self.now_s, 2), act.keys or (HANGS_UP if act.hangs_up else self.said[-1]))
                )
                self.done_at_s = self.now_s + SAYS_S
            self.now_s = round(self.now_s + STEP_S, 3)
        return self


def test_they_answer_once_we_have_ended_and_think_before():
    scene = Scene(Line("my order"), Line("4711")).for_(2.0, sounding=True).for_(3.0)
    assert scene.acts == [(2.5, "my order")]
    scene.for_(1.0, sounding=True).for_(2.0)
    assert scene.acts[1:] == [(6.5, "4711")]


def test_nobody_answers_before_anything_was_said_to_them():
    assert Scene(Line("my order")).for_(5.0).acts == []


def test_they_wait_while_something_is_being_looked_up_and_for_a_pause_between_two_sentences():
    scene = Scene(Line("thanks"), patience_s=0.0)
    scene.for_(1.0, sounding=True).for_(LEAST_GAP_S - 0.1).for_(1.0, sounding=True)
    scene.for_(3.0, acting=True).for_(1.0, sounding=True)
    assert scene.acts == []
    assert scene.for_(1.0).acts == [(scene.now_s - 1.0 + LEAST_GAP_S, "thanks")]


def test_some_do_not_let_us_finish():
    scene = Scene(Line("agent"), cuts_in=True).for_(8.0, sounding=True)
    at_s, what = scene.acts[0]
    assert what == "agent"
    assert 2.0 <= at_s <= 6.0


def test_keys_are_pressed_and_not_said():
    scene = Scene(Line(keys="4711#")).for_(1.0, sounding=True).for_(1.0)
    assert scene.acts == [(1.5, "4711#")]
    assert scene.said == []


def test_who_is_silent_waits_until_we_have_waited_in_vain_and_asked_again():
    scene = Scene(Line(silent=True), Line("sorry, I was away")).for_(1.0, sounding=True).for_(8.0)
    assert scene.acts == []
    scene.for_(1.0, sounding=True, silences=1).for_(1.0, silences=1)
    assert scene.acts == [(10.5, "sorry, I was away")]


@pytest.mark.parametrize(
    ("line", "second"),
    [
        (Line("my order"), "my order"),
        (Line("er is er", unsure=True), "next"),
        (Line("you are useless", sentiment=-0.9), "next"),
    ],
    ids=["a wish is said again", "a mumble is not", "nor an outburst"],
)
def test_who_was_not_understood_says_it_again(line, second):
    scene = Scene(line, Line("next")).for_(1.0, sounding=True).for_(2.0)
    scene.state = scene.state.model_copy(update={"repairs": 1})
    scene.for_(1.0, sounding=True).for_(1.0)
    assert [what for _, what in scene.acts] == [line.text, second]


def test_who_is_asked_whether_it_was_right_does_not_say_it_again():
    scene = Scene(Line("the first of May"), Line("yes")).for_(1.0, sounding=True).for_(2.0)
    scene.state = scene.state.model_copy(update={"repairs": 1, "offered": "1980-05-01"})
    scene.for_(1.0, sounding=True).for_(1.0)
    assert [what for _, what in scene.acts] == ["the first of May", "yes"]


def test_but_not_forever():
    scene = Scene(Line("my order"))
    for repairs in range(5):
        scene.state = scene.state.model_copy(update={"repairs": repairs})
        scene.for_(1.0, sounding=True).for_(2.0)
    assert [what for _, what in scene.acts] == [*["my order"] * 3, HANGS_UP]


def test_a_number_that_is_read_back_wrong_is_not_agreed_to():
    scene = Scene(Line("4711"), Line("yes")).for_(1.0, sounding=True).for_(2.0)
    scene.state = scene.state.model_copy(update={"offered": "4701"})
    scene.for_(1.0, sounding=True).for_(1.0)
    assert scene.acts[-1][1].startswith("no")


@pytest.mark.parametrize("offered", ["4711", "a1b2c3d4"], ids=["the right one", "what is no number"])
def test_anything_else_is(offered):
    scene = Scene(Line("4711"), Line("yes")).for_(1.0, sounding=True).for_(2.0)
    scene.state = scene.state.model_copy(update={"offered": offered})
    scene.for_(1.0, sounding=True).for_(1.0)
    assert scene.acts[-1][1] == "yes"


def test_who_gives_up_hangs_up_after_so_many_turns():
    scene = Scene(Line("one"), Line("two"), turns=1).for_(1.0, sounding=True).for_(2.0)
    scene.for_(1.0, sounding=True).for_(1.0)
    assert [what for _, what in scene.acts] == ["one", HANGS_UP]


def test_who_hears_nothing_more_hangs_up():
    scene = Scene(Line("hello")).for_(1.0, sounding=True).for_(2.0)
    scene.for_(GIVES_UP_S + 2.0)
    assert scene.acts[1][1] == HANGS_UP
