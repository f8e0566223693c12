"""Reads the files of a playbook so that an error can name its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Loc = tuple[int | str, ...]
M = TypeVar("M", bound=BaseModel)
FENCE = "---"
QUICK: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml, where it is there: it reads what the loader in Python reads, and five times as fast."""


class PlaybookError(Exception):
    """A playbook breaks rules; each of `problems` names file, line, field and rule."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Source:
    """The data of one file and the line on which each part of it stands."""

    path: Path
    data: Any
    lines: dict[Loc, int]

    def problem(self, loc: Loc, rule: str) -> str:
        """An error text for the part at `loc`; the line is that of the nearest part that is there."""
        field = ".".join(map(str, loc))
        return f"{self.path}:{self._line(loc)}: {field + ': ' if field else ''}{rule}"

    def validate(self, model: type[M]) -> M:
        """The data as `model`.

        Raises:
            PlaybookError: it breaks the model's rules.
        """
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            problems = [
                self.problem(self._real(one["loc"]), one["msg"]) for one in error.errors(include_url=False)
            ]
            raise PlaybookError(problems) from None

    def _line(self, loc: Loc) -> int:
        return next((self.lines[loc[:end]] for end in range(len(loc), -1, -1) if loc[:end] in self.lines), 1)

    def _real(self, loc: Loc) -> Loc:
        """The place in the file: pydantic also names the branches of a union, which are not in it."""
        real: Loc = ()
        for index, part in enumerate(loc):
            if (*real, part) in self.lines or index == len(loc) - 1:
                real = (*real, part)
        return real


def read_yaml(path: Path) -> Source:
    """A YAML file.

    Raises:
        PlaybookError: it is missing, not UTF-8, or not YAML; or a key stands twice.
    """
    return _parse(path, _text(path), first_line=1)


def parse_yaml(path: Path, text: str) -> Source:
    """YAML that was not read from a file; errors name `path` all the same.

    Raises:
        PlaybookError: it is not YAML, or a key stands twice.
    """
    return _parse(path, text, first_line=1)


def read_article(path: Path) -> tuple[Source, str]:
    """The YAML between the two fences at the head of a Markdown file, and the Markdown behind it.

    Raises:
        PlaybookError: as `read_yaml`, or there are no fences.
    """
    lines = _text(path).splitlines()
    if lines[:1] != [FENCE] or FENCE not in lines[1:]:
        raise PlaybookError([f"{path}:1: must start with YAML between two lines of {FENCE}"])
    end = lines.index(FENCE, 1)
    return _parse(path, "\n".join(lines[1:end]), first_line=2), "\n".join(lines[end + 1 :]).strip()


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise PlaybookError([f"{path}:1: there is no such file"]) from None
    except UnicodeDecodeError:
        raise PlaybookError([f"{path}:1: must be UTF-8"]) from None


def _parse(path: Path, text: str, first_line: int) -> Source:
    try:
        node, data = _composed(text)
    except yaml.MarkedYAMLError as error:
        line = first_line + (error.problem_mark.line if error.problem_mark else 0)
        raise PlaybookError([f"{path}:{line}: is not YAML: {error.problem}"]) from None
    lines: dict[Loc, int] = {}
    twice: list[str] = []
    for loc, line in _places(node, ()):
        if loc in lines:
            twice.append(f"{path}:{first_line + line}: {'.'.join(map(str, loc))}: stands here twice")
        lines[loc] = first_line + line
    if twice:
        raise PlaybookError(twice)
    return Source(path, data, lines)


def _composed(text: str) -> tuple[yaml.Node | None, Any]:
    """The nodes of a text, which know their lines, and its data."""
    try:
        return yaml.compose(text, QUICK), yaml.load(text, QUICK)  # noqa: S506 - both loaders are safe
    except yaml.YAMLError:
        # In the words of the loader in Python, whichever there is.
        return yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)


def _places(node: yaml.Node | None, loc: Loc) -> Iterator[tuple[Loc, int]]:
    match node:
        case yaml.MappingNode():
            for key, value in node.value:
                yield (*loc, key.value), key.start_mark.line
                yield from _places(value, (*loc, key.value))
        case yaml.SequenceNode():
            for index, value in enumerate(node.value):
                yield (*loc, index), value.start_mark.line
                yield from _places(value, (*loc, index))
