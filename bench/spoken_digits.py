"""The ways in which people say the digits of a secret: each gives words that know which digits they carry."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from num2words import num2words

from bench.secret_sentences import Half
from calls.redaction.checks import luhn

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ALIKE = {"1": "won", "2": "to", "4": "for", "8": "ate"}
"""What a recogniser writes for a digit now and then."""
MANY = {2: "double", 3: "triple", 4: "quadruple"}
PREFIXES = (("4", 16), ("5", 16), ("2", 16), ("37", 15), ("34", 15), ("6011", 16), ("36", 14), ("62", 19))
GROUPS = ((1,), (2,), (3,), (5, 5, 6), (6, 4, 6), (3, 4, 4, 5), (2, 6), (4, 4, 8), (7, 9), (6, 5, 5))


@dataclass(frozen=True)
class Token:
    """Some characters, and the digits of a secret that they tell; none where they tell nothing."""

    text: str
    digits: str = ""


Way = Callable[[str, Half, random.Random], list[Token]]


def card(random_: random.Random, *, round_groups: bool = False) -> str:
    """A card number with its check digit; with `round_groups` some groups of four end in noughts."""
    begins, length = random_.choice(PREFIXES)
    body = begins + "".join(str(random_.randrange(10)) for _ in range(length - len(begins) - 1))
    if round_groups:
        at = random_.choice((4, 8))
        body = body[: at + 1] + random_.choice(("000", "500")) + body[at + 4 :]
    return next(body + str(one) for one in range(10) if luhn(body + str(one)))


def groups(digits: str, random_: random.Random) -> list[str]:
    """In groups as people make them."""
    sizes, at = random_.choice(GROUPS), 0
    parts: list[str] = []
    while at < len(digits):
        size = sizes[len(parts) % len(sizes)]
        parts.append(digits[at : at + size])
        at += size
    return parts


def one_by_one(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """A word a digit, nought as people say it."""
    noughts = random_.choice(("oh", "zero", "o", "nought"))
    return [Token(noughts if one == "0" else DIGITS[int(one)], one) for one in digits]


def in_pairs(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """`forty five thirty nine`."""
    between = random_.choice((" ", "-"))
    tokens = []
    for at in range(0, len(digits), 2):
        pair = digits[at : at + 2]
        if len(pair) == 1 or pair[0] == "0":
            tokens += one_by_one(pair, half, random_)
        else:
            tokens.append(Token(num2words(int(pair)).replace("-", between), pair))
    return tokens


def with_many(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """`double four`, `triple one`."""
    tokens, at = [], 0
    while at < len(digits):
        row = min(4, len(digits[at:]) - len(digits[at:].lstrip(digits[at])))
        name = "oh" if digits[at] == "0" else DIGITS[int(digits[at])]
        tokens.append(Token(f"{MANY[row]} {name}" if row > 1 else name, digits[at] * row))
        at += row
    return tokens


def in_thousands(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """Groups of four: `four thousand`, `forty five hundred`, others by pairs or one by one."""
    tokens = []
    for at in range(0, len(digits), 4):
        part = digits[at : at + 4]
        if len(part) == 4 and part[1:] == "000" and part[0] != "0":
            tokens.append(Token(f"{DIGITS[int(part[0])]} thousand", part))
        elif len(part) == 4 and part[2:] == "00" and part[0] != "0" and part[1] != "0":
            tokens.append(Token(f"{num2words(int(part[:2]))} hundred", part))
        else:
            tokens += random_.choice((one_by_one, in_pairs))(part, half, random_)
    return tokens


def with_fillers(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """Groups with words in between."""
    tokens: list[Token] = []
    for part in groups(digits, random_):
        if tokens and random_.random() < 0.4:
            tokens.append(Token(random_.choice(half.fillers)))
        tokens += random_.choice((one_by_one, in_pairs, with_many, in_figures))(part, half, random_)
    return tokens


def in_figures(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """As it is written."""
    return [Token(digits, digits)]


def corrected(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """One digit is said wrongly, and mended."""
    at = random_.randrange(1, len(digits) - 1)
    wrong = str((int(digits[at]) + random_.randrange(1, 9)) % 10)
    mended = random_.choice(half.corrections).replace("{}", DIGITS[int(digits[at])])
    before, _, word = mended.rpartition(" ")
    return [
        *one_by_one(digits[:at], half, random_),
        Token(DIGITS[int(wrong)]),
        Token(before),
        Token(word, digits[at]),
        *one_by_one(digits[at + 1 :], half, random_),
    ]


def misheard(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """One or two words are written as others that sound the same."""
    tokens = one_by_one(digits, half, random_)
    alike = [at for at, one in enumerate(tokens) if one.digits in ALIKE]
    for at in random_.sample(alike, min(len(alike), random_.choice((1, 2)))):
        tokens[at] = Token(ALIKE[tokens[at].digits], tokens[at].digits)
    return tokens


def as_recognised(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """Figures as a recogniser spells them: `1234, 5678.`, `12-34-56`, `1,234,567`, `1 2 3. 4 5`."""
    way = random_.randrange(6)
    if way == 0:
        return [Token(part + random_.choice(",."), part) for part in groups(digits, random_)]
    if way == 1:
        return [Token("-".join(groups(digits, random_)), digits)]
    if way == 2:
        return [Token(f"{int(digits):,}" if digits[0] != "0" else digits, digits)]
    if way == 3:
        return [Token(one + random_.choice(("", "", "", ",", ".")), one) for one in digits]
    if way == 4:
        return [Token("-".join(digits), digits)]
    tokens = []
    for part in groups(digits, random_):
        words = random_.random() < 0.5
        tokens += one_by_one(part, half, random_) if words else in_figures(part, half, random_)
    return tokens


WAYS: dict[str, Way] = {
    "one by one": one_by_one,
    "pairs": in_pairs,
    "double, triple": with_many,
    "thousands, hundreds": in_thousands,
    "fillers, odd groups": with_fillers,
    "corrected": corrected,
    "misheard words": misheard,
    "recogniser's spelling": as_recognised,
}
