"""Who is rung for a queue, in order, and whether a caller may wait for somebody. Pure.

Nobody is rung but our own agents and the outside addresses that `queues.yaml` lists. A closed queue has nobody; the
queue that takes over for it is looked at by its own hours.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dialog.hours import is_open
from dialog.playbook import Playbook
from dialog.schema.queues import Hours, Queue, QueuesFile
from handoff.roster.person import Person, Presence, Role
from handoff.transfer.types import Limits, Target

LATER_FREE = frozenset({Presence.BUSY, Presence.WRAP_UP})


@dataclass(frozen=True)
class Choice:
    """Who is rung, and whether more may come."""

    targets: tuple[Target, ...] = ()
    may_wait: bool = False
    """Whether an agent who fits is in a call or a wrap-up, and may be free soon."""

    @property
    def reaches(self) -> bool:
        """Whether a caller may be put through at all."""
        return bool(self.targets) or self.may_wait


def targets(
    queue: str,
    queues: QueuesFile,
    people: Sequence[Person],
    now_local: datetime,
    language: str | None,
    tried: Collection[str] = (),
) -> Choice:
    """Who is rung for a caller of `queue`.

    Within a queue: our own agents who have all its skills and speak the language, who is idle longest first; before or
    after its outside addresses. Then the same of the queue that takes over.

    Args:
        queue: The queue of the matter; one that there is not has nobody.
        queues: The playbook's.
        people: Everybody, as of now.
        now_local: The time in the playbook's time zone; with or without it.
        language: Of the call; None where it does not matter. Outside addresses are rung whatever it is.
        tried: Addresses that were rung for this caller before: not again, and not waited for.
    """
    found: dict[str, Target] = {}
    may_wait = False
    for name in _chain(queue, queues):
        if not is_open(hours_of(name, queues), now_local.replace(tzinfo=None)):
            continue
        fit = [one for one in fitting(queues.queues[name], people, language) if one.sip not in tried]
        may_wait = may_wait or any(one.presence in LATER_FREE for one in fit)
        for target in _of_queue(name, queues.queues[name], fit):
            if target.address not in tried:
                found.setdefault(target.address, target)
    return Choice(tuple(found.values()), may_wait)


def reachable(playbook: Playbook, people: Sequence[Person], now: datetime) -> tuple[str, ...]:
    """The queues for which somebody can be rung now, or as soon as an agent who is there is free. `now` is aware."""
    local = now.astimezone(ZoneInfo(playbook.queues.timezone))
    language = playbook.head.language
    return tuple(
        name
        for name in playbook.queues.queues
        if targets(name, playbook.queues, people, local, language).reaches
    )


def fitting(queue: Queue, people: Iterable[Person], language: str | None) -> list[Person]:
    """Our own agents who could take a call of the queue, whether they are there or not."""
    return [
        one
        for one in people
        if one.active
        and one.sip is not None
        and Role.AGENT in one.roles
        and one.skills.issuperset(queue.skills)
        and (language is None or language in one.languages)
    ]


def hours_of(queue: str, queues: QueuesFile) -> Hours:
    """When a queue's people are there: its own hours, or the company's; those too where there is no such queue."""
    found = queues.queues.get(queue)
    return queues.hours if found is None or found.hours is None else found.hours


def limits_of(queue: Queue) -> Limits:
    """How long things may take in a transfer to the queue."""
    limits = queue.limits
    return Limits(
        ring_s=limits.ring_s,
        key_s=limits.key_s,
        patience_s=limits.patience_s,
        most_legs=limits.most_legs,
        at_once=limits.at_once,
    )


def _chain(queue: str, queues: QueuesFile) -> Iterator[str]:
    """The queue, and those that take over one after the other, each once."""
    seen: set[str] = set()
    name: str | None = queue
    while name is not None and name not in seen and name in queues.queues:
        seen.add(name)
        yield name
        name = queues.queues[name].overflow


def _of_queue(name: str, queue: Queue, fit: Iterable[Person]) -> tuple[Target, ...]:
    free = [one for one in fit if one.presence is Presence.AVAILABLE and one.transfer_id is None]
    own = tuple(
        Target(address=one.sip, name=one.name, queue=name, agent=one.person_id)
        for one in sorted(free, key=lambda one: (one.idle_since, one.person_id))
        if one.sip is not None
    )
    outside = tuple(Target(address=address, name=_shown(address), queue=name) for address in queue.targets)
    return own + outside if queue.people_first else outside + own


def _shown(address: str) -> str:
    """An address for people: without scheme, password and parameters."""
    user, at, host = address.partition(":")[2].partition(";")[0].partition("?")[0].rpartition("@")
    return f"{user.partition(':')[0]}{at}{host}"
