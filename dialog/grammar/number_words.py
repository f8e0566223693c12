"""Numbers in words as values: `two hundred and fifty`, `forty-nine`, `twenty first`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialog.grammar.digits import SOUND_ALIKES, TEENS, TENS, UNITS

CARDINALS = {**UNITS, **TEENS, **TENS}
ONLY_SAID = frozenset({"oh", "o", "nought", "naught", "nil", "niner", "fourty"})
WRITTEN = {name: value for name, value in CARDINALS.items() if name not in ONLY_SAID}
"""`zero` to `nineteen`, `twenty` to `ninety`: as texts write them."""
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
WRITTEN_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
LETTER_ZEROS = frozenset({"o", "oh"})
"""Zeros only between digits: on their own they are letters, or sighs."""
HUNDRED = 100
BIG = {"thousand": 1_000, "million": 1_000_000}
ANYTHING = 10_000
"""The size of nothing yet: any word may follow."""


@dataclass(frozen=True)
class Number:
    """A number that stands at `start` to `end` of a list of words."""

    value: int
    start: int
    end: int
    ordinal: bool = False


def words_of(text: str, *, sound_alikes: bool = False) -> list[str]:
    """Lower-case words and runs of digits; thousands' commas and hyphens are gone, decimal points stay."""
    lowered = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.lower().replace("’", "'"))
    words = re.findall(r"\d+(?:\.\d+)?(?:st|nd|rd|th)?|[a-z]+(?:'[a-z]+)?|[€$£]", lowered)
    return [SOUND_ALIKES.get(word, word) for word in words] if sound_alikes else words


def number_at(words: Sequence[str], start: int) -> Number | None:
    """The longest number that begins at `start`: `two hundred and fifty` is one, `two five` is two."""
    sum_ = _Sum()
    at = start
    while at < len(words) and not sum_.ordinal:
        if words[at] == "and" and at > start and sum_.open_to_and and _small(words[at + 1 : at + 2]):
            at += 1
        if not sum_.takes(words[at], first=at == start):
            break
        at += 1
    if at == start or (words[start] in LETTER_ZEROS and at == start + 1):
        return None
    return Number(sum_.value, start, at, sum_.ordinal)


class _Sum:
    """A number as its words come in."""

    def __init__(self) -> None:
        self.ordinal = False
        self._thousands = 0
        self._part = 0
        self._last = ANYTHING
        """The size of the last word: units follow tens, and tens follow hundreds."""

    @property
    def value(self) -> int:
        return self._thousands + self._part

    @property
    def open_to_and(self) -> bool:
        return HUNDRED <= self._last < ANYTHING

    def takes(self, word: str, *, first: bool) -> bool:
        """Whether the word goes on with this number; if so, it is counted in."""
        if word == "hundred":
            if self._part >= HUNDRED:
                return False
            self._part, self._last = max(self._part, 1) * HUNDRED, HUNDRED
            return True
        if word in BIG:
            self._thousands += max(self._part, 1) * BIG[word]
            self._part, self._last = 0, 10 * HUNDRED
            return True
        value, ordinal = _value(word)
        if value is None or not (first or _follows(value, self._last, word)):
            return False
        self._part += value
        self._last = 1 if value < 20 or word.isdigit() else 10
        self.ordinal = ordinal
        return True


def numbers_in(words: Sequence[str]) -> list[Number]:
    """All numbers, in order."""
    found: list[Number] = []
    at = 0
    while at < len(words):
        number = number_at(words, at)
        if number is None:
            at += 1
        else:
            found.append(number)
            at = number.end
    return found


def _value(word: str) -> tuple[int | None, bool]:
    written = WRITTEN_ORDINAL.fullmatch(word)
    if written:
        return int(written[1]), True
    if word.isdigit():
        return int(word), False
    if word in ORDINALS:
        return ORDINALS[word], True
    return CARDINALS.get(word), False


def _follows(value: int, last: int, word: str) -> bool:
    """Whether this value continues the number before it: units after tens, anything below 100 after hundreds."""
    if word.isdigit() and len(word) > 1:
        return last >= HUNDRED and value < last
    if last == 10:
        return 0 < value < 10
    return last >= HUNDRED and value < HUNDRED


def _small(words: Sequence[str]) -> bool:
    value = _value(words[0])[0] if words else None
    return value is not None and value < HUNDRED
