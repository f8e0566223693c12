"""What was understood of an answer even where it is no whole value: for comparing with what a company knows."""

from collections.abc import Sequence
from datetime import datetime

from dialog.grammar.dates import dates_in
from dialog.grammar.kinds import SlotKind
from dialog.grammar.letters import dictated
from dialog.grammar.names import names_heard
from dialog.grammar.slots import Candidate, Said

MOST = 10
"""Texts that are looked at, and fragments that are kept."""


def fragments(said: Sequence[Said], kind: SlotKind, now: datetime) -> tuple[Candidate, ...]:
    """Whole and incomplete values, likeliest first, for numbers, postcodes, codes, names and dates of birth.

    Postcodes and codes: letters and digits (`64LJ`); numbers: digits. Names: as said, or in capitals where they were
    spelled. Dates: ISO with question marks (`????-11-09`), none after `now`. Other kinds have no fragments.
    """
    best: dict[str, float] = {}
    for one in said[:MOST]:
        for value, weight in _of(one.text, kind, now):
            best[value] = max(best.get(value, 0.0), weight * one.confidence)
    ordered = sorted(best.items(), key=lambda item: -item[1])
    return tuple(Candidate(value, score) for value, score in ordered[:MOST])


def _of(text: str, kind: SlotKind, now: datetime) -> list[tuple[str, float]]:
    match kind:
        case SlotKind.POSTCODE | SlotKind.CODE:
            return [(one.value, one.weight) for one in dictated(text)]
        case SlotKind.DIGITS:
            return [(number, one.weight) for one in dictated(text) if (number := _digits(one.value))]
        case SlotKind.NAME:
            return [
                (one.value if one.spelled else one.value.lower(), one.weight) for one in names_heard(text)
            ]
        case SlotKind.DATE:
            dates = dates_in(text, latest_year=now.year, sound_alikes=True)
            return [(one.mask, one.score) for one in dates]
    return []


def _digits(letters: str) -> str:
    """The digits of what was dictated: where a number was asked for, an `oh` is a zero, and other letters are noise."""
    return "".join(one for one in letters.replace("O", "0") if one.isdigit())
