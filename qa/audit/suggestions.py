"""Suggested intents, ready to be pasted into a playbook's `intents.yaml`."""

import yaml

from qa.audit.report import Audit, Category

NEEDED = 3
"""Examples that an intent must have."""


def suggested(audit: Audit) -> str:
    """The wishes of an audit as YAML. Whether an intent leads to a flow or to a sentence is for people to write."""
    parts = [_intent(one) for one in audit.wishes]
    return "\n".join(part for part in parts if part)


def _intent(category: Category) -> str:
    """Examples that hold a number or an address are no examples: callers say others."""
    examples = [one for one in category.examples if "[" not in one]
    if len(examples) < NEEDED:
        return ""
    document = {category.name: {"flow": category.name, "examples": examples}}
    if category.information_only >= 0.5:
        document = {category.name: {"say": "WRITE THE ANSWER HERE", "examples": examples}}
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)
    return f"# {category.volume} tickets, {category.information_only:.0%} answerable by information alone\n{text}"
