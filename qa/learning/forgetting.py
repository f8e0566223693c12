"""Takes what certain calls have taught out of the versions that are kept: their record is being deleted.

A version is whole at every moment: first the file without the sentences is written beside the old one, then the
manifest tells its digest, then it takes the old one's place. Where that breaks off before the last step,
`Versions.load` does it.
"""

import hashlib
from collections.abc import Collection
from pathlib import Path

from pydantic import ValidationError

from qa.learning.lessons import Lessons
from qa.learning.versions import FOLDER, LESSONS, MANIFEST, UNFINISHED, Manifest


def forget_lessons(data_dir: Path, call_ids: Collection[str]) -> list[str]:
    """Take their sentences out of all versions. Blocks.

    Returns what could not be done: one line a version, without anything personal.
    """
    problems = []
    for path in sorted((data_dir / FOLDER).glob(f"versions/*/{LESSONS}")):
        try:
            _forget(path, frozenset(call_ids))
        except (OSError, ValidationError) as error:
            problems.append(f"version {path.parent.name}: {type(error).__name__}")
    return problems


def _forget(path: Path, gone: frozenset[str]) -> None:
    before = path.read_bytes()
    lessons = Lessons.model_validate_json(before)
    kept = lessons.without(gone)
    if kept == lessons:
        return
    after = kept.model_dump_json(indent=1).encode()
    unfinished = path.with_suffix(UNFINISHED)
    unfinished.write_bytes(after)
    items = {correction_id for correction_id, call_id in lessons.sources() if call_id in gone}
    _tell(path.with_name(MANIFEST), _digest(before), _digest(after), items)
    unfinished.replace(path)


def _tell(path: Path, before: str, after: str, items: Collection[str]) -> None:
    """Have the manifest name the new file. That of an altered version is left: it is refused as before."""
    try:
        manifest = Manifest.model_validate_json(path.read_text("utf-8"))
    except (FileNotFoundError, ValidationError):
        return  # nobody can use the version; its sentences go all the same
    if manifest.files.get(LESSONS) != before:
        return
    told = {
        "files": {**manifest.files, LESSONS: after},
        "items": tuple(one for one in manifest.items if one not in items),
    }
    unfinished = path.with_suffix(UNFINISHED)
    unfinished.write_text(manifest.model_copy(update=told).model_dump_json(indent=1), "utf-8")
    unfinished.replace(path)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
