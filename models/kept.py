"""What a model made once of a text, kept on disk, so that the next start of the process need not wait for it again.

For texts of a playbook only: what callers say is never kept here.
"""

import hashlib
import tempfile
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from loguru import logger
from numpy.typing import NDArray

from models.files import cache_dir

MOST_BYTES = 64_000_000
"""A shop's prompts are 15 MB, its examples and articles 5 MB; what was not used for longest goes first."""

Number = TypeVar("Number", bound=np.generic)


class KeptArrays(Generic[Number]):
    """Arrays of one dimension and one type by key, in one file. Belongs to one thread.

    A file that is missing, broken or cannot be written costs time and nothing else; it is told.
    """

    def __init__(self, path: Path, dtype: type[Number]) -> None:
        self._path = path
        self._dtype = dtype
        self._arrays: OrderedDict[str, NDArray[Number]] = OrderedDict()
        self._changed = False
        self._read()

    @classmethod
    def named(cls, name: str, dtype: type[Number]) -> "KeptArrays[Number]":
        """Beside the models of this user."""
        return cls(cache_dir() / "kept" / f"{name}.npz", dtype)

    def get(self, key: str) -> NDArray[Number] | None:
        """The array under `key`."""
        found = self._arrays.get(key)
        if found is not None:
            self._arrays.move_to_end(key)
        return found

    def put(self, key: str, array: NDArray[Number]) -> None:
        """Keep `array` from the next `save` on."""
        self._arrays[key] = array.astype(self._dtype, copy=False)
        self._changed = True

    def save(self) -> None:
        """Write what is new, at most `MOST_BYTES` in all."""
        if not self._changed:
            return
        while sum(array.nbytes for array in self._arrays.values()) > MOST_BYTES and len(self._arrays) > 1:
            self._arrays.popitem(last=False)
        try:
            self._write()
        except OSError as error:
            logger.bind(file=str(self._path), error=str(error)).warning("what a model made cannot be kept")
        self._changed = False

    def _read(self) -> None:
        try:
            with np.load(self._path) as file:
                parts = np.split(file["values"], file["ends"][:-1])
                self._arrays.update(zip(file["keys"].tolist(), parts, strict=True))
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            logger.bind(file=str(self._path), error=str(error)).warning("what a model made is made anew")
            self._arrays.clear()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        arrays = list(self._arrays.values())
        # Written aside and moved: another process may be reading, and this one may be killed.
        scratch = tempfile.NamedTemporaryFile(dir=self._path.parent, suffix=".npz", delete=False)  # noqa: SIM115
        try:
            with scratch:
                np.savez(
                    scratch,
                    keys=np.array(list(self._arrays)),
                    ends=np.cumsum([array.size for array in arrays]),
                    values=np.concatenate(arrays),
                )
            Path(scratch.name).replace(self._path)
        except BaseException:
            Path(scratch.name).unlink(missing_ok=True)
            raise


def key(*parts: object) -> str:
    """A key that says nothing of what it is made from."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def fingerprint(made: NDArray[np.generic]) -> str:
    """A model by what it makes of one text that is always the same: another model or another way makes another."""
    return hashlib.sha256(made.tobytes()).hexdigest()
