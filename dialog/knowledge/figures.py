"""The figures that a sentence states: amounts, percents, times and counts with what is counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialog.grammar.number_words import WRITTEN
from dialog.knowledge.words import stems

MONEY = {"euro", "euros", "eur", "pound", "pounds", "gbp", "dollar", "dollars", "usd", "€", "£", "$"}
PERCENT = {"percent", "%"}
BETWEEN = {"working", "business", "calendar", "full", "more", "or", "to", "and", "-"}
TOKEN = re.compile(r"[€£$%]|\d+(?:[.:,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|-")
NEGATIONS = frozenset(
    {
        "no",
        "not",
        "never",
        "cannot",
        "cant",
        "dont",
        "doesnt",
        "isnt",
        "arent",
        "wont",
        "without",
        "none",
        "nowhere",
    }
)


@dataclass(frozen=True)
class Figure:
    """A value and what it counts: `money`, `percent`, `time` of day, or a stem such as `day`; empty when not said."""

    value: float
    unit: str


def figures(text: str) -> frozenset[Figure]:
    """The figures of a sentence, digits and words alike; "four euros ninety" is one."""
    tokens = TOKEN.findall(re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", " ", text.lower()))
    return frozenset(_read(tokens))


def negated(text: str) -> bool:
    """Whether a sentence denies; two denials cancel out."""
    said = [re.sub(r"['’]", "", token) for token in TOKEN.findall(text.lower())]
    return sum(token in NEGATIONS for token in said) % 2 == 1


def _read(tokens: list[str]) -> Iterator[Figure]:
    at = 0
    while at < len(tokens):
        value, after = _number(tokens, at)
        if value is None:
            at += 1
            continue
        cents, behind = _cents(tokens, after)
        before = tokens[at - 1] if at else ""
        unit = "time" if ":" in tokens[at] else "money" if before in MONEY else _unit(tokens, after)
        yield Figure(value + cents, unit)
        at = behind


def _number(tokens: list[str], at: int) -> tuple[float | None, int]:
    """The number at a place and the place after it."""
    token = tokens[at]
    if token[0].isdigit():
        plain = (
            token.replace(":", ".") if ":" in token else re.sub(r",(?=\d{3}\b)", "", token).replace(",", ".")
        )
        return (float(plain), at + 1) if plain.count(".") < 2 else (None, at + 1)
    if token not in WRITTEN:
        return None, at + 1
    value, at = WRITTEN[token], at + 1
    if value >= 20 and at < len(tokens) and 0 < WRITTEN.get(tokens[at], 0) < 10:
        value, at = value + WRITTEN[tokens[at]], at + 1
    if at < len(tokens) and tokens[at] == "hundred":
        value, at = value * 100, at + 1
    return float(value), at


def _cents(tokens: list[str], at: int) -> tuple[float, int]:
    """The cents of "four euros ninety" and the place after them; 0 where there are none."""
    if at + 1 < len(tokens) and tokens[at] in MONEY:
        value, after = _number(tokens, at + 1)
        following = tokens[after] if after < len(tokens) else ""
        if value is not None and 10 <= value < 100 and following not in MONEY | PERCENT:
            return value / 100, after
    return 0.0, at


def _unit(tokens: list[str], at: int) -> str:
    """What is counted: the next word that is neither a number nor a word between."""
    for token in tokens[at : at + 4]:
        if token in MONEY:
            return "money"
        if token in PERCENT:
            return "percent"
        if token in {"am", "pm", "oclock", "o'clock"}:
            return "time"
        if token in BETWEEN or token in WRITTEN or token[0].isdigit():
            continue
        return next(iter(stems(token)), "")
    return ""
