"""The caller's own words in a briefing: quoted, short, and without what must not be passed on.

They are the only words of a briefing that somebody outside chose. Whoever hears or reads them must know them for what
they are, and a card number or a code that was said must not get any further by them.
"""

import re
from typing import Final

MOST_WORDS = 12
MOST_CHARACTERS = 90
HIDDEN = "…"
"""What stands for a number that is not passed on."""
LEFT_OUT = "words about keys, which I leave out"

_DIGIT = (
    r"(?:\d|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|double|triple|hundred|thousand)"
)
_LONG_NUMBER: Final = re.compile(
    rf"\b{_DIGIT}(?:[\s,.\-/]*{_DIGIT}){{4,}}\b|\d(?:[\s,.\-/]*\d){{4,}}", re.IGNORECASE
)
"""Five digits or more, written or spoken: a card, a code, a telephone number, a postcode."""
_ADDRESS = re.compile(r"\S+@\S+|\b\S+ at \S+ dot \S+", re.IGNORECASE)
_KEYS = re.compile(
    r"\b(?:press|push|hit|dial|key|type|enter|punch|tap)(?:ing|ed|es|s)?\b[^.?!]*?"
    rf"(?:\b{_DIGIT}\b|\bkeys?\b|\bbuttons?\b|\bstar\b|\bhash\b|\bpound\b|[*#])",
    re.IGNORECASE,
)
"""An order to press something: no human may take it for ours."""
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_QUOTES = str.maketrans(dict.fromkeys('"“”«»`', "'") | {"{": "(", "}": ")", "<": "(", ">": ")"})
_CARD = re.compile(r"\b\d(?:[ \-]?\d){11,18}\b")


def one_line(text: str) -> str:
    """`text` without line breaks, control characters and doubled spaces."""
    return _BREAKS.sub(" ", text).strip()


def without_numbers(text: str) -> str:
    """`text` without long numbers and e-mail addresses, written or spoken."""
    return _LONG_NUMBER.sub(HIDDEN, _ADDRESS.sub(HIDDEN, text))


def without_cards(text: str) -> str:
    """`text` without what may be the number of a card: twelve digits or more in a row."""
    return _CARD.sub(HIDDEN, text)


def orders_keys(text: str) -> bool:
    """Whether somebody is told to press something."""
    return _KEYS.search(text) is not None


def quote(text: str) -> str:
    """The caller's words in quotation marks, at most `MOST_WORDS` of them."""
    plain = without_numbers(one_line(text).translate(_QUOTES))
    if orders_keys(plain):
        return LEFT_OUT
    words = plain.split()
    kept = " ".join(words[:MOST_WORDS])
    if len(kept) > MOST_CHARACTERS:
        kept = kept[:MOST_CHARACTERS].rpartition(" ")[0] or kept[:MOST_CHARACTERS]
    cut = len(kept) < len(" ".join(words))
    return f"“{kept.rstrip(' .,;:!?')}{HIDDEN if cut else ''}”"
