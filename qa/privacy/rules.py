"""Reads `privacy.yaml` in the playbook's folder."""

from pathlib import Path

from dialog.privacy import Keep, PrivacyRules
from dialog.source import read_yaml

__all__ = ["Keep", "PrivacyRules", "read_rules"]

FILE = "privacy.yaml"


def read_rules(folder: Path) -> PrivacyRules:
    """The rules of the playbook in `folder`.

    Raises:
        PlaybookError: the file breaks a rule; names file, line, field and rule.
    """
    path = folder / FILE
    return read_yaml(path).validate(PrivacyRules) if path.exists() else PrivacyRules()
