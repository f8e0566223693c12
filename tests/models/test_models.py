"""Model weights: found, checked, prepared; and what is said when one of them is not right."""

import hashlib
import io

import numpy as np
import pytest
from rich.console import Console

from models import files
from models.catalogue import Catalogue, load_catalogue
from models.command import list_models, prepare_models, verify_models
from models.errors import CatalogueError, ModelFault, ModelFileError
from models.prepare import is_prepared, prepare, ready_dir
from models.shelf import ModelShelf

PARTS = (b"first half, ", b"second half")
WHOLE = b"".join(PARTS)


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A model of two parts in an installed package, and a cache of its own."""
    package = tmp_path / "package"
    package.mkdir()
    for number, part in enumerate(PARTS):
        (package / f"part{number}").write_bytes(part)

    class Distribution:
        def locate_file(self, path):
            return package / path

    monkeypatch.setattr(files, "distribution", lambda _name: Distribution())
    monkeypatch.setenv("WARMLINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("WARMLINE_MODELS_DIR", raising=False)
    return catalogue().model[0]


def catalogue():
    sha256 = hashlib.sha256(WHOLE).hexdigest()
    sources = [{"package": "weights", "version": "1", "path": f"part{number}"} for number in range(2)]
    file = {"name": "model.bin", "size": len(WHOLE), "sha256": sha256, "join": sources}
    return Catalogue.model_validate(
        {"model": [{"name": "tiny", "purpose": "test", "licence": "MIT", "file": [file]}]}
    )


def console():
    return Console(file=io.StringIO(), width=200)


def fault(work, *args):
    with pytest.raises(ModelFileError) as refusal:
        work(*args)
    return refusal.value


def test_parts_are_joined_checked_and_put_into_the_cache(model):
    done = []
    folder = prepare(model, done.append)
    assert (folder / "model.bin").read_bytes() == WHOLE
    assert sum(done) == len(WHOLE)
    assert is_prepared(model)
    assert ready_dir(model) == folder


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda part: part.unlink(), ModelFault.MISSING),
        (lambda part: part.write_bytes(b"second half, longer"), ModelFault.SIZE),
        (lambda part: part.write_bytes(b"SECOND HALF"), ModelFault.SHA256),
    ],
)
def test_a_missing_or_altered_file_is_named_with_what_to_do_and_nothing_is_prepared(
    model, tmp_path, damage, expected
):
    damage(tmp_path / "package" / "part1")
    error = fault(prepare, model)
    assert error.fault is expected
    assert "tiny" in str(error)
    assert "part1" in str(error) or "model.bin" in str(error)
    assert "make setup" in str(error)
    assert not is_prepared(model)
    assert list((tmp_path / "cache" / "models").iterdir()) == []


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda path: path.unlink(), ModelFault.MISSING),
        (lambda path: path.write_bytes(WHOLE[:-1]), ModelFault.SIZE),
    ],
)
def test_a_prepared_file_that_was_damaged_since_is_named_and_mended(model, damage, expected):
    damage(prepare(model) / "model.bin")
    error = fault(ready_dir, model)
    assert error.fault is expected
    assert "model.bin" in str(error)
    assert "warmline models prepare" in str(error)
    assert (prepare(model) / "model.bin").read_bytes() == WHOLE


def test_verify_finds_what_only_a_hash_can_find(model):
    out = console()
    prepare_models(out, catalogue())
    assert verify_models(out, catalogue())
    (ready_dir(model) / "model.bin").write_bytes(WHOLE[::-1])
    assert not verify_models(out, catalogue())
    assert "was altered" in out.file.getvalue()
    prepare_models(out, catalogue(), anew=True)
    assert verify_models(out, catalogue())


def test_an_unprepared_model_says_how_to_prepare_it(model):
    error = fault(ready_dir, model)
    assert error.fault is ModelFault.NOT_PREPARED
    assert "make models" in str(error)


def test_the_operators_own_copy_comes_first_and_is_checked_too(model, tmp_path, monkeypatch):
    own = tmp_path / "own"
    (own / "tiny").mkdir(parents=True)
    (own / "tiny" / "model.bin").write_bytes(WHOLE)
    (tmp_path / "package" / "part0").unlink()
    monkeypatch.setenv("WARMLINE_MODELS_DIR", str(own))
    assert (prepare(model) / "model.bin").read_bytes() == WHOLE
    (own / "tiny" / "model.bin").write_bytes(b"x" * len(WHOLE))
    assert fault(lambda: prepare(model, anew=True)).fault is ModelFault.SHA256


def test_the_list_names_what_an_operator_wants_to_know(model):
    out = console()
    list_models(out)
    text = out.file.getvalue()
    for entry in load_catalogue().model:
        assert entry.name in text
        assert entry.licence in text


def test_a_catalogue_with_a_mistake_names_file_and_field(tmp_path):
    path = tmp_path / "catalogue.toml"
    path.write_text('[[model]]\nname = "a"\npurpose = "b"\nlicence = "c"\n')
    with pytest.raises(CatalogueError, match=r"catalogue\.toml.*file"):
        load_catalogue(path)


def test_the_real_catalogue_is_whole():
    names = {model.name for model in load_catalogue().model}
    assert names == {"whisper-base", "piper-joe", "minilm-l6", "silero-vad", "smart-turn"}


@pytest.mark.models
def test_sentences_that_mean_the_same_are_near_and_others_far():
    vectors = ModelShelf().embedder().embed(["Where is my order?", "Has my package shipped?", "I like jazz."])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
    alike, other = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert alike > other + 0.2


@pytest.mark.models
def test_a_model_is_loaded_once_a_process():
    shelf = ModelShelf()
    assert shelf.whisper() is shelf.whisper()
    assert shelf.embedder() is shelf.embedder()
