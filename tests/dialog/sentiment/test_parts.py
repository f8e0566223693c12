"""The parts of sentiment that need no model."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from dialog.sentiment import examples
from dialog.sentiment.course import APOLOGY, DENIAL, POLITE_NO, Evidence, denial, dissatisfied, reply_cost
from dialog.sentiment.head import Head, plain
from dialog.sentiment.mood import smooth
from dialog.sentiment.phrases import is_annoyed
from dialog.sentiment.remembered import MOST, Remembered
from dialog.sentiment.sentiment import Sentiment, label
from dialog.sentiment.tone import with_voice
from dialog.types import Prosody
from tests.dialog.sentiment.words import WordEncoder

CALM = Evidence(mood=0.0, amiss=0.3, likeness=0.0, annoyed=False)
SHOUTED = Prosody(loudness=3.0, pitch=3.0, pitch_range=2.5, rate=2.0)


@pytest.fixture(scope="module")
def sentiment():
    return Sentiment(WordEncoder())


def test_the_examples_are_many_and_none_stands_twice():
    groups = examples.sentences()
    assert set(groups) == {"angry", "trouble", "neutral", "pleased"}
    texts = [text for group in groups.values() for text in group]
    assert len(texts) >= 300
    assert len({text.lower() for text in texts}) == len(texts)
    assert set(examples.turns()) == {"amiss", "well"}


def test_one_bad_turn_is_no_bad_mood_and_three_are():
    assert smooth(0.0, -1.0) == pytest.approx(-0.4)
    assert smooth(smooth(smooth(0.0, -1.0), -1.0), -1.0) == pytest.approx(-0.784)
    assert smooth(-0.784, 1.0) > -0.1, "and one good turn mends much"


@pytest.mark.parametrize(
    "text",
    [
        "This is the third time I'm calling",
        "I've called you four times already",
        "this is ridiculous",
        "That’s not what I asked",
        "how many times do I have to say it",
        "I've had enough of this",
        "I've been on hold for an hour",
    ],
)
def test_what_annoyed_callers_say_is_known(text):
    assert is_annoyed(text)


@pytest.mark.parametrize(
    "text",
    [
        "my parcel hasn't arrived",
        "I'd like to order this for the third time slot",
        "it is time to order the second one",
        "can you call me back at three",
        "yes that's what I asked for",
    ],
)
def test_what_others_say_is_not_taken_for_it(text):
    assert not is_annoyed(text)


def test_a_raised_voice_makes_bad_words_worse_and_leaves_pleased_ones():
    assert with_voice(-0.4, SHOUTED) < -0.6
    assert -0.3 < with_voice(0.0, SHOUTED) < -0.1
    assert with_voice(0.6, SHOUTED) == 0.6
    assert with_voice(-0.4, None) == with_voice(-0.4, Prosody()) == -0.4
    assert with_voice(-0.4, Prosody(loudness=-3.0, pitch=-3.0)) == -0.4
    assert with_voice(-1.0, SHOUTED) == -1.0


@pytest.mark.parametrize(
    ("reply", "costs"),
    [
        ("I'm sorry, we have none.", True),
        ("No problem, it's done.", False),
        ("Your order comes on Friday.", False),
        ("There is no gym there.", True),
    ],
)
def test_a_reply_costs_what_it_denies_the_caller(reply, costs):
    assert (reply_cost(reply) > 0) is costs
    assert reply_cost("Sorry!") == APOLOGY


def test_a_polite_no_is_hardly_one():
    assert denial("no, that's wrong") == DENIAL
    assert denial("no thanks, that's all") == POLITE_NO
    assert denial("yes") == 0.0


def test_a_call_that_goes_wrong_is_told_from_one_that_goes_well():
    well = [
        ("caller", "where is my order"),
        ("assistant", "It comes on Friday."),
        ("caller", "great, thanks"),
    ]
    wrong = [
        ("caller", "where is my order"),
        ("assistant", "I'm sorry, I couldn't find it."),
        ("caller", "no, I said where is my order"),
    ]
    good = dissatisfied(well, [CALM, Evidence(mood=0.8, amiss=0.1, likeness=0.1, annoyed=False)])
    bad = dissatisfied(wrong, [CALM, Evidence(mood=-0.2, amiss=0.8, likeness=0.9, annoyed=False)])
    assert good < 0.15
    assert bad > 0.7


def test_a_caller_who_is_sorry_has_to_mend_something():
    before = [("caller", "where is my order"), ("assistant", "What is its number?")]
    plain_turn = dissatisfied([*before, ("caller", "it is 4711")], [CALM, CALM])
    assert dissatisfied([*before, ("caller", "sorry, it is 4711")], [CALM, CALM]) > 2 * plain_turn


def test_nothing_can_have_gone_wrong_before_we_have_answered_unless_the_caller_says_so():
    assert dissatisfied([("caller", "I want to return a jacket")], [CALM]) < 0.05
    angry = Evidence(mood=-0.9, amiss=0.9, likeness=0.0, annoyed=True)
    assert dissatisfied([("caller", "this is the third time I call")], [angry]) > 0.4


def test_a_head_knows_its_examples_again_and_two_of_them_are_equal():
    groups = {"a": ("red apple", "green apple"), "b": ("blue car", "fast car", "old car")}
    one, other = Head(groups, WordEncoder()), Head(groups, WordEncoder())
    vectors = WordEncoder().embed(["red apple", "old car"])
    assert one.shares(vectors).argmax(axis=1).tolist() == [0, 1]
    assert np.array_equal(one.shares(vectors), other.shares(vectors))
    assert one.shares(vectors).sum(axis=1) == pytest.approx([1.0, 1.0])


def test_case_hash_signs_and_addresses_are_not_embedded():
    assert plain("@user So #Happy http://t.co/x TODAY’S") == "so happy today's"


def test_a_text_is_embedded_once_and_the_oldest_is_forgotten():
    encoder = WordEncoder()
    remembered = Remembered(encoder)
    first = remembered.embed(["one two", "three", "one two"])
    assert encoder.embedded == 2
    assert np.array_equal(first, remembered.embed(["one two", "three", "one two"]))
    assert encoder.embedded == 2
    remembered.embed([f"text {number}" for number in range(MOST)])
    remembered.embed(["three"])
    assert encoder.embedded == 3 + MOST


def test_it_works_without_a_model_and_from_many_threads(sentiment):
    texts = ["", "   ", "this is ridiculous", "thank you so much", "4711", "ünïcödé 😀", "no " * 500]
    with ThreadPoolExecutor(4) as pool:
        first, *others = [list(pool.map(sentiment.score, texts)) for _ in range(4)]
    assert all(other == first for other in others)
    assert first[:2] == [0.0, 0.0]
    assert all(-1.0 <= score <= 1.0 for score in first)
    assert first[2] < first[3]
    turns = [("caller", text) for text in texts]
    assert 0.0 <= sentiment.dissatisfaction(turns) <= 1.0


def test_dissatisfaction_is_asked_at_a_turn_of_the_callers(sentiment):
    for turns in ([], [("caller", "hi"), ("assistant", "hello")]):
        with pytest.raises(ValueError, match="must be the caller's"):
            sentiment.dissatisfaction(turns)


def test_labels_leave_room_for_neutral():
    assert [label(score) for score in (-0.5, -0.1, 0.0, 0.19, 0.2)] == [0, 1, 1, 1, 2]
