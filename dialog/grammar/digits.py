"""Spoken numbers as digits: `four seven one one`, `double four`, `47 11`, `forty-seven eleven`."""

import re
from collections.abc import Iterator, Sequence
from itertools import product

UNITS = {
    "zero": 0, "oh": 0, "o": 0, "nought": 0, "naught": 0, "nil": 0, "one": 1, "two": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "niner": 9,
}  # fmt: skip
TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SOUND_ALIKES = {
    "for": "four", "fore": "four", "to": "two", "too": "two", "won": "one", "ate": "eight", "tree": "three",
    "sex": "six", "sicks": "six", "knee": "nine", "owe": "oh", "ah": "oh", "fife": "five", "free": "three",
}  # fmt: skip
"""How the recogniser writes single digits when nothing tells it that they are digits."""
REPEATS = {"double": 2, "triple": 3, "treble": 3}
SCALES = {"hundred": 100, "thousand": 1000}
FILLERS = frozenset(
    {"uh", "um", "er", "erm", "and", "then", "dash", "hyphen", "minus", "hmm", "mm", "so", "a"}
)
MOST_READINGS = 64
"""A number that can be read in more ways than this is not read at all."""

TOKEN = re.compile(r"\d+|[a-z]+")


def digits_in(text: str, least: int, most: int, *, sound_alikes: bool = False) -> str | None:
    """The number of `least` to `most` digits that `text` holds; None when it holds none, or more than one.

    With `sound_alikes`, words such as `for` and `to` count as digits: only right while digits are expected.
    """
    groups = list(_groups(_tokens(text, sound_alikes=sound_alikes)))
    whole = [token for group in groups for token in group]
    for candidates in (groups, [whole]):
        found = {number for group in candidates for number in _fitting(group, least, most)}
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def _fitting(group: Sequence[str], least: int, most: int) -> list[str]:
    """The likeliest reading of this length, if there is one."""
    return [number for number in _readings(group) if least <= len(number) <= most][:1]


def _tokens(text: str, *, sound_alikes: bool) -> list[str]:
    lowered = text.lower().replace("'", "")
    tokens = TOKEN.findall(re.sub(r"(?<=\d),(?=\d{3}\b)", "", lowered))
    return [SOUND_ALIKES.get(token, token) for token in tokens] if sound_alikes else tokens


def _groups(tokens: Sequence[str]) -> Iterator[list[str]]:
    """Runs of number words; fillers do not end a run."""
    run: list[str] = []
    for token in tokens:
        if _is_number(token):
            run.append(token)
        elif token not in FILLERS and run:
            yield run
            run = []
    if run:
        yield run


def _is_number(token: str) -> bool:
    return token.isdigit() or any(token in words for words in (UNITS, TEENS, TENS, REPEATS, SCALES))


def _readings(group: Sequence[str]) -> list[str]:
    """All ways to write a run of number words, likeliest first."""
    pieces: list[tuple[str, ...]] = []
    ways = 1
    rest = list(group)
    while rest:
        piece, used = _piece(rest)
        pieces.append(piece)
        ways *= len(piece)
        if ways > MOST_READINGS:
            return []
        rest = rest[used:]
    return ["".join(parts) for parts in product(*pieces)]


def _piece(tokens: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The ways to write the number that starts here, and how many words it takes."""
    first = tokens[0]
    if first in REPEATS:
        digit = _unit(tokens[1]) if len(tokens) > 1 else None
        return ((digit * REPEATS[first],), 2) if digit is not None else (("",), 1)
    scaled = _scaled(tokens)
    if scaled is not None:
        return scaled
    if first in TENS:
        unit = _unit(tokens[1]) if len(tokens) > 1 else None
        if unit is not None and unit != "0":
            return (str(TENS[first] + int(unit)), f"{TENS[first]}{unit}"), 2
        return (str(TENS[first]),), 1
    if first in SCALES:
        return (str(SCALES[first]),), 1
    return (_written(first),), 1


def _scaled(tokens: Sequence[str]) -> tuple[tuple[str, ...], int] | None:
    """`four thousand seven hundred eleven`, `forty seven hundred eleven`: as a value, or as it sounds."""
    total, used, seen = 0, 0, False
    while used < len(tokens):
        value, words = _below_hundred(tokens[used:])
        scale = SCALES.get(tokens[used + words]) if words and used + words < len(tokens) else None
        if scale is None:
            break
        total, used, seen = total + value * scale, used + words + 1, True
    if not seen:
        return None
    value, words = _below_hundred(tokens[used:])
    return (str(total + value), f"{total}{value}" if words else str(total)), used + words


def _below_hundred(tokens: Sequence[str]) -> tuple[int, int]:
    """Value and length in words of a number below 100; (0, 0) when there is none."""
    if not tokens:
        return 0, 0
    first = tokens[0]
    if first in TENS:
        unit = UNITS.get(tokens[1], 0) if len(tokens) > 1 else 0
        return (TENS[first] + unit, 2) if unit else (TENS[first], 1)
    if first.isdigit() and len(first) <= 2:
        return int(first), 1
    value = UNITS.get(first, TEENS.get(first))
    return (value, 1) if value is not None else (0, 0)


def _unit(token: str) -> str | None:
    if token in UNITS:
        return str(UNITS[token])
    return token if len(token) == 1 and token.isdigit() else None


def _written(token: str) -> str:
    return token if token.isdigit() else str(UNITS.get(token, TEENS.get(token, "")))
