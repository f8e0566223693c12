"""The playbook's names for people: queues, intents, actions, slots, dispositions, tasks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialog.playbook import Playbook
from dialog.schema.queues import DISPOSITIONS

REASONS: Mapping[str, str] = {
    "busy": "I am still busy",
    "not_mine": "Not my subject",
    "pause": "I need a break",
    "technical": "Something does not work here",
}
"""Why an agent declines a call."""
WRONG: Mapping[str, str] = {
    "intent": "What the caller wanted",
    "facts": "A fact it told or acted on",
    "identity": "Who the caller is",
    "other": "Something else",
}
"""What the assistant can have got wrong, as in `calls.events.CallDisposed`."""
CODE_CHECK = "identity.check_code"
"""The action whose arguments are one-time codes."""


@dataclass(frozen=True)
class QueueWords:
    """A queue, for people."""

    name: str
    skills: frozenset[str] = frozenset()
    dispositions: Mapping[str, str] = field(default_factory=lambda: DISPOSITIONS)


@dataclass(frozen=True)
class DeskWords:
    """All names that the desk shows."""

    queues: Mapping[str, QueueWords] = field(default_factory=dict)
    intents: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, str] = field(default_factory=dict)
    """What a caller can be handed back to the assistant for: the flows that callers ask for."""
    topics: Mapping[str, str] = field(default_factory=dict)
    """What a call can be about: flows and articles."""
    secret: frozenset[str] = frozenset()
    """Slots that nobody is shown: one-time codes."""

    def queue(self, name: str) -> QueueWords:
        """A queue; one that the playbook no longer has goes by its name."""
        return self.queues.get(name, QueueWords(readable(name)))

    def intent(self, name: str) -> str:
        """An intent in words."""
        return self.intents.get(name, readable(name))


def words_of(playbook: Playbook) -> DeskWords:
    """The names of one playbook."""
    articles = {name: article.title for name, article in playbook.articles.items()}
    return DeskWords(
        queues={
            name: QueueWords(_without_our(queue.name), frozenset(queue.skills), queue.dispositions)
            for name, queue in playbook.queues.queues.items()
        },
        intents={name: readable(name) for name in playbook.intents} | articles,
        tasks={flow: _without_our(playbook.flows[flow].title) for flow in playbook.escalation.tasks},
        topics={name: _without_our(flow.title) for name, flow in playbook.flows.items()} | articles,
        secret=frozenset(
            slot
            for flow in playbook.flows.values()
            for step in flow.steps.values()
            if step.act is not None and step.act.action == CODE_CHECK
            for slot in (*step.act.heard.values(), *step.act.arguments)
        ),
    )


def readable(code: str) -> str:
    """A code as words: `shop.order_status` becomes `Order status`."""
    text = code.rpartition(".")[2].replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _without_our(name: str) -> str:
    """`our returns team` is what callers hear; colleagues read `Returns team`."""
    for start in ("our ", "your ", "the "):
        name = name.removeprefix(start)
    return name[:1].upper() + name[1:]
