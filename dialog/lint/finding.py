"""What a rule finds."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dialog.source import Loc, Source


class Severity(StrEnum):
    """How bad it is. Names never change meaning."""

    ERROR = "error"
    """The playbook cannot be used."""
    WARNING = "warning"
    """It can, and callers will notice."""
    NOTE = "note"
    """Worth knowing; changes no exit code."""


@dataclass(frozen=True)
class Finding:
    """One finding. `rule` is a stable code; `line` counts from 1."""

    rule: str
    severity: Severity
    path: Path
    line: int
    field: str
    text: str

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        return f"{self.path}:{self.line}: {field}{self.text} [{self.rule}]"

    @property
    def json(self) -> dict[str, object]:
        """As `warmline check --json` shows it."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "file": str(self.path),
            "line": self.line,
            "field": self.field,
            "text": self.text,
        }


def found(rule: str, source: Source, loc: Loc, text: str, severity: Severity = Severity.WARNING) -> Finding:
    """A finding at `loc`; the line is that of the nearest part that is there."""
    nearest = next((loc[:end] for end in range(len(loc), -1, -1) if loc[:end] in source.lines), None)
    line = source.lines[nearest] if nearest is not None else 1
    return Finding(rule, severity, source.path, line, ".".join(map(str, loc)), text)
