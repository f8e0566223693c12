"""A split that never moves: what a sentence or a call is tested in depends on nothing but itself."""

import hashlib

FOLDS = 5


def fold(key: str) -> int:
    """The part, from 0, in which `key` is tested; in all others it is trained on."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % FOLDS
