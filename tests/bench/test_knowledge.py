"""The figures of the knowledge benchmark, on files small enough to count by hand."""

import json

import numpy as np
import pytest

from bench.knowledge import (
    answer_all,
    f_measure,
    figures_of,
    fit_ranking,
    read_conversations,
    read_knowledge,
    share,
)
from dialog.knowledge.remembering import RememberingEncoder
from models.shelf import ModelShelf
from tests.dialog.knowledge.story import WordEncoder

KNOWLEDGE = {
    "hotel": {
        "7": {
            "name": "Grant Hotel",
            "city": "Oldtown",
            "docs": {
                "0": {"title": "Do you allow dogs at Grant Hotel?", "body": "No dogs."},
                "3": {"title": "Is there wifi?", "body": "Wifi is free."},
            },
        }
    },
    "taxi": {"*": {"name": None, "docs": {"1": {"title": "May I smoke in the taxi?", "body": "No."}}}},
}
OFFER = {"speaker": "S", "text": "how about the grant hotel"}


def said(text):
    return {"speaker": "U", "text": text, "nbest": [{"hyp": text, "score": -1.0}]}


LOGS = [
    [OFFER, said("do you know if they have wifi")],
    [OFFER, said("can you give me the phone number please")],
    [said("may i smoke in the taxi")],
]
LABELS = [
    {"target": True, "knowledge": [{"domain": "hotel", "entity_id": 7, "doc_id": 3}]},
    {"target": False},
    {"target": True, "knowledge": [{"domain": "taxi", "entity_id": "*", "doc_id": 1}]},
]


@pytest.fixture
def files(tmp_path):
    for name, content in (("knowledge", KNOWLEDGE), ("logs", LOGS), ("labels", LABELS)):
        (tmp_path / name).write_text(json.dumps(content))
    return read_knowledge(tmp_path / "knowledge"), read_conversations(tmp_path / "logs", tmp_path / "labels")


def test_numbers_in_labels_meet_texts_in_knowledge_and_whole_domains_are_found(files):
    outcomes = answer_all(*files, RememberingEncoder(WordEncoder()), quiet=True)
    assert [one.rank() for one in outcomes] == [0, None, 0]
    assert outcomes[0].ranked[0] == ("hotel", "7", "3")


def test_official_figures_punish_false_alarms_and_recall_does_not(files):
    outcomes = answer_all(*files, RememberingEncoder(WordEncoder()), quiet=True)
    figures = figures_of(outcomes)
    found = sum(one.found for one in outcomes)
    both = sum(one.found for one in outcomes if one.needs)
    assert figures["recall_1"] == 1.0
    assert figures["r1"] == figures["f1"] == round(2 * both / (found + 2), 4)
    assert (figures["conversations"], figures["needing"]) == (3, 2)


def test_labels_of_another_length_are_refused(tmp_path):
    (tmp_path / "logs").write_text(json.dumps(LOGS))
    (tmp_path / "labels").write_text(json.dumps(LABELS[:1]))
    with pytest.raises(ValueError, match="shorter"):
        read_conversations(tmp_path / "logs", tmp_path / "labels")


def test_a_share_of_nothing_is_unknown():
    assert share(0, 0) is None
    assert f_measure(0, 0, 0) is None
    assert f_measure(3, 4, 4) == 0.75


def test_weights_are_fitted_towards_the_right_documents(files):
    outcomes = answer_all(*files, RememberingEncoder(WordEncoder()), quiet=True)
    assert np.all(fit_ranking(outcomes)[1:] > 0), (
        "both right documents mean and sound more alike than the others"
    )


EVERY = 4
"""The benchmark asks all of them."""


@pytest.mark.models
@pytest.mark.slow
def test_the_targets_are_met_on_the_conversations_for_tuning(shared_data):
    folder = shared_data / "knowledge" / "spoken_faq"
    knowledge = read_knowledge(folder / "knowledge.json")
    conversations = read_conversations(folder / "logs.dev.json", folder / "labels.dev.json")[::EVERY]
    figures = figures_of(
        answer_all(knowledge, conversations, RememberingEncoder(ModelShelf().embedder()), quiet=True)
    )
    assert figures["f1"] >= 0.87
    assert figures["r1"] >= 0.70
    assert figures["r5"] >= 0.86
