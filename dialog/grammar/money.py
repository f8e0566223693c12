"""Amounts: `forty nine euros ninety`, `$50`, `two hundred and fifty`, `49,90`."""

import re
from decimal import Decimal

from dialog.grammar.number_words import Number, number_at, words_of

UNITS = frozenset(
    {
        "euro",
        "euros",
        "€",
        "dollar",
        "dollars",
        "$",
        "pound",
        "pounds",
        "£",
        "quid",
        "bucks",
        "buck",
        "francs",
        "franc",
        "eur",
        "usd",
        "gbp",
    }
)
CENTS = frozenset({"cent", "cents", "penny", "pence", "p"})
DECIMAL_COMMA = re.compile(r"\b(\d{1,3}(?:\.\d{3})+|\d+),(\d{2})\b(?!,?\d)")
WRITTEN = re.compile(r"\d+\.\d{1,2}")
EXACT, LIKELY = 1.0, 0.8


def money_in(text: str, *, strict: bool) -> list[tuple[str, float]]:
    """Amounts in units and cents with scores. Not `strict`: only with a currency, or cents."""
    plain = DECIMAL_COMMA.sub(lambda one: f"{one[1].replace('.', '')}.{one[2]}", text)
    words = words_of(plain)
    amounts: dict[str, float] = {}
    at = 0
    while at < len(words):
        found = _amount(words, at)
        if found is None:
            at += 1
            continue
        value, named, score, end = found
        at = end
        if strict or named:
            written = f"{value:.2f}"
            amounts[written] = max(amounts.get(written, 0.0), score)
    if len(amounts) > 1:
        return [(value, score * 0.5) for value, score in amounts.items()]
    return list(amounts.items())


def _amount(words: list[str], at: int) -> tuple[Decimal, bool, float, int] | None:
    """The amount that begins here: value, whether a currency was named, score, and where it ends."""
    named = words[at] in {"€", "$", "£"}
    if named:
        at += 1
    if at < len(words) and WRITTEN.fullmatch(words[at]):
        end = at + 1
        has_unit = end < len(words) and words[end] in UNITS
        return Decimal(words[at]), named or has_unit, EXACT, end + has_unit
    number = _whole(words, at)
    if number is None:
        return None
    end = number.end
    if end < len(words) and words[end] in CENTS:
        return Decimal(number.value) / 100, True, EXACT, end + 1
    half = words[end : end + 3] == ["and", "a", "half"]
    has_unit = end < len(words) and words[end] in UNITS
    if has_unit:
        named, end = True, end + 1
    if half or words[end : end + 3] == ["and", "a", "half"]:
        return number.value + Decimal("0.5"), named, EXACT, end + 3
    cents, end, clear = _cents(words, end)
    if cents is None:
        return Decimal(number.value), named, EXACT, end
    return number.value + Decimal(cents) / 100, named or clear, EXACT if has_unit or clear else LIKELY, end


def _cents(words: list[str], at: int) -> tuple[int | None, int, bool]:
    """What follows the units: `ninety`, `and ninety cents`, `point nine`; and whether it says that it is cents."""
    if words[at : at + 1] == ["point"]:
        return _decimals(words, at)
    joined = words[at : at + 1] == ["and"]
    number = number_at(words, at + joined)
    if number is None or number.ordinal or not 0 < number.value < 100:
        return None, at, False
    if number.end < len(words) and words[number.end] in CENTS:
        return number.value, number.end + 1, True
    if joined or number.value < 10:
        return None, at, False
    return number.value, number.end, False


def _decimals(words: list[str], at: int) -> tuple[int | None, int, bool]:
    """`point nine`, `point nine oh`, `point ninety`."""
    first = number_at(words, at + 1)
    if first is None or first.value >= 100:
        return None, at, False
    if first.value >= 10:
        return first.value, first.end, False
    second = number_at(words, first.end)
    if second is not None and second.value < 10:
        return first.value * 10 + second.value, second.end, False
    return first.value * 10, first.end, False


def _whole(words: list[str], at: int) -> Number | None:
    if at >= len(words):
        return None
    if words[at] == "a" and at + 1 < len(words) and words[at + 1] in {"hundred", "thousand"}:
        number = number_at(words, at + 1)
    else:
        number = number_at(words, at)
    return number if number is not None and not number.ordinal else None
