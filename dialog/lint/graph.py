"""Where the steps of a flow lead: what the dialog may do, as a graph."""

from collections.abc import Iterator

from dialog.playbook import Playbook
from dialog.schema.ask import Ask
from dialog.schema.flows import END, TARGETS, Act, Flow, Step


def following(flow: Flow, name: str) -> frozenset[str]:
    """The steps, flows and ends that may come straight after a step."""
    step = flow.steps[name]
    return frozenset(_following(step, step.go or _next(flow, name)))


def reached_steps(flow: Flow) -> frozenset[str]:
    """The steps that can be reached from the first."""
    reached: set[str] = set()
    waiting = [next(iter(flow.steps))]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [target for target in following(flow, name) if target in flow.steps]
    return frozenset(reached)


def led_to(flow: Flow) -> frozenset[str]:
    """The other flows to which the reachable steps of a flow lead."""
    targets = {target for name in reached_steps(flow) for target in following(flow, name)}
    return frozenset(targets - set(flow.steps) - TARGETS)


def reached_flows(playbook: Playbook) -> frozenset[str]:
    """The flows in which a caller may find themselves."""
    reached: set[str] = set()
    waiting = list(_roots(playbook))
    while waiting:
        name = waiting.pop()
        if name in playbook.flows and name not in reached:
            reached.add(name)
            waiting += led_to(playbook.flows[name])
    return frozenset(reached)


def waits(step: Step) -> bool:
    """Whether a step waits for the caller, for an action or for a person."""
    return any(one is not None for one in (step.ask, step.act, step.identify, step.hand_over))


def _roots(playbook: Playbook) -> Iterator[str]:
    head, identity = playbook.head, playbook.identity
    yield from (head.person_flow, head.last_resort_flow, head.busy_flow)
    yield from playbook.escalation.tasks
    if head.voicemail_flow is not None:
        yield head.voicemail_flow
    yield from (intent.flow for intent in playbook.intents.values() if intent.flow is not None)
    yield from (level.flow for level in identity.levels.values())
    if identity.locked_flow is not None:
        yield identity.locked_flow


def _next(flow: Flow, name: str) -> str:
    names = list(flow.steps)
    index = names.index(name) + 1
    return names[index] if index < len(names) else END


def _following(step: Step, onward: str) -> Iterator[str]:
    if step.hand_over is not None and step.hand_over.kind != "consult":
        return
    if step.ask is not None:
        yield from _after_ask(step.ask, onward)
    elif step.act is not None:
        yield from _after_act(step.act, onward)
    elif step.branch is not None:
        yield from (case.go for case in step.branch)
        if all(case.when.strip() != "true" for case in step.branch):
            yield onward
    else:
        yield onward


def _after_ask(ask: Ask, onward: str) -> Iterator[str]:
    yield from ask.instead or ()
    if ask.yes_no:
        yield from (target for target in (ask.yes, ask.no) if target is not None)
    if not ask.yes_no or ask.skip_without is not None or ask.skip_if is not None:
        yield onward


def _after_act(act: Act, onward: str) -> Iterator[str]:
    yield onward
    yield from (rule.go for rule in act.failed.values())
    if act.exhausted is not None:
        yield act.exhausted
    if act.declined is not None:
        yield act.declined.go
    if act.skip_without is not None:
        yield END
