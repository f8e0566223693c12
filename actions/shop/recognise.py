"""Finds a customer of the shop from weak items, each heard in several ways (`actions.identity.matching`)."""

from collections.abc import Sequence

from actions.identity.matching import Heard, Profile, ProfileIndex
from actions.identity.matching import Told as Items
from actions.shop.identify import Told, match_exactly
from actions.shop.shop import Customer

LIKELIEST, LESS = 1.0, 0.7
"""How sure the first candidate of an item is, and by how much less each further one."""


def match_likeliest(told: Told, customers: Sequence[Customer]) -> str | None:
    """The customer for whom what was said speaks clearly enough.

    With the caller's number one item that fits exactly is enough, and an item that does not fit is never overlooked.
    """
    exact = match_exactly(told, customers)
    if exact is not None or not customers:
        return exact
    match = ProfileIndex([_profile(customer) for customer in customers]).match(
        Items(postcode=_attempt(told.postcodes), name=_attempt(told.names), born=_attempt(told.born))
    )
    return match.key if match.accepted else None


def _profile(customer: Customer) -> Profile:
    first, _, last = customer.name.partition(" ")
    return Profile(customer.id, customer.postcode, first, last or first, customer.born.isoformat())


def _attempt(values: Sequence[str]) -> tuple[tuple[Heard, ...], ...]:
    if not values:
        return ()
    return (tuple(Heard(value, LIKELIEST * LESS**place) for place, value in enumerate(values)),)
