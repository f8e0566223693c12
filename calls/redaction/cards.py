"""Card numbers within numbers: by check digit, by length, and by what they are announced as."""

from collections.abc import Sequence

from calls.redaction.checks import CARD_LENGTHS, luhn, of_an_issuer
from calls.redaction.numbers import Piece, readings
from calls.redaction.topics import About, Topic

IN_ONE_GO = range(15, 18)
"""A written number of so many digits that is announced as nothing else is taken for a card's, mistyped or not."""
LEAST_ANNOUNCED = 8
"""Of a number that is announced as a card's: half of one is too much already."""
MOST_BESIDE = 10
"""Digits behind a card number that may be its expiry date and code."""
MISCOUNTED = 2
"""Digits behind a card number that are neither date nor code: a digit was heard twice."""
NO_CARDS = frozenset({Topic.OTHER, Topic.PHONE})


def card_in(pieces: Sequence[Piece], found: About, *, after_plus: bool = False) -> tuple[int, int] | None:
    """Which pieces (from, to) of one number are a card number; None where none are.

    Letters and spaces are gone: what counts is the digits. A number that is announced as an order's or a telephone's
    is no card's, whatever its check digit says: one number in ten has a fitting one.
    """
    if after_plus or (found.nearest in NO_CARDS and found.own):
        return None
    if found.may_be(Topic.CARD):
        return _checked(pieces) or _usual(pieces) or _announced(pieces, LEAST_ANNOUNCED)
    if found.nearest in NO_CARDS:
        return None
    return _checked(pieces) or _usual(pieces)


def card_joined(pieces: Sequence[Piece], found: About, *, after_plus: bool = False) -> int | None:
    """How many pieces, from the first on, of numbers that may belong together are a card number; None where none are.

    Numbers that follow each other by chance are common: where no card is spoken of, the check digit must fit and the
    whole must look like the number of a large scheme.
    """
    if after_plus or (found.nearest in NO_CARDS and found.own):
        return None
    if found.may_be(Topic.CARD):
        place = _checked(pieces) or _announced(pieces, CARD_LENGTHS[0] - 1)
        return place[1] if place is not None and place[0] == 0 else None
    return len(pieces) if found.nearest is None and _fits(pieces, by_issuer=True) else None


def is_whole(pieces: Sequence[Piece]) -> bool:
    """Whether these are all digits of a card, and not the first part of one that goes on."""
    return _fits(pieces, by_issuer=False) or _usual(pieces) is not None


def _checked(pieces: Sequence[Piece]) -> tuple[int, int] | None:
    """The longest stretch whose check digit fits, with the earliest beginning; a whole number rather than a part."""
    if _fits(pieces, by_issuer=False):
        return 0, len(pieces)
    lengths = [len(piece.digits) for piece in pieces]
    for start in range(len(pieces)):
        for end in range(len(pieces), start, -1):
            # Readings differ in length by little.
            within = CARD_LENGTHS[0] <= sum(lengths[start:end]) <= CARD_LENGTHS[-1] + 2
            if within and _fits(pieces[start:end], by_issuer=True):
                return start, end
    return None


def _fits(pieces: Sequence[Piece], *, by_issuer: bool) -> bool:
    return any(
        len(digits) in CARD_LENGTHS and luhn(digits) and (of_an_issuer(digits) or not by_issuer)
        for digits in readings(pieces)
    )


def _usual(pieces: Sequence[Piece]) -> tuple[int, int] | None:
    """Digits that are as many as most cards have: written in one go, or at the beginning or the end of the number."""
    for at, piece in enumerate(pieces):
        if len(piece.digits) in IN_ONE_GO:
            return at, at + 1
    total = 0
    for end, piece in enumerate(pieces, start=1):
        total += len(piece.digits)
        rest = sum(len(one.digits) for one in pieces[end:])
        if total == 16 and rest <= MOST_BESIDE:
            return 0, end if rest > MISCOUNTED else len(pieces)
        if total == 15 and not rest and pieces[0].digits[:2] in {"34", "37"}:
            return 0, end
    for start in range(1, len(pieces)):
        if sum(len(one.digits) for one in pieces[start:]) == 16:
            return start, len(pieces)
    return None


def _announced(pieces: Sequence[Piece], least: int) -> tuple[int, int] | None:
    """All digits that a card may have, whatever they are: recognisers and callers make mistakes."""
    total = 0
    for end, piece in enumerate(pieces, start=1):
        total += len(piece.digits)
        if total > CARD_LENGTHS[-1]:
            return (0, end - 1) if end > 1 else (0, 1)
    return (0, len(pieces)) if total >= least else None
