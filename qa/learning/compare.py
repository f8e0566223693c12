"""Two ways of judging, compared on what neither has seen; and the rule by which the newer one is promoted. Pure."""

import math
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

CONFIDENT = 1.96
"""Standard deviations of a 95 % interval."""


class Trial(BaseModel):
    """One held-out item, judged by both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: tuple[str, ...]
    """What it belongs to: its intent, and where it comes from."""
    before: bool
    """Whether the current one is right."""
    after: bool


class Group(BaseModel):
    """How both did on one group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    items: int
    before: int
    """How many the current one has right."""
    after: int

    @property
    def worse(self) -> bool:
        """Whether the new one is below the 95 % interval (Wilson) of the current one's share."""
        return self.after / self.items < lower_bound(self.before, self.items)


class Comparison(BaseModel):
    """How both did on everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: str
    """`intents` or `escalation`."""
    all: Group
    groups: tuple[Group, ...]
    """The largest first."""
    better: bool
    """Whether the new one is promoted: more right in all, and in no group below the current one's interval."""
    why: str
    """In words."""


def compared(head: str, trials: Sequence[Trial]) -> Comparison:
    """Both on `trials`; at least one."""
    every = _group("all", trials)
    names = {name for trial in trials for name in trial.groups}
    groups = [_group(name, [one for one in trials if name in one.groups]) for name in names]
    groups.sort(key=lambda group: (-group.items, group.name))
    worse = [group.name for group in groups if group.worse]
    if worse:
        why = f"worse on {', '.join(worse)} than the interval of the current one allows"
    elif every.after <= every.before:
        why = f"not better: {every.after} right of {every.items}, the current one {every.before}"
    else:
        why = f"better: {every.after} right of {every.items}, the current one {every.before}"
    return Comparison(
        head=head, all=every, groups=tuple(groups), better=not worse and every.after > every.before, why=why
    )


def lower_bound(right: int, items: int) -> float:
    """The lower end of Wilson's 95 % interval of a share."""
    share, square = right / items, CONFIDENT**2
    middle = share + square / (2 * items)
    spread = CONFIDENT * math.sqrt(share * (1 - share) / items + square / (4 * items**2))
    return max(0.0, (middle - spread) / (1 + square / items))


def _group(name: str, trials: Sequence[Trial]) -> Group:
    return Group(
        name=name,
        items=len(trials),
        before=sum(one.before for one in trials),
        after=sum(one.after for one in trials),
    )
