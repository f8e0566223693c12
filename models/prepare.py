"""Putting models into the user's cache in the form they are loaded from.

A prepared model is a folder that appears complete or not at all: it is built beside its place and renamed into
it. Its name holds a digest of the source files, so a changed catalogue is prepared anew.
"""

import os
import shutil
import tempfile
from pathlib import Path

from models.catalogue import Model
from models.errors import ModelFault, ModelFileError
from models.files import Progress, consume, ignore, prepared_dir
from models.minilm import convert

COMPLETE = ".complete"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def is_prepared(model: Model) -> bool:
    """Whether the model can be loaded now. A look at the folder, no hashing."""
    return (prepared_dir(model) / COMPLETE).is_file()


def ready_dir(model: Model) -> Path:
    """The folder to load from.

    Raises:
        ModelFileError: NOT_PREPARED.
    """
    if not is_prepared(model):
        raise ModelFileError(
            ModelFault.NOT_PREPARED,
            f"{model.name} is not prepared; run `make models` (or `warmline models prepare`)",
        )
    return prepared_dir(model)


def prepare(model: Model, progress: Progress = ignore) -> Path:
    """Verify the model's files and put it into the cache; does nothing if it is there. Returns its folder.

    Two processes may prepare at once: each builds its own copy, and the first to finish wins.

    Raises:
        ModelFileError: a file is missing or not as catalogued.
    """
    target = prepared_dir(model)
    if is_prepared(model):
        progress(model.size)
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{model.name}-") as scratch:
        built = _build(model, Path(scratch), progress)
        (built / COMPLETE).touch()
        _move(built, target)
    return target


def _build(model: Model, scratch: Path, progress: Progress) -> Path:
    files = scratch / "files"
    files.mkdir()
    for file in model.file:
        with (files / file.name).open("wb") as out:
            consume(model, file, out.write, progress)
    if model.convert is None:
        return files
    converted = scratch / "converted"
    convert(files, converted)
    for name in TOKENIZER_FILES:
        shutil.copy(files / name, converted / name)
    return converted


def _move(built: Path, target: Path) -> None:
    """Rename into place; a folder that another process finished first, or left half done, gives way."""
    if target.exists() and not (target / COMPLETE).is_file():
        shutil.rmtree(target)
    try:
        os.rename(built, target)  # noqa: PTH104 - fails where something is, which is what we want
    except OSError:
        if not (target / COMPLETE).is_file():
            raise
