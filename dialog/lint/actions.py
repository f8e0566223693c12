"""Actions that no flow uses, and writes whose outcome nobody could tell."""

from collections.abc import Iterator

from actions.spec import ActionSpec
from dialog.lint.finding import Finding, found
from dialog.playbook import Playbook


def action_findings(playbook: Playbook) -> Iterator[Finding]:
    """`unused-action` and `write-without-lookup`."""
    source, used = playbook.sources.actions, _used(playbook)
    for name, spec in playbook.actions.items():
        if name not in used:
            yield found("unused-action", source, (name,), "no flow does this: use it or take it out")
        if not spec.reads and spec.lookup is None and name in used:
            text = (
                "after a time-out nobody can tell whether it had its effect, and it is not tried again: "
                "name a reading action as `lookup`"
            )
            yield found("write-without-lookup", source, (name,), text)


def _used(playbook: Playbook) -> frozenset[str]:
    acts = [step.act for flow in playbook.flows.values() for step in flow.steps.values() if step.act]
    names = {act.action for act in acts} | {act.undo.action for act in acts if act.undo is not None}
    specs: list[ActionSpec] = [spec for name, spec in playbook.actions.items() if name in names]
    return frozenset(names | {spec.lookup for spec in specs if spec.lookup is not None})
