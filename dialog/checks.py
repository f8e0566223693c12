"""Whether the files of a playbook fit together: every rule names file, line and field."""

from collections.abc import Iterable, Iterator, Mapping

from dialog import phrasing
from dialog.conditions import ConditionError
from dialog.conditions import names_in as names_in_condition
from dialog.playbook import Playbook
from dialog.schema import TARGETS, Act, Flow, Step
from dialog.source import Loc, Source
from dialog.texts import Spoken, spoken
from dialog.types import DialogState
from dialog.values import ATTEMPT, OF_THE_CALL, Values

GIVEN = OF_THE_CALL | {"reason", "queue"}
"""What templates and conditions may use besides the slots and results of their flow."""
TITLED = frozenset({("prompts", "back_to"), ("prompts", "also"), ("prompts", "doubt")})
"""Prompts that may name a flow's title."""
READ_BACK = ("ask", "read_back")
NOT_OF_THE_FLOW = "is neither a slot nor a result of this flow"
NOT_OF_THE_CALL = "has no value outside of flows"


def problems_of(playbook: Playbook) -> Iterator[str]:
    """Everything that keeps a playbook from being used."""
    yield from _head(playbook)
    yield from _intents(playbook)
    yield from _around(playbook)
    shared = _identity_names(playbook)
    yield from _said(playbook, shared)
    for name, flow in playbook.flows.items():
        yield from _flow(playbook, name, flow, GIVEN | shared | flow_names(flow))


def flow_names(flow: Flow) -> frozenset[str]:
    """The slots and results of a flow."""
    asked = {step.ask.slot for step in flow.steps.values() if step.ask is not None}
    return frozenset(asked | {step.act.save for step in flow.steps.values() if step.act is not None})


def targets(step: Step) -> Iterator[tuple[Loc, str]]:
    """Where a step may lead, with the place at which it says so."""
    places: dict[Loc, str | None] = {("go",): step.go}
    if step.ask is not None:
        places |= {("ask", "yes"): step.ask.yes, ("ask", "no"): step.ask.no}
        places |= {("ask", "instead", name): name for name in step.ask.instead or ()}
    for index, case in enumerate(step.branch or ()):
        places["branch", index, "go"] = case.go
    if step.act is not None:
        places |= {("act", "failed", failure, "go"): one.go for failure, one in step.act.failed.items()}
        places["act", "exhausted"] = step.act.exhausted
        places["act", "declined", "go"] = step.act.declined.go if step.act.declined is not None else None
    yield from ((place, target) for place, target in places.items() if target is not None)


def _identity_names(playbook: Playbook) -> frozenset[str]:
    """What the flows that identify callers leave behind for all others."""
    names: set[str] = set()
    for level in playbook.identity.levels.values():
        if level.flow in playbook.flows:
            names |= flow_names(playbook.flows[level.flow])
    return frozenset(names)


def _head(playbook: Playbook) -> Iterator[str]:
    source = playbook.sources.head
    for field in ("person_flow", "last_resort_flow", "busy_flow"):
        if getattr(playbook.head, field) not in playbook.flows:
            yield source.problem((field,), f"there is no flow {getattr(playbook.head, field)}")


def _said(playbook: Playbook, shared: frozenset[str]) -> Iterator[str]:
    """Every sentence must find its values; `shared` are those that identification leaves behind."""
    at_any_time = Values(playbook).of(DialogState(playbook=playbook.version, call_id="none"))
    for one in spoken(playbook):
        if not one.is_template:
            continue
        if one.flow is None:
            yield from _outside_of_flows(one, at_any_time)
            continue
        own = {ATTEMPT} if one.loc[-2:] == READ_BACK else set()
        known = GIVEN | shared | flow_names(playbook.flows[one.flow]) | own
        yield from _text(one.source, one.loc, one.text, known)


def _outside_of_flows(one: Spoken, values: Mapping[str, object]) -> Iterator[str]:
    """What may be said at any time is filled once, to see that it can be."""
    own = {"title": "your order"} if one.loc in TITLED else {}
    wrong = list(_text(one.source, one.loc, one.text, values.keys() | own.keys(), NOT_OF_THE_CALL))
    yield from wrong
    try:
        if not wrong:
            phrasing.fill(one.text, {**values, **own})
    except phrasing.TemplateError as error:
        yield one.source.problem(one.loc, str(error))


def _intents(playbook: Playbook) -> Iterator[str]:
    source = playbook.sources.intents
    for name, intent in playbook.intents.items():
        if intent.flow is not None and intent.flow not in playbook.flows:
            yield source.problem((name, "flow"), f"there is no flow {intent.flow}")
        if name in playbook.articles:
            yield source.problem((name,), f"is also the name of the article knowledge/{name}.md")


def _around(playbook: Playbook) -> Iterator[str]:
    """What identity, queues and escalation name must be there."""
    sources = playbook.sources
    if sources.identity is not None:
        yield from _identity(playbook, sources.identity)
    if sources.queues is not None:
        yield from _queues(playbook, sources.queues)
    if sources.escalation is not None:
        yield from _escalation(playbook, sources.escalation)


def _identity(playbook: Playbook, source: Source) -> Iterator[str]:
    for number, level in playbook.identity.levels.items():
        if level.flow not in playbook.flows:
            yield source.problem(("levels", number, "flow"), f"there is no flow {level.flow}")
    locked = playbook.identity.locked_flow
    if locked is not None and locked not in playbook.flows:
        yield source.problem(("locked_flow",), f"there is no flow {locked}")


def _queues(playbook: Playbook, source: Source) -> Iterator[str]:
    for name, queue in playbook.queues.queues.items():
        if queue.overflow == name:
            yield source.problem(("queues", name, "overflow"), "a queue cannot take over from itself")
        elif queue.overflow is not None and queue.overflow not in playbook.queues.queues:
            yield source.problem(("queues", name, "overflow"), f"there is no queue {queue.overflow}")
        twice = [address for address in dict.fromkeys(queue.targets) if queue.targets.count(address) > 1]
        for address in twice:
            yield source.problem(("queues", name, "targets"), f"{address} stands there more than once")


def _escalation(playbook: Playbook, source: Source) -> Iterator[str]:
    rules = playbook.escalation
    named: dict[Loc, str | None] = {
        ("default_queue",): rules.default_queue,
        ("danger_queue",): rules.danger_queue,
        **{("reserved", intent): queue for intent, queue in rules.reserved.items()},
    }
    for loc, queue in named.items():
        if queue is not None and queue not in playbook.queues.queues:
            yield source.problem(loc, f"there is no queue {queue}")
    for intent in rules.reserved:
        if intent not in playbook.intents:
            yield source.problem(("reserved", intent), "there is no such intent")


def _flow(playbook: Playbook, name: str, flow: Flow, known: frozenset[str]) -> Iterator[str]:
    source = playbook.sources.flows[name]
    for step_name, step in flow.steps.items():
        loc: Loc = (name, "steps", step_name)
        for place, target in targets(step):
            if target not in flow.steps and target not in playbook.flows and target not in TARGETS:
                yield source.problem((*loc, *place), f"there is no step or flow {target}")
        if step.hand_over is not None:
            yield from _text(source, (*loc, "hand_over", "reason"), step.hand_over.reason, known)
        yield from _conditions(source, loc, step, known)
        yield from _references(playbook, source, loc, step, known)
        yield from _heard(source, loc, step, flow)
        if step.act is not None:
            yield from _act(playbook, source, loc, step.act, known)


def _conditions(source: Source, loc: Loc, step: Step, known: frozenset[str]) -> Iterator[str]:
    conditions: list[tuple[Loc, str]] = [
        (("branch", index, "when"), case.when) for index, case in enumerate(step.branch or ())
    ]
    if step.ask is not None and step.ask.skip_if is not None:
        conditions.append((("ask", "skip_if"), step.ask.skip_if))
    for place, condition in conditions:
        try:
            unknown = names_in_condition(condition) - known
        except ConditionError as error:
            yield source.problem((*loc, *place), str(error))
            continue
        for name in sorted(unknown):
            yield source.problem((*loc, *place), f"uses {name}, which is no slot or result of this flow")


def _references(
    playbook: Playbook, source: Source, loc: Loc, step: Step, known: frozenset[str]
) -> Iterator[str]:
    if step.choose is not None and step.choose.by.split(".")[0] not in known:
        yield source.problem((*loc, "choose", "by"), "names no slot or result of this flow")
    if step.identify is not None and step.identify not in playbook.identity.levels:
        yield source.problem((*loc, "identify"), f"identity.yaml has no level {step.identify}")
    if step.hand_over is not None and step.hand_over.queue not in playbook.queues.queues:
        yield source.problem((*loc, "hand_over", "queue"), f"there is no queue {step.hand_over.queue}")


def _heard(source: Source, loc: Loc, step: Step, flow: Flow) -> Iterator[str]:
    asked = {one.ask.slot for one in flow.steps.values() if one.ask is not None}
    for name, slot in (step.act.heard if step.act is not None else {}).items():
        if slot not in asked:
            yield source.problem((*loc, "act", "heard", name), f"no question of this flow asks for {slot}")


def _act(playbook: Playbook, source: Source, loc: Loc, act: Act, known: frozenset[str]) -> Iterator[str]:
    for place, name in ((("act", "action"), act.action), *_undo_action(act)):
        if name not in playbook.actions:
            yield source.problem((*loc, *place), "is not among the actions of actions.yaml")
    for text in (*act.arguments.values(), *(act.undo.arguments.values() if act.undo is not None else ())):
        yield from _text(source, loc, text, known)
    spec = playbook.actions.get(act.action)
    if spec is None:
        return
    if spec.needs_confirmation and act.confirm is None:
        yield source.problem(
            (*loc, "act", "confirm"),
            f"is missing: {act.action} needs the caller's agreement to what is read back",
        )
    if spec.identity > 0 and not any(level >= spec.identity for level in playbook.identity.levels):
        yield source.problem(
            (*loc, "act", "action"),
            f"needs identity level {spec.identity}, which identity.yaml does not have",
        )


def _undo_action(act: Act) -> Iterator[tuple[Loc, str]]:
    if act.undo is not None:
        yield ("act", "undo", "action"), act.undo.action


def _text(
    source: Source, loc: Loc, text: str, known: Iterable[str], rule: str = NOT_OF_THE_FLOW
) -> Iterator[str]:
    try:
        unknown = phrasing.names_in(text) - set(known)
    except phrasing.TemplateError as error:
        yield source.problem(loc, str(error))
        return
    for name in sorted(unknown):
        yield source.problem(loc, f"uses {name}, which {rule}")
