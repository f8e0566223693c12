"""The real sentence embeddings on sentences that the playbook does not hold."""

from pathlib import Path

import pytest
import yaml

from dialog.intents import IntentClassifier
from dialog.playbook import OUT_OF_SCOPE, load_playbook
from models.shelf import ModelShelf
from tests.dialog.story import ACME

pytestmark = pytest.mark.models
HELD_OUT = Path(__file__).with_name("heldout.yaml")


@pytest.fixture(scope="module")
def playbook():
    return load_playbook(ACME)


@pytest.fixture(scope="module")
def classifier(playbook):
    return IntentClassifier(playbook, ModelShelf().embedder())


def test_held_out_sentences(classifier, playbook):
    """Measured: 58 of 59 in scope right, 1 of 26 out of scope taken for something."""
    right = wrong_accepts = in_scope = 0
    for intent, sentences in yaml.safe_load(HELD_OUT.read_text()).items():
        for sentence in sentences:
            best, score = classifier.rank(sentence).best
            got = best if score >= playbook.head.intent_threshold else None
            if intent == OUT_OF_SCOPE:
                wrong_accepts += got is not None
            else:
                in_scope += 1
                right += got == intent
    assert right / in_scope >= 0.93
    assert wrong_accepts <= 3


def test_case_and_full_stops_of_the_recogniser_do_not_matter(classifier):
    assert classifier.rank("Where is my order?").best[0] == "order_status"
    assert classifier.rank("WHERE IS MY ORDER").best[0] == "order_status"
