"""Everything that may be said, with the place where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from dialog.playbook import Playbook
from dialog.schema.ask import Ask
from dialog.schema.flows import Act, HandOver, Step
from dialog.source import Loc, Source


@dataclass(frozen=True)
class Spoken:
    """One text that is said in one go."""

    source: Source
    loc: Loc
    text: str
    flow: str | None = None
    """The flow that says it, whose values it may use."""
    is_template: bool = True
    """Whether values are filled in."""


def spoken(playbook: Playbook) -> Iterator[Spoken]:
    """Prompts, consent, answers, articles, working prompts and flows."""
    yield from _of_head(playbook)
    yield from _of_files(playbook)
    for name, flow in playbook.flows.items():
        for step_name, step in flow.steps.items():
            for loc, text in _of_step(step):
                yield Spoken(playbook.sources.flows[name], (name, "steps", step_name, *loc), text, name)


def _of_head(playbook: Playbook) -> Iterator[Spoken]:
    source = playbook.sources.head
    for section, prompts in (("prompts", playbook.prompts), ("people", playbook.head.people)):
        for loc, text in _of_part((section,), prompts):
            yield Spoken(source, loc, text)
    for field in ("ask", "agreed", "refused"):
        consent = getattr(playbook.head.consent, field)
        if consent is not None:
            yield Spoken(source, ("consent", field), consent)


def _of_files(playbook: Playbook) -> Iterator[Spoken]:
    """Answers, which articles give word for word, and what is said while an action runs."""
    sources = playbook.sources
    for name, intent in playbook.intents.items():
        if intent.say is not None:
            yield Spoken(sources.intents, (name, "say"), intent.say)
    for name, article in playbook.articles.items():
        yield Spoken(sources.articles[name], ("spoken",), article.spoken, is_template=False)
    for name, spec in playbook.actions.items():
        for loc, text in _several((name, "working"), spec.working):
            yield Spoken(sources.actions, loc, text)
    for name, queue in playbook.queues.queues.items():
        if queue.introduction is not None and sources.queues is not None:
            place: Loc = ("queues", name, "introduction")
            yield Spoken(sources.queues, place, queue.introduction, is_template=False)


def _of_part(loc: Loc, part: BaseModel) -> Iterator[tuple[Loc, str]]:
    for field, value in part:
        match value:
            case BaseModel():
                yield from _of_part((*loc, field), value)
            case dict():
                yield from (((*loc, field, name), text) for name, text in value.items())
            case _:
                yield from _several((*loc, field), value)


def _several(loc: Loc, value: str | tuple[str, ...]) -> Iterator[tuple[Loc, str]]:
    if isinstance(value, str):
        yield loc, value
    else:
        yield from (((*loc, index), text) for index, text in enumerate(value))


def _of_step(step: Step) -> Iterator[tuple[Loc, str]]:
    if step.say is not None:
        yield ("say",), step.say
    if step.ask is not None:
        yield from _of_ask(step.ask)
    if step.act is not None:
        yield from _of_act(step.act)
    if step.choose is not None:
        yield from ((("choose", "say", value), text) for value, text in step.choose.say.items())
        if step.choose.otherwise is not None:
            yield ("choose", "otherwise"), step.choose.otherwise
    for index, case in enumerate(step.branch or ()):
        if case.say is not None:
            yield ("branch", index, "say"), case.say
    if step.hand_over is not None:
        yield from _of_hand_over(step.hand_over)


def _of_hand_over(step: HandOver) -> Iterator[tuple[Loc, str]]:
    if step.say is not None:
        yield ("hand_over", "say"), step.say
    if step.question is not None:
        yield ("hand_over", "question"), step.question


def _of_ask(ask: Ask) -> Iterator[tuple[Loc, str]]:
    yield ("ask", "say"), ask.say
    if ask.short is not None:
        yield ("ask", "short"), ask.short
    if ask.read_back is not None:
        yield ("ask", "read_back"), ask.read_back
    yield from _several(("ask", "retry"), ask.retry)
    yield from _several(("ask", "silence"), ask.silence)


def _of_act(act: Act) -> Iterator[tuple[Loc, str]]:
    if act.confirm is not None:
        yield ("act", "confirm"), act.confirm
    if act.declined is not None:
        yield ("act", "declined", "say"), act.declined.say
    if act.otherwise_say is not None:
        yield ("act", "otherwise_say"), act.otherwise_say
    yield from ((("act", "failed", failure, "say"), rule.say) for failure, rule in act.failed.items())
