"""The benchmarks of intents and scope on a world of few words."""

import json

import pytest

from bench.intents import by_intent, macro_f1, read_sentences
from bench.intents import measure as measure_intents
from bench.scope import auroc, read_parts
from bench.scope import measure as measure_scope
from tests.models.test_heads import OUTSIDE, SAID, vectors

TRAIN = [(text, name) for name, group in SAID.items() for text in group]
TEST = [
    ("is my order late", "order"),
    ("when do you open today", "hours"),
    ("return my shoes please", "return"),
]


class WordEncoder:
    embed = staticmethod(vectors)


def test_figures_of_intents():
    figures = measure_intents(TRAIN, TEST, WordEncoder(), quiet=True)
    assert figures["accuracy"] == 1.0
    assert figures["macro_f1"] == 1.0
    assert 0.0 <= figures["ece"] <= 1.0
    assert 0.0 <= figures["embedding_s"] <= figures["training_s"]
    wrong = measure_intents(TRAIN, [(text, "hours") for text, _ in TEST], WordEncoder(), quiet=True)
    assert wrong["accuracy"] == pytest.approx(1 / 3, abs=1e-4)


def test_figures_of_scope(tmp_path):
    path = tmp_path / "scope.json"
    path.write_text(
        json.dumps(
            {
                "train": TRAIN,
                "val": TEST,
                "oos_train": [[text, "oos"] for text in OUTSIDE],
                "oos_val": [["sing me a joke", "oos"]],
            }
        )
    )
    parts = read_parts(path)
    assert (parts.measured, len(parts.outside)) == ("val", 3)
    figures = measure_scope(parts, WordEncoder(), quiet=True)
    assert figures["auroc"] == 1.0
    assert figures["accuracy_without_refusing"] == 1.0
    assert figures["in_scope_accuracy"] <= figures["accuracy_without_refusing"]


def test_what_is_measured_is_not_trained_on(tmp_path):
    path = tmp_path / "scope.json"
    given = {
        "train": TRAIN,
        "val": TEST,
        "test": TEST[:1],
        "oos_train": [["a", "oos"]],
        "oos_val": [["b", "oos"]],
        "oos_test": [["c", "oos"]],
    }
    path.write_text(json.dumps(given))
    parts = read_parts(path)
    assert parts.measured == "test"
    assert parts.outside == ["a", "b"]
    del given["oos_test"]
    path.write_text(json.dumps(given))
    assert read_parts(path).outside == ["a"]
    del given["oos_val"]
    path.write_text(json.dumps(given))
    with pytest.raises(SystemExit, match="oos_val"):
        read_parts(path)


def test_a_table_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "train.csv"
    path.write_text("text,label\nhello,greeting\n")
    with pytest.raises(SystemExit, match="category"):
        read_sentences(path)
    path.write_text("text,category\n")
    with pytest.raises(SystemExit, match="no sentence"):
        read_sentences(path)


def test_sentences_are_grouped_by_intent_in_the_order_of_names():
    assert list(by_intent([("b", "two"), ("a", "one"), ("c", "two")]).items()) == [
        ("one", ["a"]),
        ("two", ["b", "c"]),
    ]


def test_macro_f1_weighs_intents_alike():
    assert macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == pytest.approx((6 / 7) / 2)
    assert macro_f1([], []) is None


def test_area_under_the_curve_counts_ties_half():
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([], [0.5]) is None
