"""Sentences for the ear: templates, and how numbers and dates are said."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from num2words import num2words

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
GROUP = 3
"""Long numbers are said in groups of this many digits, the last group one longer if need be."""
WHOLE = 4
"""Up to this many digits are said in one breath."""


class TemplateError(ValueError):
    """A template that cannot be read or filled; the text names the rule, not the values."""


def spell(value: object) -> str:
    """A number digit by digit, in groups: `4711` → `four seven one one`. Other characters are left out."""
    digits = [DIGITS[int(one)] for one in str(value) if one.isascii() and one.isdigit()]
    if len(digits) <= WHOLE:
        return " ".join(digits)
    groups = [digits[start : start + GROUP] for start in range(0, len(digits), GROUP)]
    if len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return ", ".join(" ".join(group) for group in groups)


def spoken_date(value: object) -> str:
    """An ISO date as said: `2026-11-25` → `Wednesday, November the twenty-fifth`.

    Raises:
        TemplateError: it is no date.
    """
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise TemplateError("date needs an ISO date") from None
    return f"{day:%A}, {day:%B} the {num2words(day.day, to='ordinal', lang='en')}"


def fill(template: str, values: Mapping[str, object]) -> str:
    """The sentence with its values.

    Raises:
        TemplateError: it uses a value that is missing.
    """
    try:
        return _compiled(template).render(values)
    except JinjaError as error:
        raise TemplateError(f"cannot be filled: {type(error).__name__}") from error


def names_in(template: str) -> set[str]:
    """The names that a template uses.

    Raises:
        TemplateError: it cannot be read.
    """
    try:
        tree = _environment().parse(template)
        _compiled(template)
    except (TemplateSyntaxError, JinjaError) as error:
        raise TemplateError(f"is not a template: {error}") from None
    return meta.find_undeclared_variables(tree)


@lru_cache(maxsize=4096)
def _compiled(template: str) -> Template:
    """Compiled once: a playbook says the same sentences in every call."""
    return _environment().from_string(template)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters["spell"] = spell
    environment.filters["date"] = spoken_date
    return environment
