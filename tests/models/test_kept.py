"""What a model made once of a text is there at the next start."""

import numpy as np
import pytest

from models import kept
from models.kept import KeptArrays, key
from models.kept_vectors import KeptVectors


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "test.npz"


def opened(path):
    return KeptArrays(path, np.int16)


def test_the_next_process_finds_what_was_kept(path):
    first = opened(path)
    first.put("a", np.array([1, 2, 3]))
    first.put("b", np.zeros(0))
    first.put("c", np.array([4]))
    first.save()
    then = opened(path)
    assert [then.get(name).tolist() for name in "abc"] == [[1, 2, 3], [], [4]]
    assert then.get("d") is None
    assert [file.name for file in path.parent.iterdir()] == ["test.npz"], "nothing is left lying about"


def test_a_broken_file_costs_time_and_no_more(path):
    path.parent.mkdir()
    path.write_bytes(b"PK\x03\x04 but no archive")
    kept = opened(path)
    assert kept.get("a") is None
    kept.put("a", np.array([1]))
    kept.save()
    assert opened(path).get("a").tolist() == [1]


def test_a_place_that_cannot_be_written_costs_time_and_no_more(tmp_path):
    (tmp_path / "kept").write_text("a file where the folder should be")
    kept = opened(tmp_path / "kept" / "test.npz")
    kept.put("a", np.array([1]))
    kept.save()
    assert kept.get("a").tolist() == [1]


def test_what_was_not_used_for_longest_goes_first(path, monkeypatch):
    monkeypatch.setattr(kept, "MOST_BYTES", 400)
    arrays = opened(path)
    for name in "abc":
        arrays.put(name, np.zeros(100))
    arrays.get("a")
    arrays.save()
    then = opened(path)
    assert [name for name in "abc" if then.get(name) is not None] == ["a", "c"]


def test_keys_tell_parts_apart_and_say_nothing():
    assert key("ab", "c") != key("a", "bc")
    assert "secret" not in key("secret")


class Counting:
    """Embeds by length, and counts."""

    def __init__(self, model=1.0):
        self.model, self.seen = model, []

    def embed(self, texts):
        self.seen += texts
        lengths = np.array([len(text) for text in texts], np.float32)
        return np.full((len(texts), 384), self.model, np.float32) * lengths[:, np.newaxis]


def embedded(embedder, path, texts):
    with KeptVectors(embedder, KeptArrays(path, np.float32)) as encoder:
        embedder.seen.clear()
        vectors = encoder.embed(texts)
    return vectors, encoder


def test_a_playbooks_sentences_are_embedded_once_in_the_life_of_a_machine(path):
    first, again = Counting(), Counting()
    made, _ = embedded(first, path, ["one", "three", "one"])
    assert first.seen == ["one", "three"]
    found, _ = embedded(again, path, ["one", "three", "eleven"])
    assert again.seen == ["eleven"]
    assert found[:2].tolist() == made[:2].tolist()


def test_what_a_version_has_learnt_from_callers_is_embedded_each_time_and_not_kept(path):
    for embedder in (Counting(), Counting()):
        kept = KeptVectors(embedder, KeptArrays(path, np.float32), said=["my zip broke, says clara"])
        with kept as encoder:
            encoder.embed(["one", "my zip broke, says clara"])
    assert "my zip broke, says clara" in embedder.seen
    assert "one" not in embedder.seen


def test_another_model_does_not_get_them(path):
    embedded(Counting(), path, ["one"])
    other = Counting(model=2.0)
    vectors, _ = embedded(other, path, ["one"])
    assert other.seen == ["one"]
    assert vectors[0, 0] == 6.0


def test_what_callers_say_is_not_kept(path):
    embedder = Counting()
    _, encoder = embedded(embedder, path, ["one"])
    encoder.embed(["my name is Clara"])
    assert embedder.seen == ["one", "my name is Clara"]
    after = Counting()
    embedded(after, path, ["my name is Clara"])
    assert after.seen == ["my name is Clara"]


def test_no_texts_are_no_vectors(path):
    vectors, encoder = embedded(Counting(), path, [])
    assert len(vectors) == len(encoder.embed([])) == 0
