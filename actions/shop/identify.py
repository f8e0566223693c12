"""Who calls the shop: the caller's number and what they have told of themselves, against its customers."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from actions.identity.matching import Profile
from actions.identity.people import People
from actions.identity.told import IdentifyArguments
from actions.shop.shop import Customer

KEPT = 2
"""Lists of customers that stay arranged: today's, and that of whoever asked before it changed."""


class Match(Protocol):
    """Finds the customer who fits what is known of a caller."""

    def __call__(self, known: IdentifyArguments, customers: Sequence[Customer]) -> str | None:
        """The customer's id; None where nobody fits well enough, or more than one."""


def match_likeliest(known: IdentifyArguments, customers: Sequence[Customer]) -> str | None:
    """The customer for whom the number and what was said speak clearly enough."""
    if not customers:
        return None
    found = arranged(tuple(customers)).match(known.told, known.caller_number)
    return found.key if found.accepted else None


@lru_cache(maxsize=KEPT)
def arranged(customers: tuple[Customer, ...]) -> People:
    """Customers, arranged for comparing: once, as long as they stay the same."""
    return People([_profile(one) for one in customers], {one.id: one.phone for one in customers})


def _profile(customer: Customer) -> Profile:
    first, _, last = customer.name.partition(" ")
    return Profile(customer.id, customer.postcode, first, last or first, customer.born.isoformat())
