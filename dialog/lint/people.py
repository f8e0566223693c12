"""Whether a caller who wants a person can get to one, and is told how."""

import re
from collections.abc import Iterator

from dialog.lint.finding import Finding, found
from dialog.lint.graph import following, led_to, reached_steps
from dialog.playbook import Playbook
from dialog.schema.flows import Flow
from dialog.schema.intents import Command

NO_EXIT = "no-human-exit"
NO_QUEUE = "no-escalation-queue"
KEY = re.compile(r"\b(?:0|zero)\b", re.IGNORECASE)
TOLD_IN = ("opening", "no_match", "no_input")
"""Where callers are told what they may do."""


def people_findings(playbook: Playbook) -> Iterator[Finding]:
    """`no-human-exit` and `no-escalation-queue`."""
    yield from _ways(playbook)
    yield from _person_flow(playbook)
    yield from _queue(playbook)


def _ways(playbook: Playbook) -> Iterator[Finding]:
    head = playbook.sources.head
    if not playbook.head.person_words:
        text = "is empty: no word asks for a person, whatever else the sentence says"
        yield found(NO_EXIT, head, ("person_words",), text)
    if not any(_asks_for_person(playbook, name) for name in playbook.intents):
        text = "no intent has `command: person`: who asks for one in other words is not understood"
        yield found(NO_EXIT, playbook.sources.intents, (), text)
    if not _is_told(playbook):
        text = f"no prompt of {', '.join(TOLD_IN)} says how to reach a person: key 0, or one of person_words"
        yield found(NO_EXIT, head, ("prompts", "opening"), text)


def _asks_for_person(playbook: Playbook, name: str) -> bool:
    intent = playbook.intents[name]
    return intent.command is Command.PERSON or intent.flow == playbook.head.person_flow


def _is_told(playbook: Playbook) -> bool:
    texts = " ".join(text for field in TOLD_IN for text in getattr(playbook.prompts, field))
    words = [re.escape(word) for word in playbook.head.person_words]
    named = bool(words) and re.search(rf"\b(?:{'|'.join(words)})s?\b", texts, re.IGNORECASE) is not None
    return named or KEY.search(texts) is not None


def _person_flow(playbook: Playbook) -> Iterator[Finding]:
    """The flow for callers who want a person must do something for them: hand over, or write something down."""
    name = playbook.head.person_flow
    if name in playbook.flows and not _serves(playbook, name, frozenset()):
        text = "neither hands the caller over nor notes anything: whoever wants a person gets words only"
        yield found(NO_EXIT, playbook.sources.flows[name], (name,), text)


def _serves(playbook: Playbook, name: str, seen: frozenset[str]) -> bool:
    flow = playbook.flows.get(name)
    if flow is None or name in seen:
        return False
    return _does(playbook, flow) or any(_serves(playbook, other, seen | {name}) for other in led_to(flow))


def _does(playbook: Playbook, flow: Flow) -> bool:
    for name in reached_steps(flow):
        step = flow.steps[name]
        if step.hand_over is not None and not following(flow, name):
            return True
        spec = playbook.actions.get(step.act.action) if step.act is not None else None
        if spec is not None and not spec.reads:
            return True
    return False


def _queue(playbook: Playbook) -> Iterator[Finding]:
    sources = playbook.sources
    if not playbook.queues.queues:
        text = "the playbook has no queue in queues.yaml: nobody can be rung"
        yield found(NO_QUEUE, sources.queues or sources.head, (), text)
    elif playbook.escalation.default_queue is None:
        text = "default_queue is missing in escalation.yaml: who asks for a person is in no queue"
        yield found(NO_QUEUE, sources.escalation or sources.head, (), text)
