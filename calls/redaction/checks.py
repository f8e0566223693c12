"""What tells a number of a kind from any other: check digits and lengths."""

import re

CARD_LENGTHS = range(13, 20)
"""ISO/IEC 7812: of primary account numbers."""
ISSUERS = (
    (re.compile(r"4"), frozenset({13, 16, 19})),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), frozenset({16})),
    (re.compile(r"3[47]"), frozenset({15})),
    (re.compile(r"30[0-5]|309|3[689]"), frozenset({14, 16, 17, 18, 19})),
    (re.compile(r"35(?:2[89]|[3-8])"), frozenset({16, 17, 18, 19})),
    (re.compile(r"6011|65|64[4-9]|62|81"), frozenset({16, 17, 18, 19})),
    (re.compile(r"5018|5020|5038|5[6-9]|6[037]"), frozenset(range(13, 20))),
)
"""How numbers of the large schemes begin, and how long they are."""
DIGITS_ONLY = frozenset(
    {
        "AE", "AT", "BE", "CZ", "DE", "DK", "EE", "ES", "FI", "HR", "HU", "IL", "IS", "LT", "NO", "PL", "PT", "SE",
        "SI", "SK",
    }
)  # fmt: skip
"""Countries whose IBANs hold no letter behind their first two."""
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26,
}  # fmt: skip
"""ISO 13616, by country."""


def luhn(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def of_an_issuer(digits: str) -> bool:
    """Whether it begins and is as long as the numbers of a large card scheme."""
    return any(begins.match(digits) and len(digits) in lengths for begins, lengths in ISSUERS)


def iban(code: str) -> bool:
    """Whether an IBAN without spaces, in capitals, is whole and its check digits fit (ISO 7064, MOD 97-10)."""
    if len(code) != IBAN_LENGTHS.get(code[:2]) or not (code.isascii() and code.isalnum()):
        return False
    if code[:2] in DIGITS_ONLY and not code[2:].isdecimal():
        return False
    turned = code[4:] + code[:4]
    return int("".join(str(int(one, 36)) for one in turned)) % 97 == 1
