"""A playbook that is edited while calls go on: new calls get the new version, old ones keep theirs.

Whoever takes calls asks `maybe_reload`; nothing runs in between. A version that breaks a rule is told and not used.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from dialog.load import load_playbook
from dialog.playbook import Playbook
from dialog.source import PlaybookError
from models.heads import HeadError

T = TypeVar("T")
EVERY_S = 2.0
"""Between two looks at the folder."""
PATTERNS = ("*.yaml", "flows/*.yaml", "knowledge/*.md", "*.json")
"""What belongs to a playbook; JSON is where documents of actions are."""


@dataclass(frozen=True)
class Unchanged:
    """There is nothing new since the last look, or it is not yet time for another."""


@dataclass(frozen=True)
class Renewed:
    """New calls get another version from now on."""

    version: str


@dataclass(frozen=True)
class Refused:
    """The folder has changed and breaks rules; new calls keep getting `kept`. Told once for each content."""

    problems: tuple[str, ...]
    kept: str


Reload = Unchanged | Renewed | Refused


class PlaybookWatch(Generic[T]):
    """The newest good version of one folder, as what calls use of it: a `Dialog`, or more.

    `build` makes that of a checked playbook, and may take seconds: ask from a thread. Safe to use from many threads;
    whoever asks while another is at it gets `Unchanged`.
    """

    def __init__(
        self,
        folder: Path,
        build: Callable[[Playbook], T],
        every_s: float = EVERY_S,
        also: Callable[[], str] = lambda: "",
    ) -> None:
        """Loads the first version. `also`: changes when what is built must be built anew though the folder is the same.

        Raises:
            PlaybookError: it breaks rules: there is no good version to keep.
        """
        self._folder = folder
        self._build = build
        self._every_s = every_s
        self._also = also
        self._lock = Lock()
        self._looked_at: float | None = None
        self._seen = self._fingerprint()
        playbook = load_playbook(folder)
        self._version = playbook.version
        self._current = build(playbook)
        self._problems: tuple[str, ...] = ()

    @property
    def current(self) -> T:
        """What a new call uses. A call keeps what it got."""
        return self._current

    @property
    def version(self) -> str:
        """Name and content hash of the current version."""
        return self._version

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps the folder as it was last seen from being used; empty where it is in use."""
        return self._problems

    def maybe_reload(self, now: float) -> Reload:
        """Look at the folder if the last look is long enough ago. `now` in seconds, on a clock that only goes on."""
        if not self._lock.acquire(blocking=False):
            return Unchanged()
        try:
            if self._looked_at is not None and now - self._looked_at < self._every_s:
                return Unchanged()
            self._looked_at = now
            return self._look()
        finally:
            self._lock.release()

    def _look(self) -> Reload:
        found = self._fingerprint()
        if found == self._seen:
            return Unchanged()
        try:
            playbook = load_playbook(self._folder)
            built = self._build(playbook)
        except PlaybookError as error:
            return self._refuse(found, error.problems)
        except HeadError as error:
            return self._refuse(found, (f"{self._folder / 'intents.yaml'}:1: {error}",))
        if self._fingerprint() != found:
            return Unchanged()  # half of it was written while we read: the next look takes it whole
        self._seen, self._problems = found, ()
        self._version, self._current = playbook.version, built
        return Renewed(playbook.version)

    def _fingerprint(self) -> str:
        return fingerprint(self._folder) + self._also()

    def _refuse(self, found: str, problems: tuple[str, ...]) -> Reload:
        if self._fingerprint() != found:
            return Unchanged()
        self._seen, self._problems = found, problems
        return Refused(problems, self._version)


def fingerprint(folder: Path) -> str:
    """A digest of all files of a playbook, their names included."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in PATTERNS for path in folder.glob(pattern)):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # an editor replaces files by moving others over them
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()
