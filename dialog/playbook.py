"""The playbook: one company as data, read from a folder and checked before the first call."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from actions.spec import ActionSpec
from dialog.schema.actions import ActionsFile
from dialog.schema.articles import Article
from dialog.schema.escalation import EscalationFile
from dialog.schema.flows import Flow, FlowsFile
from dialog.schema.identity import IdentityFile
from dialog.schema.intents import Intent, IntentsFile, OutOfScope
from dialog.schema.playbook import PlaybookFile, Prompts
from dialog.schema.pronunciation import PronunciationFile
from dialog.schema.queues import QueuesFile
from dialog.source import PlaybookError, Source, read_article, read_yaml

OUT_OF_SCOPE = "out_of_scope"
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Sources:
    """The files that a playbook was read from, so that an error can name file and line."""

    head: Source
    intents: Source
    actions: Source
    flows: Mapping[str, Source]
    """By flow."""
    articles: Mapping[str, Source]
    identity: Source | None = None
    queues: Source | None = None
    escalation: Source | None = None


@dataclass(frozen=True)
class Playbook:
    """A playbook whose files are each well-formed; `dialog.checks` tells whether they fit together."""

    folder: Path
    head: PlaybookFile
    version: str
    """Name and hash of the content: `acme@1f2e3d4c5b6a`."""
    intents: Mapping[str, Intent]
    out_of_scope: tuple[str, ...]
    articles: Mapping[str, Article]
    """By file name without its ending, which is also the name of the intent."""
    bodies: Mapping[str, str]
    """The articles' Markdown."""
    flows: Mapping[str, Flow]
    actions: Mapping[str, ActionSpec]
    sources: Sources = field(repr=False, compare=False)
    identity: IdentityFile = field(default_factory=IdentityFile)
    queues: QueuesFile = field(default_factory=QueuesFile)
    escalation: EscalationFile = field(default_factory=EscalationFile)
    pronunciation: Mapping[str, str] = field(default_factory=dict)

    @property
    def prompts(self) -> Prompts:
        """What we say outside of flows."""
        return self.head.prompts

    def examples(self) -> dict[str, tuple[str, ...]]:
        """How callers say what they want, by intent, articles included."""
        intents = {name: intent.examples for name, intent in self.intents.items()}
        return intents | {name: article.questions for name, article in self.articles.items()}


def read_playbook(folder: Path) -> Playbook:
    """Read the playbook in `folder`, each file by itself.

    Raises:
        PlaybookError: a file is missing or breaks its own rules; all broken files are named.
    """
    problems: list[str] = []
    reader = _Reader(folder, problems)
    head_source, head = reader.required("playbook.yaml", PlaybookFile)
    intents_source, intents = reader.required("intents.yaml", IntentsFile)
    actions_source, actions = reader.required("actions.yaml", ActionsFile)
    identity_source, identity = reader.optional("identity.yaml", IdentityFile)
    queues_source, queues = reader.optional("queues.yaml", QueuesFile)
    escalation_source, escalation = reader.optional("escalation.yaml", EscalationFile)
    _, pronunciation = reader.optional("pronunciation.yaml", PronunciationFile)
    flow_sources, flows = reader.flows()
    article_sources, articles, bodies = reader.articles()
    if problems or head is None or intents is None or actions is None:
        raise PlaybookError(problems)
    assert head_source is not None and intents_source is not None and actions_source is not None  # noqa: S101, PT018
    silent = intents.root.get(OUT_OF_SCOPE)
    if not isinstance(silent, OutOfScope):
        raise PlaybookError(
            [intents_source.problem((OUT_OF_SCOPE,), "is missing: examples of what we do not answer")]
        )
    return Playbook(
        folder=folder,
        head=head,
        version=f"{head.name}@{_content_hash(folder)}",
        intents={name: one for name, one in intents.root.items() if isinstance(one, Intent)},
        out_of_scope=silent.examples,
        articles=articles,
        bodies=bodies,
        flows=flows,
        actions=actions.root,
        identity=identity or IdentityFile(),
        queues=queues or QueuesFile(),
        escalation=escalation or EscalationFile(),
        pronunciation=pronunciation.root if pronunciation is not None else {},
        sources=Sources(
            head_source,
            intents_source,
            actions_source,
            flow_sources,
            article_sources,
            identity_source,
            queues_source,
            escalation_source,
        ),
    )


class _Reader:
    """Reads the files of one folder and gathers what is wrong with them."""

    def __init__(self, folder: Path, problems: list[str]) -> None:
        self._folder = folder
        self._problems = problems

    def required(self, name: str, model: type[M]) -> tuple[Source | None, M | None]:
        try:
            source = read_yaml(self._folder / name)
            return source, source.validate(model)
        except PlaybookError as error:
            self._problems += error.problems
            return None, None

    def optional(self, name: str, model: type[M]) -> tuple[Source | None, M | None]:
        return self.required(name, model) if (self._folder / name).exists() else (None, None)

    def flows(self) -> tuple[dict[str, Source], dict[str, Flow]]:
        sources: dict[str, Source] = {}
        flows: dict[str, Flow] = {}
        paths = [path for path in (self._folder / "flows.yaml",) if path.exists()]
        paths += sorted((self._folder / "flows").glob("*.yaml"))
        if not paths:
            self._problems.append(f"{self._folder / 'flows.yaml'}:1: there is no such file")
        for path in paths:
            source, file = self.required(str(path.relative_to(self._folder)), FlowsFile)
            for name, flow in file.root.items() if file is not None and source is not None else ():
                if name in flows:
                    self._problems.append(source.problem((name,), f"is also in {sources[name].path.name}"))  # type: ignore[union-attr]
                sources[name], flows[name] = source, flow  # type: ignore[assignment]
        return sources, flows

    def articles(self) -> tuple[dict[str, Source], dict[str, Article], dict[str, str]]:
        sources: dict[str, Source] = {}
        articles: dict[str, Article] = {}
        bodies: dict[str, str] = {}
        for path in sorted(self._folder.glob("knowledge/*.md")):
            try:
                source, body = read_article(path)
                article = source.validate(Article)
            except PlaybookError as error:
                self._problems += error.problems
                continue
            sources[path.stem], articles[path.stem], bodies[path.stem] = source, article, body
        return sources, articles, bodies


def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    kinds = ("*.yaml", "flows/*.yaml", "knowledge/*.md", "*.wav")
    for path in sorted(path for kind in kinds for path in folder.glob(kind)):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
