"""Made-up people: callers in any number, and the agents who take their calls."""

import random
from dataclasses import dataclass

from qa.seed.template import Who

# fmt: off
FIRST = [
    "Anna", "Ben", "Clara", "David", "Elif", "Felix", "Greta", "Hannah", "Ivan", "Julia",
    "Karim", "Lara", "Mehmet", "Nina", "Oskar", "Paula", "Quinn", "Rosa", "Samir", "Tanja",
    "Uwe", "Vera", "Wim", "Yara", "Zoe", "Marco", "Ines", "Jonas", "Leila", "Peter",
]
LAST = [
    "Adler", "Brandt", "Costa", "Demir", "Ernst", "Ferrari", "Graf", "Hoffmann", "Ivanov", "Jansen",
    "Keller", "Lorenz", "Moreau", "Novak", "Olsen", "Petrov", "Quast", "Richter", "Santos", "Thomas",
    "Ude", "Vogel", "Weber", "Yilmaz", "Zimmer", "Baker", "Cooper", "Doyle", "Evans", "Foster",
]
# fmt: on
MOST_ORDERS = 3


@dataclass(frozen=True)
class Agent:
    """Somebody who takes calls, as good at it as they are."""

    id: str | None
    """As in the roster; None: a queue of the company's telephone exchange."""
    name: str
    queues: tuple[str, ...]
    pace: float
    """How long they talk, against the others."""
    liking: float
    """What callers give them on the average, 1 to 5."""
    declines: float
    """How often they decline, 0 to 1."""


AGENTS = (
    Agent("maria", "Maria Lopez", ("returns", "support", "billing"), 0.85, 4.5, 0.03),
    Agent("tom", "Tom Becker", ("returns", "support"), 1.25, 3.6, 0.12),
    Agent("lena", "Lena Vogt", ("support", "billing", "care"), 1.0, 4.2, 0.05),
    Agent("amir", "Amir Haddad", ("support", "returns"), 0.95, 4.0, 0.08),
    Agent("ruth", "Ruth Ames", ("care", "support"), 1.4, 4.6, 0.02),
    Agent(None, "Support overflow", ("support", "returns", "billing", "care"), 1.1, 3.4, 0.0),
)


def who(rng: random.Random, number: int) -> Who:
    """The caller of this number; a few withhold theirs."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    orders: list[str] = []
    while len(orders) < MOST_ORDERS:
        order = str(rng.randrange(1000, 9999))
        if order not in orders:
            orders.append(order)
    return Who(
        phone=f"+1555{2_000_000 + number * 37 % 7_999_993:07d}",
        customer=str(1000 + number),
        name=f"{first} {last}",
        email=f"{first}.{last}{number}@example.com".lower(),
        postcode=f"{rng.randrange(1067, 99998):05d}",
        orders=tuple(orders),
    )
