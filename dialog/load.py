"""From a folder to a playbook that can be used."""

from collections.abc import Sequence
from pathlib import Path

from dialog.checks import problems_of
from dialog.playbook import Playbook, read_playbook
from dialog.source import PlaybookError


def load_playbook(folder: Path) -> Playbook:
    """Read the playbook in `folder` and check it.

    Raises:
        PlaybookError: a file is missing or breaks a rule; names each file, line, field and rule.
    """
    playbook = read_playbook(folder)
    refuse_if(list(problems_of(playbook)))
    return playbook


def refuse_if(problems: Sequence[str]) -> None:
    """Raise what is wrong, if anything is.

    Raises:
        PlaybookError: with all of `problems`.
    """
    if problems:
        raise PlaybookError(problems)
