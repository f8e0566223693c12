"""Heads: what they learn, how honest their confidence is, and that a file gives the same head again."""

import json
import subprocess
import sys
import zlib

import numpy as np
import pytest

from models.heads import Head, HeadError, train_head
from models.heads.calibration import best_temperature, expected_calibration_error, shares
from models.heads.ridge import PENALTY, Ridge
from models.heads.scope import evidence, train_scope
from models.heads.words import Wording, letters, words_and_pairs
from models.shelf import ModelShelf

SAID = {
    "order": ["where is my order", "my order is late", "order status please", "has my order shipped"],
    "hours": ["when do you open", "opening hours please", "are you open today", "when do you close"],
    "return": [
        "i want to return shoes",
        "send these back please",
        "how do returns work",
        "return my jacket please",
    ],
}
OUTSIDE = ["tell me a joke", "what is the weather", "sing a song for me"]


def vectors(texts):
    rows = np.zeros((len(texts), 64), np.float32)
    for row, text in enumerate(texts):
        for word in text.split():
            rows[row, zlib.crc32(word.encode()) % 64] += 1.0
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def trained(said=SAID, outside=OUTSIDE):
    texts = [text for group in said.values() for text in group] + list(outside)
    places, start = {}, 0
    for name, group in said.items():
        places[name] = range(start, start + len(group))
        start += len(group)
    return train_head(places, range(start, len(texts)), texts, vectors(texts))


def judged(head, text):
    return head.judge([text], vectors([text]))[0]


def test_a_head_knows_sentences_like_its_examples():
    head = trained()
    for text, name in (("is my order late", "order"), ("when do you open today", "hours")):
        one = judged(head, text)
        assert head.names[int(one.shares.argmax())] == name
        assert one.in_scope > 0.5
        assert one.shares.sum() == pytest.approx(1.0, abs=1e-5)


def test_an_example_of_out_of_scope_and_strange_words_are_less_in_scope_than_a_wish():
    head = trained()
    wish = judged(head, "where is my order").in_scope
    assert judged(head, "tell me a joke").in_scope < 0.5 < wish
    assert judged(head, "purple elephants dance").in_scope < 0.5


def test_the_same_examples_give_the_same_head_and_others_another():
    assert trained().version == trained().version
    assert trained().version != trained(outside=OUTSIDE[:2]).version


def test_a_saved_head_judges_as_before(tmp_path):
    head = trained()
    head.save(tmp_path)
    again = Head.load(tmp_path)
    assert again.version == head.version
    text = "return my order please"
    assert np.array_equal(judged(again, text).shares, judged(head, text).shares)
    assert judged(again, text).in_scope == judged(head, text).in_scope


def test_an_altered_file_is_refused(tmp_path):
    trained().save(tmp_path)
    path = tmp_path / "head.json"
    described = json.loads(path.read_text())
    path.write_text(json.dumps({**described, "temperature": 1.5}))
    with pytest.raises(HeadError, match="not the one that was saved"):
        Head.load(tmp_path)
    path.write_text(json.dumps({**described, "form": 99}))
    with pytest.raises(HeadError, match="form 99"):
        Head.load(tmp_path)


def test_what_cannot_be_trained_is_refused_with_the_rule():
    with pytest.raises(HeadError, match="two labels"):
        trained({"order": SAID["order"]})
    with pytest.raises(HeadError, match="hours"):
        trained({**SAID, "hours": []})


def test_a_label_with_many_examples_is_no_likelier_for_it():
    crowded = {**SAID, "order": SAID["order"] * 8}
    assert judged(trained(crowded), "when do you open").shares.argmax() == 1
    assert trained(crowded).offsets[0] < 0 < trained(crowded).offsets[1]


def test_no_sentence_gives_no_judgement():
    assert trained().judge([], np.zeros((0, 64), np.float32)) == []


def test_scores_without_examples_are_those_of_a_model_trained_without_them():
    chance = np.random.default_rng(1)
    points = chance.normal(size=(30, 5))
    kernel = np.exp(-((points[:, None] - points[None]) ** 2).sum(2)).astype(np.float32)
    targets = np.eye(3, dtype=np.float32)[chance.integers(0, 3, 30)]
    ridge = Ridge.fit(kernel.copy(), targets)
    places = np.arange(30)
    inverse = ridge.inverse_at(places)

    def without(group):
        kept = np.setdiff1d(places, group)
        weights = np.linalg.solve(kernel[np.ix_(kept, kept)] + PENALTY * np.eye(len(kept)), targets[kept])
        return kernel[np.ix_(group, kept)] @ weights

    groups = [np.array([4]), np.array([2, 7, 11])]
    for group, scores in zip(groups, ridge.without_groups(places, inverse, groups), strict=True):
        assert np.allclose(scores, without(group), atol=1e-3)


def test_terms_are_words_pairs_and_letters_within_words():
    assert words_and_pairs("my order") == ["my", "order", "my order"]
    assert set(letters("ab")) == {" ab", "ab ", " ab "}
    wording = Wording.learn(["my order", "my parcel", "order it"])
    rows = wording.rows(["my order", "unheard of"])
    assert rows[0].multiply(rows[0]).sum() == pytest.approx(1.0, abs=1e-5)
    assert rows[1].nnz == 0


def test_a_misspelt_word_is_nearer_to_its_word_than_to_others():
    wording = Wording.learn(["delivery", "deliveries", "password", "passwords"])
    known = wording.rows(["delivery", "password"])
    near, far = (wording.rows(["delivry"]) @ known.T).toarray()[0]
    assert near > far


def test_the_temperature_makes_confidence_match_accuracy():
    chance = np.random.default_rng(2)
    labels = chance.integers(0, 5, 4000)
    scores = chance.normal(0, 0.1, (4000, 5)).astype(np.float32)
    scores[np.arange(4000), labels] += 0.15
    temperature = best_temperature(scores, labels)
    sure = shares(scores, temperature)
    right = sure.argmax(1) == labels
    assert expected_calibration_error(sure.max(1), right) < 0.03
    hot = shares(scores, 5 * temperature)
    assert expected_calibration_error(hot.max(1), right) > 0.1


def test_the_calibration_error_is_the_gap_between_confidence_and_accuracy():
    assert expected_calibration_error([0.9] * 10, [True] * 9 + [False]) == pytest.approx(0.0, abs=1e-9)
    assert expected_calibration_error([0.9] * 10, [False] * 10) == pytest.approx(0.9)
    with pytest.raises(ValueError, match="at least one"):
        expected_calibration_error([], [])


def test_the_scope_model_parts_high_scores_from_low_and_chooses_a_threshold_between():
    chance = np.random.default_rng(3)
    inside = np.abs(chance.normal(0, 0.05, (200, 4))).astype(np.float32)
    inside[:, 0] += 0.8
    outside = np.abs(chance.normal(0, 0.05, (200, 4))).astype(np.float32)
    outside[:, 3] += 0.4
    seen, strange = evidence(inside, 3), evidence(outside, 3)
    model = train_scope(seen, np.ones(200, bool), strange[:100], strange[100:])
    assert (model.probability(seen) >= model.threshold).mean() > 0.98
    assert (model.probability(strange) < model.threshold).mean() > 0.98


def test_with_nothing_out_of_scope_to_learn_from_everything_is_in_scope():
    none = np.zeros((0, 3))
    model = train_scope(np.ones((4, 3)), np.ones(4, bool), none, none)
    assert model.probability(np.zeros((1, 3)))[0] > 0.99


def test_heads_need_no_scikit_learn():
    code = "import sys, models.heads; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.models
def test_many_sentences_have_the_vectors_that_they_have_alone():
    embedder = ModelShelf().embedder()
    texts = [f"{'please ' * (number % 5)}send order {number}" for number in range(70)]
    together = embedder.embed(texts)
    for place in (0, 33, 69):
        assert embedder.embed([texts[place]])[0] @ together[place] > 0.99
