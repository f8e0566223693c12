"""Flows and steps that nobody comes to, and steps that go round without ever waiting."""

from collections.abc import Iterator

from dialog.lint.finding import Finding, Severity, found
from dialog.lint.graph import following, reached_flows, reached_steps, waits
from dialog.playbook import Playbook
from dialog.schema.flows import Flow


def flow_findings(playbook: Playbook) -> Iterator[Finding]:
    """`unused-flow`, `unreachable-step` and `endless-circle`."""
    used = reached_flows(playbook)
    for name, flow in playbook.flows.items():
        source = playbook.sources.flows[name]
        if name not in used:
            text = "no intent, setting or flow leads here: use it or take it out"
            yield found("unused-flow", source, (name,), text)
        reached = reached_steps(flow)
        for step in flow.steps:
            if step not in reached:
                text = "no way through this flow comes here: give it a `go`, or take it out"
                yield found("unreachable-step", source, (name, "steps", step), text)
        circle = _circle(flow)
        if circle is not None:
            text = f"goes round without waiting for the caller: {' → '.join((*circle, circle[0]))}"
            yield found("endless-circle", source, (name, "steps", circle[0]), text, Severity.WARNING)


def _circle(flow: Flow) -> tuple[str, ...] | None:
    """The steps of a circle in which none waits; values do not change there, so it is never left."""
    for start in flow.steps:
        path = _way_back(flow, start, start, ())
        if path is not None:
            return path
    return None


def _way_back(flow: Flow, name: str, start: str, before: tuple[str, ...]) -> tuple[str, ...] | None:
    if name in before or waits(flow.steps[name]):
        return None
    path = (*before, name)
    for target in sorted(following(flow, name)):
        if target == start:
            return path
        found_path = _way_back(flow, target, start, path) if target in flow.steps else None
        if found_path is not None:
            return found_path
    return None
