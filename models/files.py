"""Finding and checking a model's files. Packages are located, never imported."""

import hashlib
import os
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from platformdirs import user_cache_path

from models.catalogue import Model, ModelFile, Source
from models.errors import ModelFault, ModelFileError

BLOCK = 1 << 20
Progress = Callable[[int], None]
"""Told how many more bytes are done."""


def ignore(_bytes: int) -> None:
    """Progress that nobody watches."""


def cache_dir() -> Path:
    """Where prepared models are kept: WARMLINE_CACHE, or the user's cache."""
    override = os.environ.get("WARMLINE_CACHE")
    return Path(override) if override else user_cache_path("warmline")


def prepared_dir(model: Model) -> Path:
    """Where `model` is kept once prepared. The name changes with the files and with what is made of them, so an
    old one is never used."""
    made_from = "".join(file.sha256 for file in model.file) + (model.convert or "")
    digest = hashlib.sha256(made_from.encode()).hexdigest()[:12]
    return cache_dir() / "models" / f"{model.name}-{digest}"


def parts(model: Model, file: ModelFile) -> list[Path]:
    """The files that `file` is joined from: the operator's own copy, or those of the packages.

    Raises:
        ModelFileError: MISSING, with the package to install.
    """
    own = os.environ.get("WARMLINE_MODELS_DIR")
    if own and (Path(own) / model.name / file.name).is_file():
        return [Path(own) / model.name / file.name]
    return [_inside(model, source) for source in file.join]


def check(model: Model, file: ModelFile, progress: Progress = ignore) -> None:
    """Check that the joined parts have the catalogued size and sha256.

    Raises:
        ModelFileError: MISSING, SIZE or SHA256.
    """
    consume(model, file, lambda _block: None, progress)


def consume(model: Model, file: ModelFile, take: Callable[[bytes], object], progress: Progress) -> None:
    """Give the file's bytes to `take`, block by block, and check them on the way.

    Raises:
        ModelFileError: MISSING, SIZE or SHA256; what was taken until then must not be used.
    """
    digest = hashlib.sha256()
    size = 0
    for block in _blocks(parts(model, file)):
        take(block)
        digest.update(block)
        size += len(block)
        progress(len(block))
    if size != file.size:
        raise _altered(model, file, ModelFault.SIZE, f"has {size} bytes, not {file.size}")
    if digest.hexdigest() != file.sha256:
        raise _altered(
            model, file, ModelFault.SHA256, f"has the sha256 {digest.hexdigest()}, not {file.sha256}"
        )


def _blocks(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as opened:
            while block := opened.read(BLOCK):
                yield block


def _inside(model: Model, source: Source) -> Path:
    try:
        path = Path(str(distribution(source.package).locate_file(source.path)))
    except PackageNotFoundError:
        path = None
    if path is None or not path.is_file():
        raise ModelFileError(
            ModelFault.MISSING,
            f"{model.name}: {source.path} is missing; install it with `make setup`"
            f" (package {source.package}=={source.version})",
        )
    return path


def _altered(model: Model, file: ModelFile, fault: ModelFault, what: str) -> ModelFileError:
    return ModelFileError(
        fault,
        f"{model.name}: {file.name} {what}; install it anew: remove .venv and run `make setup`"
        f" (packages {', '.join(model.packages)})",
    )
