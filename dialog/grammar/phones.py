"""Telephone numbers: digits, or E.164 where a country code was said."""

import re

import phonenumbers

from dialog.grammar.digits import digits_in

LEAST, MOST = 5, 15
"""Digits of a telephone number, the most as in ITU-T E.164."""
CLEAR = 9
"""A telephone number that nobody asked for has at least this many digits."""
PLUS = re.compile(r"\+|\bplus\b", re.IGNORECASE)
OPENING_TRUNK = re.compile(r"\(0\)")


def phones_in(text: str, least: int, most: int, *, strict: bool) -> list[tuple[str, float]]:
    """Telephone numbers with scores: `+4930123456` after a plus, or 00 and a country; otherwise the digits as said."""
    least = max(least, LEAST) if strict else max(least, CLEAR)
    plain = re.sub(r"(?<=\d)[\s./()-]+(?=\d)", " ", OPENING_TRUNK.sub("", text))
    number = digits_in(plain, least, min(most, MOST), sound_alikes=strict)
    if number is None:
        return []
    if PLUS.search(text):
        return [_international(number, 1.0)]
    if number.startswith("00"):
        value, weight = _international(number[2:], 1.0)
        return [(value, weight)] if weight == 1.0 else [(number, 0.8)]
    return [(number, 1.0)]


def _international(digits: str, weight: float) -> tuple[str, float]:
    """E.164; less likely where no country has such a number."""
    value = f"+{digits}"
    try:
        parsed = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value, weight * 0.5
    known = phonenumbers.is_possible_number(parsed)
    return phonenumbers.format_number(
        parsed, phonenumbers.PhoneNumberFormat.E164
    ), weight if known else weight * 0.5
