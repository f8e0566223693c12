"""What `warmline check` does, and where a playbook is."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from actions.check import check as check_actions
from actions.registry import Registry
from authoring.text_actions import known_actions
from dialog.encoder import Encoder
from dialog.lint import Finding, Severity, all_findings, broken_rules
from dialog.lint.finding import found
from dialog.load import load_playbook
from dialog.playbook import Playbook
from dialog.source import PlaybookError
from models.catalogue import load_catalogue
from models.embedder import Embedder
from models.errors import ModelFault, ModelFileError
from models.prepare import ready_dir
from settings import PlaybookSettings

MINILM = "minilm-l6"
STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
MISSING_VARIABLE = re.compile(r"the environment has no \w+")
BROKEN, WARNED = 1, 2
"""Exit codes of `warmline check`."""


def playbook_folder(given: Path | None) -> Path:
    """The folder that was given, or the one of the settings.

    Raises:
        SettingsError: the settings name none.
    """
    return given if given is not None else PlaybookSettings.load().warmline_playbook


def ready_encoder() -> Encoder | None:
    """The model for sentences; None where the models are not prepared.

    Raises:
        ModelFileError: its files are not as catalogued.
    """
    try:
        return Embedder(ready_dir(load_catalogue().named(MINILM)))
    except ModelFileError as error:
        if error.fault is ModelFault.NOT_PREPARED:
            return None
        raise


def check_playbook(
    folder: Path,
    console: Console,
    today: date,
    encoder: Encoder | None,
    *,
    json_lines: bool = False,
    strict: bool = False,
) -> int:
    """Print what is wrong with a playbook, one finding a line. Returns the exit code: 0, 1 or, if `strict`, 2."""
    findings = findings_of(folder, today, encoder)
    for finding in findings:
        _print(console, finding, json_lines=json_lines)
    if not json_lines:
        if encoder is None:
            console.print(
                Text("Not looked at: intents too alike, articles that clash. Run: warmline models prepare")
            )
        console.print(Text(_summary(folder, findings)), soft_wrap=True)
    severities = {finding.severity for finding in findings}
    if Severity.ERROR in severities:
        return BROKEN
    return WARNED if strict and Severity.WARNING in severities else 0


def findings_of(folder: Path, today: date, encoder: Encoder | None) -> tuple[Finding, ...]:
    """All findings: the rules that are broken, or else what the playbook's lint and that of its actions find."""
    try:
        playbook = load_playbook(folder)
    except PlaybookError as error:
        return broken_rules(error.problems, folder)
    return (*declared(playbook, known_actions()), *all_findings(playbook, today, encoder))


def declared(playbook: Playbook, registry: Registry) -> list[Finding]:
    """What is wrong with actions: `broken-action`, and `missing-variable` where only this machine lacks it."""
    findings = []
    for problem in check_actions(playbook.actions, registry, folder=playbook.folder):
        name, _, text = problem.partition(": ")
        missing = MISSING_VARIABLE.fullmatch(text) is not None
        rule, severity = (
            ("missing-variable", Severity.WARNING) if missing else ("broken-action", Severity.ERROR)
        )
        findings.append(found(rule, playbook.sources.actions, (name,), text, severity))
    return findings


def _print(console: Console, finding: Finding, *, json_lines: bool) -> None:
    if json_lines:
        # As is: no wrapping, markup or colour in what programs read.
        console.out(json.dumps(finding.json), highlight=False)
        return
    style = STYLES[finding.severity]
    console.print(Text.assemble((finding.severity.value, style), f" {finding}"), soft_wrap=True)


def _summary(folder: Path, findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    told = [f"{counts[one]} {one.value}{'s' if counts[one] != 1 else ''}" for one in Severity if counts[one]]
    return f"{folder}: {', '.join(told)}." if told else f"{folder}: nothing to mend."
