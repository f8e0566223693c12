"""A classifier from a folder, with a network of a few numbers made here."""

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from dialog.intents import LabelledIntents, LabelsError
from models import sequence_classifier
from models.sequence_classifier import (
    ClassifierError,
    ClassifierFault,
    SentimentModel,
    SequenceClassifier,
)

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "order", "hours", "my"]


def folder_with(path, labels, votes, token_types=False):
    """A model whose score for a label is the number of its words in the text, times 4."""
    path.mkdir(exist_ok=True)
    table = np.zeros((len(WORDS), len(labels)), np.float32)
    for word, label in votes.items():
        table[WORDS.index(word), label] = 4.0
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if token_types else [])]
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["seen"], axis=0),
            helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["mask", "last"], ["wide"]),
            helper.make_node("Mul", ["seen", "wide"], ["real"]),
            helper.make_node("ReduceSum", ["real", "middle"], ["logits"], keepdims=0),
        ],
        "votes",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in names],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", table.shape[1]])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([2], np.int64), "last"),
            numpy_helper.from_array(np.array([1], np.int64), "middle"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, path / "model.onnx")
    (path / "vocab.txt").write_text("\n".join(WORDS))
    (path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer"}))
    config = {"model_type": "bert", "id2label": {str(place): name for place, name in enumerate(labels)}}
    (path / "config.json").write_text(json.dumps(config))
    return path


def test_each_text_gets_its_labels_probabilities(tmp_path):
    model = SequenceClassifier(folder_with(tmp_path, ["order_status", "hours"], {"order": 0, "hours": 1}))
    first, second = model.classify(["my order", "hours hours my good"])
    assert first["order_status"] == pytest.approx(1 / (1 + np.exp(-4.0)), abs=1e-4)
    assert second["hours"] > 0.99
    assert sum(first.values()) == pytest.approx(1.0, abs=1e-5)
    assert model.classify([]) == []


def test_padding_does_not_count(tmp_path):
    model = SequenceClassifier(folder_with(tmp_path, ["order_status", "hours"], {"order": 0, "[PAD]": 1}))
    alone = model.classify(["order"])[0]
    beside = model.classify(["order", "my my my my my"])[0]
    assert alone == pytest.approx(beside)


def test_a_network_that_asks_for_token_types_gets_them(tmp_path):
    folder = folder_with(tmp_path, ["a", "b"], {"order": 1}, token_types=True)
    assert SequenceClassifier(folder).classify(["order"])[0]["b"] > 0.9


def test_a_folder_may_stand_in_for_the_built_in_intents(tmp_path):
    labels = ["order_status", "hours", "out_of_scope"]
    model = SequenceClassifier(folder_with(tmp_path, labels, {"order": 0, "hours": 1, "good": 2}))
    intents = LabelledIntents(["order_status"], ["hours"], model)
    assert intents.rank("My order.").best[0] == "order_status"
    assert intents.rank("hours").best[0] == "hours", "an article that is a label is an intent too"
    assert intents.rank("good good").best[0] is None
    with pytest.raises(LabelsError, match="returns"):
        LabelledIntents(["order_status", "returns"], ["hours"], model)
    with pytest.raises(LabelsError, match="hours"):
        LabelledIntents(["order_status"], [], model)


def test_sentiment_runs_from_minus_one_to_one(tmp_path):
    folder = folder_with(tmp_path, ["Negative", "Neutral", "Positive"], {"bad": 0, "my": 1, "good": 2})
    mood = SentimentModel(SequenceClassifier(folder))
    assert mood.polarity("bad bad") < -0.9
    assert mood.polarity("good good") > 0.9
    assert abs(mood.polarity("my my my")) < 0.05


def test_sentiment_needs_its_labels(tmp_path):
    with pytest.raises(ClassifierError, match="hours") as caught:
        SentimentModel(SequenceClassifier(folder_with(tmp_path, ["order", "hours"], {"order": 0})))
    assert caught.value.fault is ClassifierFault.LABELS


@pytest.mark.parametrize("name", ["model.onnx", "config.json", "vocab.txt"])
def test_a_missing_file_is_named(tmp_path, name):
    folder = folder_with(tmp_path, ["a", "b"], {"order": 0})
    (folder / name).unlink()
    with pytest.raises(ClassifierError, match="there is no") as caught:
        SequenceClassifier(folder)
    assert caught.value.fault is ClassifierFault.MISSING


def test_labels_must_be_distinct(tmp_path):
    folder = folder_with(tmp_path, ["a", "a"], {"order": 0})
    with pytest.raises(ClassifierError, match="each once"):
        SequenceClassifier(folder)


def test_a_network_of_another_size_is_refused(tmp_path):
    folder = folder_with(tmp_path, ["a", "b"], {"order": 0})
    (folder / "config.json").write_text(
        json.dumps({"model_type": "bert", "id2label": {"0": "a", "1": "b", "2": "c"}})
    )
    with pytest.raises(ClassifierError, match="3 labels") as caught:
        SequenceClassifier(folder).classify(["order"])
    assert caught.value.fault is ClassifierFault.SHAPE


def test_a_torch_checkpoint_without_torch_says_what_to_do(tmp_path, monkeypatch):
    folder = folder_with(tmp_path, ["a", "b"], {"order": 0})
    (folder / "model.onnx").rename(folder / "model.safetensors")
    monkeypatch.setattr(sequence_classifier, "find_spec", lambda _: None)
    with pytest.raises(ClassifierError, match=r"install torch, or export") as caught:
        SequenceClassifier(folder)
    assert caught.value.fault is ClassifierFault.TORCH
