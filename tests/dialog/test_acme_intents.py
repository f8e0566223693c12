"""The demo company's intents with the real sentence vectors, on sentences that its playbook does not hold."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from dialog.intents import IntentClassifier
from dialog.load import load_playbook
from dialog.playbook import OUT_OF_SCOPE
from models.shelf import ModelShelf

ACME = Path(__file__).parents[2] / "playbooks" / "acme"
HELD_OUT = yaml.safe_load(Path(__file__).with_name("heldout.yaml").read_text())
UNSEEN = yaml.safe_load(Path(__file__).with_name("unseen.yaml").read_text())
UNSEEN_RIGHT = 0.87
"""Of a hundred; measured: 90. Two sentences an intent say nothing about one intent."""
RIGHT = 0.95
ACCEPTED = 0.08
FEWEST = 3
LEAST_OF_ONE = 0.6
"""No intent may be good only on average."""


@pytest.fixture(scope="module")
def playbook():
    return load_playbook(ACME)


@pytest.fixture(scope="module")
def taken_for(playbook):
    """What a sentence is taken for; None where it is none of our business."""
    classifier = IntentClassifier(playbook, ModelShelf().embedder())

    def judge(sentence):
        best, score = classifier.rank(sentence).best
        return best if score >= playbook.head.intent_threshold else None

    return judge


@pytest.fixture(scope="module")
def heard(taken_for):
    """What each held-out sentence is taken for, by what it is."""
    return {
        intent: [(sentence, taken_for(sentence)) for sentence in sentences]
        for intent, sentences in HELD_OUT.items()
    }


def test_every_intent_has_held_out_sentences_that_are_no_examples(playbook):
    examples = playbook.examples()
    assert set(HELD_OUT) - {OUT_OF_SCOPE} == set(examples)
    known = {text.lower() for group in (*examples.values(), playbook.out_of_scope) for text in group}
    told = [sentence for group in HELD_OUT.values() for sentence in group]
    assert not [text for text in told if text.lower() in known]
    assert not [text for text, count in Counter(told).items() if count > 1]
    assert min(len(group) for name, group in HELD_OUT.items()) >= 2
    assert len(HELD_OUT[OUT_OF_SCOPE]) >= 40


@pytest.mark.models
def test_what_callers_want_is_understood(heard):
    asked = [(intent, *one) for intent, group in heard.items() if intent != OUT_OF_SCOPE for one in group]
    wrong = [(intent, sentence, got) for intent, sentence, got in asked if got != intent]
    assert 1 - len(wrong) / len(asked) >= RIGHT, wrong


@pytest.mark.models
def test_what_is_none_of_our_business_is_left_alone(heard):
    accepted = [(sentence, got) for sentence, got in heard[OUT_OF_SCOPE] if got is not None]
    assert len(accepted) / len(heard[OUT_OF_SCOPE]) <= ACCEPTED, accepted


@pytest.mark.models
def test_no_intent_is_good_only_on_average(heard):
    weak = {
        intent: group
        for intent, group in heard.items()
        if intent != OUT_OF_SCOPE and sum(got == intent for _, got in group) < LEAST_OF_ONE * len(group)
    }
    assert not weak


@pytest.mark.models
def test_sentences_that_no_example_was_written_after_are_understood_too(taken_for):
    asked = [(intent, text, taken_for(text)) for intent, group in UNSEEN.items() for text in group]
    wrong = [one for one in asked if one[0] not in {one[2], OUT_OF_SCOPE}]
    accepted = [one for one in asked if one[0] == OUT_OF_SCOPE and one[2] is not None]
    inside = len(asked) - len(UNSEEN[OUT_OF_SCOPE])
    assert 1 - len(wrong) / inside >= UNSEEN_RIGHT, wrong
    assert len(accepted) / len(UNSEEN[OUT_OF_SCOPE]) <= ACCEPTED, accepted
