"""The values that the templates of a briefing may use, for the ear and for the eye."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from dialog import phrasing
from handoff.briefing.quoting import HIDDEN, LEFT_OUT, one_line, orders_keys, without_cards

MOST_CHARACTERS = 60
"""A value of the company's system is told so far."""


_AMOUNT = re.compile(r"(?P<amount>\b\d+(?:\.\d\d)?) (?P<currency>euros|dollars|pounds)\b")
_NUMBER = re.compile(r"\b\d{4,}\b")


@dataclass(frozen=True)
class Told:
    """The same for the eye and for the ear."""

    text: str
    said: str


def plain(value: JsonValue) -> JsonValue:
    """A value fit to be told: on one line, short, without the number of a card, at any depth."""
    if isinstance(value, str):
        text = without_cards(one_line(value))
        return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS].rstrip() + HIDDEN
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if one is not None}
    return value


def from_caller(value: JsonValue) -> JsonValue:
    """The same of a value that may hold words of the caller's: no order about keys gets through as ours."""
    if isinstance(value, str) and orders_keys(value):
        return LEFT_OUT
    return plain(value)


def fill(template: str, values: Mapping[str, JsonValue]) -> Told | None:
    """A template with its values; None where one is missing or does not fit."""
    known = {name: value for name, value in values.items() if value is not None}
    try:
        return Told(phrasing.fill(template, known, written=True), phrasing.fill(template, known))
    except phrasing.TemplateError:
        return None


def fillable(templates: Iterable[str], values: Mapping[str, JsonValue]) -> list[Told]:
    """Those of the templates whose values are there, in their order."""
    return [told for one in templates if (told := fill(one, values)) is not None]


def speakable(text: str) -> str:
    """`text` with amounts and numbers that are names as people say them: `order 4711`, `34.90 euros`."""
    paid = _AMOUNT.sub(lambda one: phrasing.money(one["amount"], one["currency"]), text)
    return _NUMBER.sub(lambda one: phrasing.spell(one[0]), paid)


def sentence(text: str) -> str:
    """`text` with a capital letter and a full stop."""
    text = text.strip()
    ended = text if text.endswith((".", "?", "!")) else f"{text}."
    return ended[:1].upper() + ended[1:]
