"""How a value is read back to the caller: in groups, letter by letter, in words. For the ear only."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation

from num2words import num2words

from dialog.grammar.kinds import SlotKind

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NATO = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            "Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliet", "Kilo", "Lima",
            "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey",
            "X-ray", "Yankee", "Zulu",
        ),
        strict=True,
    )
)  # fmt: skip
GROUP, WHOLE = 3, 4
"""Longer numbers than `WHOLE` are read in groups of `GROUP` digits, the last one longer if need be."""
SIGNS = {"@": "at", ".": "dot", "_": "underscore", "-": "dash", "+": "plus"}
PIECE = re.compile(r"[^\W\d_]+|\d+|\*+|[^\w\s]|_")
"""What an address is read back by: words, numbers, hidden letters and signs."""
HIDDEN = "and so on"
CENTS = {"euros": "cents", "dollars": "cents", "pounds": "pence"}


def read_back(value: object, kind: SlotKind | str, attempt: int = 1, currency: str = "") -> str:
    """A value in its canonical form as it is read back.

    `attempt`: from the second one on letters are read with a word each (`S as in Sierra`), and names and addresses are
    spelled. `currency`: what amounts are in, such as `euros`; empty: not said.

    Raises:
        ValueError: the value is not in the canonical form of its kind.
    """
    text, careful = str(value), attempt > 1
    match SlotKind(kind):
        case SlotKind.CODE | SlotKind.POSTCODE:
            return code(text, careful=careful)
        case SlotKind.NAME:
            return f"{text}, spelled {code(text, careful=True)}" if careful else text
        case SlotKind.EMAIL:
            return email(text, careful=careful)
        case SlotKind.MONEY:
            return amount(text, currency)
    return SIMPLE.get(SlotKind(kind), str)(text)


def number(value: str) -> str:
    """`4711` → `four seven one one`; long ones in groups with a comma between them; `+` is said."""
    digits = [DIGITS[int(one)] for one in value if one.isascii() and one.isdigit()]
    groups = ", ".join(" ".join(group) for group in _groups(digits))
    return f"plus {groups}" if value.startswith("+") else groups


def code(value: str, *, careful: bool = False) -> str:
    """`AB1234` → `A B, one two three four`; careful: `A as in Alpha, B as in Bravo, …`."""
    parts = []
    for run in re.findall(r"[^\W\d_]+|\d+", value):
        if run.isdigit():
            parts.append(number(run))
        elif careful:
            parts.append(", ".join(_as_in(letter) for letter in run.upper()))
        else:
            parts.append(" ".join(run.upper()))
    return ", ".join(parts)


def email(value: str, *, careful: bool = False) -> str:
    """`maria.silva@example.com` → `maria dot silva at example dot com`; careful: the part before the @ spelled.

    What is hidden in it is said to be: `m***@example.com` → `m and so on at example dot com`.
    """
    local, sign, host = value.partition("@")
    if not (local and sign and host):
        raise ValueError("an e-mail address must have something on both sides of its @")
    said_local = _careful_local(local) if careful else _said(local)
    return f"{said_local}{',' if careful else ''} at {_said(host)}"


def day(value: str) -> str:
    """`1979-09-27` → `September the twenty-seventh, nineteen seventy-nine`."""
    try:
        one = date.fromisoformat(value)
    except ValueError:
        raise ValueError("a date must be written like 1979-09-27 to be read back") from None
    year = num2words(one.year, to="year", lang="en")
    return f"{one:%B} the {num2words(one.day, to='ordinal', lang='en')}, {year}"


def clock(value: str) -> str:
    """`14:30` → `two thirty in the afternoon`."""
    try:
        one = time.fromisoformat(value)
    except ValueError:
        raise ValueError("a time must be written like 14:30 to be read back") from None
    if one.minute == 0 and one.hour in {0, 12}:
        return "midnight" if one.hour == 0 else "noon"
    hour = num2words(one.hour % 12 or 12, lang="en")
    minute = "o'clock" if one.minute == 0 else num2words(one.minute, lang="en")
    if 0 < one.minute < 10:
        minute = f"oh {minute}"
    return f"{hour} {minute} {_half(one.hour)}"


def amount(value: str, currency: str = "") -> str:
    """`49.90` in `euros` → `forty-nine euros ninety`; without a currency `forty-nine point nine zero`."""
    try:
        money = Decimal(value)
    except InvalidOperation:
        raise ValueError("an amount must be written like 49.90 to be read back") from None
    units, cents = divmod(int((money * 100).to_integral_value()), 100)
    said = num2words(units, lang="en").replace(",", "")
    if not currency:
        return said if not cents else f"{said} point {' '.join(DIGITS[int(one)] for one in f'{cents:02}')}"
    if not units and cents:
        return f"{num2words(cents, lang='en')} {CENTS.get(currency, 'cents')}"
    name = currency[:-1] if units == 1 and currency.endswith("s") else currency
    if not cents:
        return f"{said} {name}"
    low = (
        f"{num2words(cents, lang='en')} {CENTS.get(currency, 'cents')}"
        if cents < 10
        else num2words(cents, lang="en")
    )
    return f"{said} {name} {'and ' if cents < 10 else ''}{low}"


def _half(hour: int) -> str:
    if hour < 12:
        return "in the morning"
    return "in the afternoon" if hour < 18 else "in the evening"


def _groups(digits: Sequence[str]) -> list[Sequence[str]]:
    if len(digits) <= WHOLE:
        return [digits]
    groups = [digits[start : start + GROUP] for start in range(0, len(digits), GROUP)]
    if len(groups[-1]) == 1:
        groups[-2:] = [[*groups[-2], *groups[-1]]]
    return groups


def _as_in(letter: str) -> str:
    return f"{letter} as in {NATO[letter]}" if letter in NATO else letter


def _said(part: str) -> str:
    """Words as they stand, digits one by one, signs by their names."""
    return " ".join(number(one) if one.isdigit() else _sign(one) for one in PIECE.findall(part))


def _careful_local(local: str) -> str:
    return ", ".join(code(one, careful=True) if one.isalnum() else _sign(one) for one in PIECE.findall(local))


def _sign(piece: str) -> str:
    return HIDDEN if set(piece) == {"*"} else SIGNS.get(piece, piece)


SIMPLE: Mapping[SlotKind, Callable[[str], str]] = {
    SlotKind.DIGITS: number,
    SlotKind.PHONE: number,
    SlotKind.DATE: day,
    SlotKind.TIME: clock,
    SlotKind.CHOICE: lambda text: text.replace("_", " "),
}
"""Kinds that are read back in one way only."""
