"""All rules over one playbook."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dialog.encoder import Encoder
from dialog.lint.actions import action_findings
from dialog.lint.articles import article_findings, dated_findings
from dialog.lint.finding import Finding, Severity
from dialog.lint.flows import flow_findings
from dialog.lint.intents import alike_findings, example_findings
from dialog.lint.people import people_findings
from dialog.lint.sentences import sentence_findings
from dialog.playbook import Playbook

PLACED = re.compile(r"(?P<path>.+?):(?P<line>\d+): (?P<rest>.*)", re.DOTALL)
FIELD = re.compile(r"(?P<field>[\w.]+): (?P<text>.*)", re.DOTALL)
BROKEN = "broken-rule"
UNKNOWN_FILTER = "unknown-template-filter"


def all_findings(playbook: Playbook, today: date, encoder: Encoder | None) -> tuple[Finding, ...]:
    """What the rules find, by file and line. Without an encoder, nothing that depends on meaning is looked at."""
    findings = [
        *flow_findings(playbook),
        *action_findings(playbook),
        *people_findings(playbook),
        *sentence_findings(playbook),
        *example_findings(playbook),
    ]
    if encoder is None:
        findings += dated_findings(playbook, today)
    else:
        findings += [*article_findings(playbook, today, encoder), *alike_findings(playbook, encoder)]
    return tuple(sorted(findings, key=lambda one: (str(one.path), one.line, one.rule)))


def broken_rules(problems: Sequence[str], folder: Path) -> tuple[Finding, ...]:
    """The problems of a `PlaybookError` as findings."""
    return tuple(_broken(problem, folder) for problem in problems)


def _broken(problem: str, folder: Path) -> Finding:
    placed = PLACED.fullmatch(problem)
    if placed is None:
        return Finding(BROKEN, Severity.ERROR, folder, 1, "", problem)
    told = FIELD.fullmatch(placed["rest"])
    field, text = (told["field"], told["text"]) if told is not None else ("", placed["rest"])
    rule = UNKNOWN_FILTER if "No filter named" in text else BROKEN
    return Finding(rule, Severity.ERROR, Path(placed["path"]), int(placed["line"]), field, text)
