"""Chance by a seed: each part of each call has its own, so that one more call changes none of the others."""

import random


def chance(*of: object) -> random.Random:
    """The chance of this part of this seed: always the same."""
    return random.Random(":".join(map(str, of)))  # noqa: S311 - made-up calls are no secret
