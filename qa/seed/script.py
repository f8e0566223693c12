"""What one made-up caller wants, knows and does: a script, through which the real dialog is then taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from actions.shop.seed import CUSTOMERS, ORDERS, SeedCustomer
from actions.types import Failure


@dataclass(frozen=True)
class Line:
    """One thing that the caller does: says something, presses keys, or is silent."""

    text: str = ""
    keys: str = ""
    silent: bool = False
    confidence: float = 0.93
    """How sure the recogniser is of `text`, 0 to 1."""
    unsure: bool = False
    """The recogniser doubts its own words."""
    sentiment: float | None = None
    """Of this turn, -1 to 1; None: what its words are worth."""
    cuts_in: bool = False
    """Said into what we were saying."""


@dataclass(frozen=True)
class Script:
    """One conversation. The caller answers what is asked, and says the next of `wishes` whenever nothing is."""

    id: str
    """A name of its own; part of the ids of what the shop keeps."""
    intent: str
    """What it is about, for choosing among scripts."""
    wishes: tuple[Line, ...]
    persona: SeedCustomer | None = CUSTOMERS[0]
    """A customer of the demo shop; None: somebody whom the shop does not know."""
    answers: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    """By the slot that is asked for, one after the other; the last one again and again. `yes` stands for all questions
    of yes or no, `matter` for what it is about, `offer` for whether a person is wanted."""
    fails: Mapping[str, tuple[Failure, ...]] = field(default_factory=dict)
    """By action, how its first runs fail."""
    number: bool = True
    """Whether their number is shown."""
    reachable: bool = True
    """Whether people can be rung."""
    back: str | None = None
    """How a transfer ends after which the assistant goes on (`dialog.types.HandedBack`); None: it does not."""
    most_turns: int = 24
    """After so many turns they hang up."""
    goodbye: bool = True
    """Whether they say goodbye once nothing is left to say."""
    weight: float = 1.0
    """How often it comes, against the others of its intent."""


def order_of(persona: SeedCustomer | None, *statuses: str) -> str:
    """The number of an order of theirs in one of these states; without one, a number that does not exist."""
    theirs = (order for order in ORDERS if persona is not None and order.customer == persona.id)
    return next((order.number for order in theirs if not statuses or order.status.value in statuses), "1111")
