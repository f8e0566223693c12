"""Reads a form from YAML, with errors that name file and line as those of playbooks do."""

from pathlib import Path

from dialog.source import PlaybookError, Source, parse_yaml, read_yaml
from qa.scorecards.form import Form

STARTER = Path(__file__).with_name("starter.yaml")
OWN = "scorecard.yaml"
"""In a playbook's folder: the company's own."""

__all__ = ["OWN", "STARTER", "PlaybookError", "form_of", "read_form", "read_text"]


def form_of(folder: Path) -> Form:
    """The form of the playbook in `folder`: its own, else the starter card.

    Raises:
        PlaybookError: it breaks a rule; names file, line, field and rule.
    """
    own = folder / OWN
    return read_form(own if own.exists() else STARTER)


def read_form(path: Path) -> Form:
    """The form of a file.

    Raises:
        PlaybookError: it is missing or breaks a rule; names file, line, field and rule.
    """
    return _form(read_yaml(path))


def read_text(text: str) -> Form:
    """The form of a text that somebody has written on a page.

    Raises:
        PlaybookError: it breaks a rule; names line, field and rule.
    """
    return _form(parse_yaml(Path(OWN), text))


def _form(source: Source) -> Form:
    return source.validate(Form)
