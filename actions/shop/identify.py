"""Who calls the shop: the caller's number and what they have told of themselves, against its customers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from actions.shop.shop import Customer

ENOUGH = 2
"""Items that must agree: the number that calls is one of them, but never enough alone."""


@dataclass(frozen=True)
class Told:
    """What is known of a caller. What was said comes as candidates, likeliest first, because speech gives several."""

    number: str | None = None
    """The number that calls."""
    postcodes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    """Dates of birth, ISO 8601."""

    @property
    def items(self) -> int:
        """How many things were said."""
        return sum(map(bool, (self.postcodes, self.names, self.born)))


class Match(Protocol):
    """Finds the customer who fits what was told."""

    def __call__(self, told: Told, customers: Sequence[Customer]) -> str | None:
        """The customer's id; None where nobody fits well enough, or more than one."""


def match_exactly(told: Told, customers: Sequence[Customer]) -> str | None:
    """The one customer for whom two items agree, of which one was said, and no item that was said is wrong."""
    fitting = [
        customer.id
        for customer in customers
        if told.items and _agreeing(told, customer) == told.items and _known(told, customer) >= ENOUGH
    ]
    return fitting[0] if len(fitting) == 1 else None


def _known(told: Told, customer: Customer) -> int:
    return told.items + (told.number == customer.phone)


def _agreeing(told: Told, customer: Customer) -> int:
    """How many of the things said are the customer's."""
    return sum(
        (
            _plain(customer.postcode) in map(_plain, told.postcodes),
            _plain(customer.name) in map(_plain, told.names),
            customer.born.isoformat() in told.born,
        )
    )


def _plain(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())
