"""A copy of the starter, in which a test breaks one thing."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from dialog.lint import all_findings
from dialog.load import load_playbook

STARTER = Path(__file__).parents[3] / "playbooks" / "starter"
TODAY = date(2026, 2, 1)


class Folder:
    """A playbook that can be edited and looked at."""

    def __init__(self, path):
        self.path = path

    def replace(self, name, old, new):
        file = self.path / name
        text = file.read_text()
        assert old in text, f"{name} has no {old!r}"
        file.write_text(text.replace(old, new, 1))

    def add(self, name, text):
        file = self.path / name
        file.write_text((file.read_text() if file.exists() else "") + text)

    def findings(self, encoder=None, today=TODAY):
        return all_findings(load_playbook(self.path), today, encoder)

    def rules(self, encoder=None, today=TODAY):
        return {finding.rule for finding in self.findings(encoder, today)}

    def only(self, rule, encoder=None, today=TODAY):
        """The one finding of a rule."""
        (finding,) = [one for one in self.findings(encoder, today) if one.rule == rule]
        return finding

    def line_of(self, name, text):
        """The first line that has it, counted from 1."""
        lines = (self.path / name).read_text().splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)


@pytest.fixture
def folder(tmp_path):
    return Folder(shutil.copytree(STARTER, tmp_path / "mine"))
