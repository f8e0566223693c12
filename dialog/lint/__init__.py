"""Lint of a playbook: what is allowed and yet most likely not meant. Pure; one kind of rule a module."""

from dialog.lint.check import all_findings, broken_rules
from dialog.lint.finding import Finding, Severity

__all__ = ["Finding", "Severity", "all_findings", "broken_rules"]
