"""Versions of what was learnt: a folder each, which one is used, and how that came about."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile

from pydantic import BaseModel, ConfigDict, ValidationError

from dialog.source import PlaybookError
from handoff.escalation.train import write_weights
from handoff.escalation.weights import Weights, WeightsError, read_weights
from qa.learning.compare import Comparison
from qa.learning.lessons import Lessons

FOLDER = "learning"
"""Within the data directory."""
MANIFEST, LESSONS, WEIGHTS = "manifest.json", "lessons.json", "weights.toml"
UNFINISHED = ".part"
"""Ends the name of a file that is to take another one's place (`qa.learning.forgetting`)."""
BUILT_IN = "built-in"
"""What is used where nothing was promoted: the playbook's own examples and the weights of Warmline."""
FORM = 1


class VersionFault(StrEnum):
    """What is wrong with a version. Names never change meaning."""

    UNKNOWN = "unknown_version"
    NOT_BETTER = "not_better"
    ALTERED = "altered"
    UNREADABLE = "unreadable"


class VersionError(Exception):
    """A version cannot be used; the text names it and says why."""

    def __init__(self, fault: VersionFault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


class Changes(BaseModel):
    """How recorded turns would be understood otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: int = 0
    turns: int = 0
    changed: int = 0


class Tried(BaseModel):
    """Recorded calls that were run again with the current version and with the new one, and how the new one did."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    better: int = 0
    """Calls, as all of these."""
    worse: int = 0
    changed: int = 0
    """Otherwise, and nobody can say which is right."""
    same: int = 0
    not_run: int = 0
    report: str | None = None
    """The id of the report that shows them turn by turn; None where none was kept."""

    @property
    def run(self) -> int:
        """How many could be run."""
        return self.better + self.worse + self.changed + self.same

    @property
    def holds(self) -> bool:
        """Whether the new version may be promoted as far as these calls tell.

        Where they come out better or worse, more of them must be better. Not run is not passed; where there was none to
        be run, they tell nothing.
        """
        if not self.run:
            return not self.not_run
        return self.better > self.worse or not self.worse

    @property
    def why(self) -> str:
        """In words."""
        if not self.run:
            return f"none of {self.not_run} could be run" if self.not_run else "none was run"
        told = f"{self.better} better, {self.worse} worse, {self.changed} changed, {self.same} the same"
        left = f"; {self.not_run} could not be run" if self.not_run else ""
        return f"{told}{left}"


class Manifest(BaseModel):
    """All that is known of a version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: int = FORM
    version: str
    made_at: datetime
    parent: str
    """The version that it was compared with."""
    playbook: str
    better: bool
    """Whether it may be promoted by the rule; heads that are not better are its parent's."""
    files: dict[str, str]
    """The sha256 of each file."""
    items: tuple[str, ...]
    """The corrections that it has learnt from."""
    left_out: dict[str, str] = {}
    """Corrections that teach nothing, with the reason's code."""
    comparisons: tuple[Comparison, ...] = ()
    notes: tuple[str, ...] = ()
    """Heads that could not be trained, in words."""
    recorded: Changes = Changes()
    tried: Tried = Tried()


@dataclass(frozen=True)
class Version:
    """A version as it is used."""

    name: str
    lessons: Lessons
    weights: Weights


class Promotion(BaseModel):
    """Who has decided that a version is used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    by: str
    at: datetime


class Versions:
    """The versions in the data directory `data_dir`. Processes that share the directory share the versions."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER
        self._promoted = self._folder / "promoted.json"
        self._history = self._folder / "promotions.jsonl"

    def manifests(self) -> list[Manifest]:
        """All of them, the newest first.

        Raises:
            VersionError: a manifest cannot be read.
        """
        found = (self._manifest(path.parent.name) for path in self._folder.glob(f"versions/*/{MANIFEST}"))
        return sorted(found, key=lambda one: one.version, reverse=True)

    def promoted(self) -> str:
        """The version that is used, or `BUILT_IN`.

        Raises:
            VersionError: what tells it cannot be read.
        """
        try:
            return Promotion.model_validate_json(self._promoted.read_text("utf-8")).version
        except FileNotFoundError:
            return BUILT_IN
        except (OSError, UnicodeDecodeError, ValidationError):
            raise VersionError(VersionFault.UNREADABLE, f"{self._promoted}: cannot be read") from None

    def fingerprint(self) -> str:
        """Changes when another version is promoted, or something was taken out of the one that is."""
        try:
            told = self._promoted.read_bytes()
        except FileNotFoundError:
            return BUILT_IN
        return hashlib.sha256(told + self._told_of_promoted()).hexdigest()

    def history(self) -> list[Promotion]:
        """Who has promoted what, the newest first."""
        try:
            lines = self._history.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [Promotion.model_validate_json(line) for line in reversed(lines)]

    def current(self) -> Version:
        """The version that is used.

        Raises:
            VersionError: it is gone, altered or unreadable.
        """
        return self.load(self.promoted())

    def used(self) -> Version:
        """The version that is used, for building a company.

        Raises:
            PlaybookError: as `current`; it is refused as a broken playbook is, and calls keep the last.
        """
        try:
            return self.current()
        except VersionError as error:
            raise PlaybookError([str(error)]) from None

    def load(self, name: str) -> Version:
        """A version; `BUILT_IN` is one.

        Raises:
            VersionError: as `current`.
        """
        if name == BUILT_IN:
            return Version(BUILT_IN, Lessons(), read_weights())
        manifest = self._manifest(name)
        folder = self._of(name)
        for file, digest in manifest.files.items():
            _finish(folder / file, digest)
            if _sha256(folder / file) != digest:
                raise VersionError(
                    VersionFault.ALTERED, f"{folder / file}: is not the file of version {name}"
                )
        try:
            lessons = Lessons.model_validate_json((folder / LESSONS).read_text("utf-8"))
            return Version(name, lessons, read_weights(folder / WEIGHTS))
        except (OSError, ValidationError, WeightsError) as error:
            raise VersionError(VersionFault.UNREADABLE, f"{folder}: cannot be read: {error}") from None

    def write(self, lessons: Lessons, weights: Weights, told: Mapping[str, object]) -> Manifest:
        """Keep a new version. `told`: the fields of its manifest but `version` and `files`."""
        number = 1 + max((_number(path.name) for path in self._folder.glob("versions/*")), default=0)
        digest = hashlib.sha256((lessons.model_dump_json() + weights.model_dump_json()).encode()).hexdigest()
        name = f"v{number:04d}-{digest[:8]}"
        folder = self._of(name)
        folder.mkdir(parents=True)
        (folder / LESSONS).write_text(lessons.model_dump_json(indent=1), "utf-8")
        write_weights(folder / WEIGHTS, weights)
        files = {file: _sha256(folder / file) for file in (LESSONS, WEIGHTS)}
        manifest = Manifest.model_validate({**told, "version": name, "files": files})
        (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), "utf-8")
        return manifest

    def promote(self, name: str, by: str, at: datetime) -> None:
        """Use a version from now on; servers take it up within seconds.

        Raises:
            VersionError: there is none of this name, it was not better than what it was compared with, or it cannot be
                used.
        """
        self.load(name)
        if name != BUILT_IN and not self._manifest(name).better:
            raise VersionError(
                VersionFault.NOT_BETTER, f"{name} was not better than {self._manifest(name).parent}"
            )
        line = Promotion(version=name, by=by, at=at).model_dump_json()
        with NamedTemporaryFile("w", dir=self._made(), delete=False, encoding="utf-8") as scratch:
            scratch.write(line)
        Path(scratch.name).replace(self._promoted)
        with self._history.open("a", encoding="utf-8") as history:
            history.write(line + "\n")

    def _manifest(self, name: str) -> Manifest:
        path = self._of(name) / MANIFEST
        try:
            return Manifest.model_validate_json(path.read_text("utf-8"))
        except FileNotFoundError:
            raise VersionError(VersionFault.UNKNOWN, f"there is no version {name}") from None
        except (OSError, ValidationError, json.JSONDecodeError):
            raise VersionError(VersionFault.UNREADABLE, f"{path}: cannot be read") from None

    def _told_of_promoted(self) -> bytes:
        try:
            return (self._of(self.promoted()) / MANIFEST).read_bytes()
        except (OSError, VersionError):
            return b""  # whoever loads it says what is wrong

    def _of(self, name: str) -> Path:
        # A name from outside stays within the folder.
        return self._folder / "versions" / Path(name).name

    def _made(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder


def _number(name: str) -> int:
    digits = name.removeprefix("v").partition("-")[0]
    return int(digits) if digits.isdigit() else 0


def _finish(path: Path, digest: str) -> None:
    """Put the file in its place that the manifest names already, where taking something out of it broke off."""
    unfinished = path.with_suffix(UNFINISHED)
    if _sha256(path) != digest and _sha256(unfinished) == digest:
        # Another process may be quicker.
        with suppress(FileNotFoundError):
            unfinished.replace(path)


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
