"""Whether the files of a playbook fit together: every rule names file, line and field."""

import wave
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dialog import phrasing
from dialog.conditions import ConditionError
from dialog.conditions import names_in as names_in_condition
from dialog.grammar.kinds import SlotKind
from dialog.playbook import Playbook
from dialog.schema.flows import TARGETS, Act, Flow, Step
from dialog.source import Loc, Source
from dialog.texts import Spoken, spoken
from dialog.types import DialogState
from dialog.values import ATTEMPT, OF_THE_CALL, Values

GIVEN = OF_THE_CALL | {"reason", "queue"}
"""What templates and conditions may use besides the slots and results of their flow."""
TITLED = frozenset({("prompts", "back_to"), ("prompts", "also"), ("prompts", "doubt")})
"""Prompts that may name a flow's title."""
OWN: Mapping[str, object] = {"queue": "our support team", "title": "your order", "position": 2, "minutes": 3}
"""What sentences around a hand-over may use besides; the values are only to see that they can be filled."""
QUEUED = frozenset({"getting", "telling", "putting_through", "consulting"})
OUTSIDE_OF_CALLS = frozenset({("people", "calling_back")})
"""Sentences that are said where there is no dialog: they know the brand, and nothing else."""
LOWEST_RATE, HIGHEST_RATE = 8_000, 48_000
SHORTEST_MUSIC_S, LONGEST_MUSIC_S = 1.0, 600.0
READ_BACK = ("ask", "read_back")
NOT_OF_THE_FLOW = "is neither a slot nor a result of this flow"
NOT_OF_THE_CALL = "has no value outside of flows"


def problems_of(playbook: Playbook) -> Iterator[str]:
    """Everything that keeps a playbook from being used."""
    yield from _head(playbook)
    yield from _intents(playbook)
    yield from _around(playbook)
    yield from _actions(playbook)
    shared = _identity_names(playbook)
    yield from _said(playbook, shared)
    for name, flow in playbook.flows.items():
        yield from _flow(playbook, name, flow, GIVEN | shared | flow_names(flow))


def flow_names(flow: Flow) -> frozenset[str]:
    """The slots and results of a flow."""
    asked = {step.ask.slot for step in flow.steps.values() if step.ask is not None}
    done = {step.act.save for step in flow.steps.values() if step.act is not None}
    handed = (step.hand_over for step in flow.steps.values())
    return frozenset(asked | done | {one.save for one in handed if one is not None and one.save is not None})


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
    for field in ("person_flow", "last_resort_flow", "busy_flow", "voicemail_flow"):
        flow = getattr(playbook.head, field)
        if flow is not None and flow not in playbook.flows:
            yield source.problem((field,), f"there is no flow {flow}")
    yield from _voicemail(playbook)


def _voicemail(playbook: Playbook) -> Iterator[str]:
    flow = playbook.flows.get(playbook.head.voicemail_flow or "")
    if flow is None:
        return
    asks = (step.ask for step in flow.steps.values())
    if not any(ask is not None and ask.wants is SlotKind.TEXT for ask in asks):
        text = "needs a flow with a question of kind text: the message"
        yield playbook.sources.head.problem(("voicemail_flow",), text)


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
    own = _own_values(one.loc)
    if one.loc in OUTSIDE_OF_CALLS:
        values = {name: value for name, value in values.items() if name == "brand"}
    wrong = list(_text(one.source, one.loc, one.text, values.keys() | own.keys(), NOT_OF_THE_CALL))
    yield from wrong
    try:
        if not wrong:
            phrasing.fill(one.text, {**values, **own})
    except phrasing.TemplateError as error:
        yield one.source.problem(one.loc, str(error))


def _own_values(loc: Loc) -> dict[str, object]:
    """What a sentence outside of flows may use that only it has."""
    if loc in TITLED:
        return {"title": OWN["title"]}
    if loc[:2] == ("people", "hold"):
        return {name: OWN[name] for name in ("position", "minutes")}
    if loc[:1] == ("people",) and loc[1] in QUEUED:
        return {name: OWN[name] for name in ("queue", "title")}
    return {}


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

    music = playbook.queues.hold_music
    wrong = wav_problem(playbook.folder / music) if music is not None else None
    if wrong is not None:
        yield source.problem(("hold_music",), wrong)


def wav_problem(path: Path) -> str | None:
    """Why a file cannot be hold music; None where it can."""
    try:
        with wave.open(str(path)) as file:
            rate, channels, frames = file.getframerate(), file.getnchannels(), file.getnframes()
    except FileNotFoundError:
        return f"there is no file {path.name} in the playbook's folder"
    except (OSError, EOFError, wave.Error):
        return f"{path.name} is not a WAV file (PCM)"
    if not LOWEST_RATE <= rate <= HIGHEST_RATE or channels > 2:
        return f"{path.name} must be mono or stereo, with {LOWEST_RATE} to {HIGHEST_RATE} samples a second"
    seconds = frames / rate
    if not SHORTEST_MUSIC_S <= seconds <= LONGEST_MUSIC_S:
        least, most = f"{SHORTEST_MUSIC_S:.0f}", f"{LONGEST_MUSIC_S:.0f}"
        return f"{path.name} lasts {seconds:.1f} s; it must last {least} to {most} s"
    return None


def _actions(playbook: Playbook) -> Iterator[str]:
    """What humans are told of actions must be templates; which values there will be nobody knows yet."""
    for name, spec in playbook.actions.items():
        for field in ("done", "failed") if spec.briefing is not None else ():
            try:
                phrasing.names_in(getattr(spec.briefing, field))
            except phrasing.TemplateError as error:
                yield playbook.sources.actions.problem((name, "briefing", field), str(error))


def _escalation(playbook: Playbook, source: Source) -> Iterator[str]:
    rules = playbook.escalation
    named: dict[Loc, str | None] = {
        ("default_queue",): rules.default_queue,
        ("danger_queue",): rules.danger_queue,
        **{("reserved", intent): queue for intent, queue in rules.reserved.items()},
        **{("queues", topic): queue for topic, queue in rules.queues.items()},
    }
    for loc, queue in named.items():
        if queue is not None and queue not in playbook.queues.queues:
            yield source.problem(loc, f"there is no queue {queue}")
    for intent in rules.reserved:
        if intent not in playbook.intents:
            yield source.problem(("reserved", intent), "there is no such intent")
    for topic in rules.queues:
        if topic not in playbook.intents and topic not in playbook.articles:
            yield source.problem(("queues", topic), "there is no such intent or article")
    for index, task in enumerate(rules.tasks):
        if task not in playbook.flows:
            yield source.problem(("tasks", index), f"there is no flow {task}")


def _flow(playbook: Playbook, name: str, flow: Flow, known: frozenset[str]) -> Iterator[str]:
    source = playbook.sources.flows[name]
    for index, text in enumerate(flow.wants or ()):
        yield from _text(source, (name, "wants", index), text, known)
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
