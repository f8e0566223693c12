"""The playbook: one company as data, read from a folder and checked before the first call."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import RootModel

from actions.registry import Registry, UnknownActionError
from dialog import phrasing
from dialog.schema import (
    TARGETS,
    Article,
    Ask,
    Intent,
    Name,
    OutOfScope,
    PlaybookFile,
    Prompts,
    Step,
)
from dialog.source import PlaybookError, Source, read_front_matter, read_yaml

OUT_OF_SCOPE = "out_of_scope"
GIVEN = frozenset({"caller_number", "call_id", "brand", "reason"})
"""What templates may use besides the slots and results of their flow."""

Flow = Mapping[str, Step]
"""Steps by name, in their order."""


class IntentsFile(RootModel[dict[Name, OutOfScope | Intent]]):
    """`intents.yaml`."""


class FlowsFile(RootModel[dict[Name, dict[Name, Step]]]):
    """`flows.yaml`."""


@dataclass(frozen=True)
class Playbook:
    """A checked playbook."""

    head: PlaybookFile
    version: str
    """Name and hash of the content: `acme@1f2e3d4c5b6a`."""
    intents: Mapping[str, Intent]
    out_of_scope: tuple[str, ...]
    articles: Mapping[str, Article]
    """By file name without its ending, which is also the name of the intent."""
    flows: Mapping[str, Flow]

    @property
    def prompts(self) -> Prompts:
        """What we say outside of flows."""
        return self.head.prompts

    def examples(self) -> dict[str, tuple[str, ...]]:
        """How callers say what they want, by intent, articles included."""
        intents = {name: intent.examples for name, intent in self.intents.items()}
        return intents | {name: article.questions for name, article in self.articles.items()}

    def templates(self) -> Iterator[str]:
        """Everything that may be said."""
        for value in self.prompts.model_dump().values():
            yield from (value,) if isinstance(value, str) else value
        yield from (intent.say for intent in self.intents.values() if intent.say)
        yield from (article.spoken for article in self.articles.values())
        for flow in self.flows.values():
            for step in flow.values():
                yield from _said_by(step)


def load_playbook(folder: Path) -> Playbook:
    """Read and check the playbook in `folder`.

    Raises:
        PlaybookError: a file is missing or breaks a rule; names each file, line, field and rule.
    """
    head_source, intents_source, flows_source = (
        read_yaml(folder / name) for name in ("playbook.yaml", "intents.yaml", "flows.yaml")
    )
    article_sources = {path.stem: read_front_matter(path) for path in sorted(folder.glob("knowledge/*.md"))}
    head = head_source.validate(PlaybookFile)
    declared = intents_source.validate(IntentsFile).root
    flows = flows_source.validate(FlowsFile).root
    articles = {name: source.validate(Article) for name, source in article_sources.items()}
    silent = declared.pop(OUT_OF_SCOPE, None)
    intents = {name: intent for name, intent in declared.items() if isinstance(intent, Intent)}
    problems = [
        *_check_head(head_source, head, flows),
        *_check_intents(intents_source, declared, flows, articles),
        *_check_flows(flows_source, flows, head),
    ]
    if silent is None:
        problems.append(intents_source.problem((OUT_OF_SCOPE,), "is missing: what we do not answer"))
    if problems:
        raise PlaybookError(problems)
    return Playbook(
        head=head,
        version=f"{head.name}@{_content_hash(folder)}",
        intents=intents,
        out_of_scope=silent.examples if silent is not None else (),
        articles=articles,
        flows=flows,
    )


def check_actions(playbook: Playbook, registry: Registry) -> None:
    """Refuse a playbook that allows actions which nobody can do.

    Raises:
        PlaybookError: names each of them.
    """
    problems = []
    for name in playbook.head.actions:
        try:
            registry.action(name)
        except UnknownActionError as error:
            problems.append(f"playbook.yaml: actions: {error}")
    if problems:
        raise PlaybookError(problems)


def _check_head(source: Source, head: PlaybookFile, flows: Mapping[str, Flow]) -> Iterator[str]:
    for field in ("person_flow", "last_resort_flow", "busy_flow"):
        if getattr(head, field) not in flows:
            yield source.problem((field,), f"there is no flow {getattr(head, field)}")
    for field, value in head.prompts:
        for text in (value,) if isinstance(value, str) else value:
            yield from _check_text(source, ("prompts", field), text, frozenset({"brand"}))


def _check_intents(
    source: Source, intents: Mapping[str, object], flows: Mapping[str, Flow], articles: Mapping[str, Article]
) -> Iterator[str]:
    for name, intent in intents.items():
        if not isinstance(intent, Intent):
            yield source.problem((name,), "needs exactly one of flow, command and say")
        elif intent.flow is not None and intent.flow not in flows:
            yield source.problem((name, "flow"), f"there is no flow {intent.flow}")
        if name in articles:
            yield source.problem((name,), f"is also the name of the article knowledge/{name}.md")


def _check_flows(source: Source, flows: Mapping[str, Flow], head: PlaybookFile) -> Iterator[str]:
    for flow_name, flow in flows.items():
        if not flow:
            yield source.problem((flow_name,), "needs at least one step")
        known = (
            GIVEN | {one.slot for one in _asks(flow)} | {step.act.save for step in flow.values() if step.act}
        )
        for step_name, step in flow.items():
            loc = (flow_name, step_name)
            for place, target in _targets(step):
                if target not in flow and target not in flows and target not in TARGETS:
                    yield source.problem((*loc, *place), f"there is no step or flow {target}")
            if step.act is not None and step.act.action not in head.actions:
                yield source.problem((*loc, "act", "action"), "is not among the actions of playbook.yaml")
            for text in (*_said_by(step), *(step.act.arguments.values() if step.act else ())):
                yield from _check_text(source, loc, text, known)
            if step.choose is not None and step.choose.by.split(".")[0] not in known:
                yield source.problem((*loc, "choose", "by"), "names no slot or result of this flow")


def _check_text(source: Source, loc: tuple[str, ...], text: str, known: Iterable[str]) -> Iterator[str]:
    try:
        unknown = phrasing.names_in(text) - set(known)
    except phrasing.TemplateError as error:
        yield source.problem(loc, str(error))
        return
    for name in sorted(unknown):
        yield source.problem(loc, f"uses {name}, which is neither a slot nor a result of this flow")


def _asks(flow: Flow) -> Iterator[Ask]:
    return (step.ask for step in flow.values() if step.ask is not None)


def _targets(step: Step) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a step may lead, with the place at which it says so."""
    places: dict[tuple[str, ...], str | None] = {("go",): step.go}
    if step.ask is not None:
        places |= {("ask", "yes"): step.ask.yes, ("ask", "no"): step.ask.no}
    if step.act is not None:
        places |= {("act", "failed", failure, "go"): one.go for failure, one in step.act.failed.items()}
        places[("act", "exhausted")] = step.act.exhausted
    yield from ((place, target) for place, target in places.items() if target is not None)


def _said_by(step: Step) -> Iterator[str]:
    if step.say is not None:
        yield step.say
    if step.choose is not None:
        yield from step.choose.say.values()
    if step.ask is not None:
        yield from (step.ask.say, *step.ask.retry, *step.ask.silence)
        if step.ask.read_back is not None:
            yield step.ask.read_back
    if step.act is not None:
        yield from (one.say for one in step.act.failed.values())
        if step.act.otherwise_say is not None:
            yield step.act.otherwise_say


def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("knowledge/*.md")]):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
