"""Putting models into the user's cache in the form they are loaded from.

A prepared model is a folder that appears complete or not at all: it is built beside its place and renamed into
it. Its name holds a digest of the source files, so a changed catalogue is prepared anew.
"""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from models.catalogue import Conversion, Model, load_catalogue
from models.errors import ModelFault, ModelFileError
from models.files import BLOCK, Progress, consume, ignore, prepared_dir
from models.minilm import convert
from models.piper_split import split

COMPLETE = ".complete"
"""Lists the folder's files with size and sha256. It is written last: without it, the folder is not whole."""
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def is_prepared(model: Model) -> bool:
    """Whether the model can be loaded now. A look at the folder and at sizes, no hashing."""
    try:
        ready_dir(model)
    except ModelFileError:
        return False
    return True


def ready_dir(model: Model) -> Path:
    """The folder to load from.

    Raises:
        ModelFileError: NOT_PREPARED; or MISSING or SIZE, naming the file that was removed or altered since.
    """
    folder = prepared_dir(model)
    for name, listed in _listed(model, folder).items():
        path = folder / name
        if not path.is_file():
            raise _damaged(model, name, ModelFault.MISSING, "is missing")
        if path.stat().st_size != listed["size"]:
            raise _damaged(model, name, ModelFault.SIZE, f"has not {listed['size']} bytes any more")
    return folder


def check_all_ready() -> None:
    """All models of the catalogue are there.

    Raises:
        ModelFileError: as `ready_dir`, for the first one that is not.
    """
    for model in load_catalogue().model:
        ready_dir(model)


def check_prepared(model: Model, progress: Progress = ignore) -> None:
    """Check the prepared files' sha256 too.

    Raises:
        ModelFileError: as `ready_dir`, or SHA256.
    """
    folder = ready_dir(model)
    for name, listed in _listed(model, folder).items():
        if _sha256(folder / name, progress) != listed["sha256"]:
            raise _damaged(model, name, ModelFault.SHA256, "was altered")


def _listed(model: Model, folder: Path) -> dict[str, dict[str, object]]:
    try:
        listed: dict[str, dict[str, object]] = json.loads((folder / COMPLETE).read_text())
    except (FileNotFoundError, ValueError):
        raise ModelFileError(
            ModelFault.NOT_PREPARED,
            f"{model.name} is not prepared; run `make models` (or `warmline models prepare`)",
        ) from None
    return listed


def _damaged(model: Model, name: str, fault: ModelFault, what: str) -> ModelFileError:
    return ModelFileError(
        fault, f"{model.name}: the prepared {name} {what}; run `warmline models prepare --anew`"
    )


def _sha256(path: Path, progress: Progress = ignore) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while block := opened.read(BLOCK):
            digest.update(block)
            progress(len(block))
    return digest.hexdigest()


def prepare(model: Model, progress: Progress = ignore, *, anew: bool = False) -> Path:
    """Verify the model's files and put it into the cache; does nothing if it is there, unless `anew`.

    Returns its folder.

    Two processes may prepare at once: each builds its own copy, and the first to finish wins.

    Raises:
        ModelFileError: a file is missing or not as catalogued.
    """
    target = prepared_dir(model)
    if anew:
        shutil.rmtree(target, ignore_errors=True)
    if is_prepared(model):
        progress(model.size)
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{model.name}-") as scratch:
        built = _build(model, Path(scratch), progress)
        files = {
            path.name: {"size": path.stat().st_size, "sha256": _sha256(path)} for path in built.iterdir()
        }
        (built / COMPLETE).write_text(json.dumps(files))
        _move(model, built, target)
    return target


def _build(model: Model, scratch: Path, progress: Progress) -> Path:
    files = scratch / "files"
    files.mkdir()
    for file in model.file:
        with (files / file.name).open("wb") as out:
            consume(model, file, out.write, progress)
    match model.convert:
        case None:
            return files
        case Conversion.PIPER_SPLIT:
            voice = next(path for path in files.iterdir() if path.suffix == ".onnx")
            split(voice, files)
            return files
        case Conversion.MINILM:
            converted = scratch / "converted"
            convert(files, converted)
            for name in TOKENIZER_FILES:
                shutil.copy(files / name, converted / name)
            return converted


def _move(model: Model, built: Path, target: Path) -> None:
    """Rename into place; a folder that was left half done or damaged gives way, one that is whole stays."""
    if target.exists() and not is_prepared(model):
        shutil.rmtree(target)
    try:
        os.rename(built, target)  # noqa: PTH104 - fails where something is, which is what we want
    except OSError:
        if not is_prepared(model):
            raise
