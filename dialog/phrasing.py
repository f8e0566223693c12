"""Sentences for the ear: templates, and how the values in them are said."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache, partial

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from num2words import num2words

from dialog.grammar.kinds import SlotKind
from dialog.grammar.read_back import number, read_back


class TemplateError(ValueError):
    """A template that cannot be read or filled; the text names the rule, not the values."""


def spell(value: object) -> str:
    """A number digit by digit, in groups: `4711` → `four seven one one`. Other characters are left out."""
    return number(str(value).lstrip("+"))


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


def careful(value: object, attempt: int = 1, *, kind: SlotKind) -> str:
    """A value read back so that the caller can check it; from the second attempt on letter by letter."""
    return read_back(value, kind, attempt)


def money(value: object, currency: str = "") -> str:
    """An amount: `49.9` in `euros` → `forty-nine euros ninety`; without a currency only its number."""
    return read_back(value, SlotKind.MONEY, currency=currency)


FILTERS: Mapping[str, Callable[..., str]] = {
    "spell": spell,
    "date": spoken_date,
    "code": partial(careful, kind=SlotKind.CODE),
    "postcode": partial(careful, kind=SlotKind.POSTCODE),
    "name": partial(careful, kind=SlotKind.NAME),
    "email": partial(careful, kind=SlotKind.EMAIL),
    "phone": partial(careful, kind=SlotKind.PHONE),
    "full_date": partial(careful, kind=SlotKind.DATE),
    "time": partial(careful, kind=SlotKind.TIME),
    "money": money,
}
"""What templates may do to a value, besides what Jinja brings along."""


def _written_money(value: object, currency: str = "") -> str:
    return f"{float(str(value)):.2f} {currency}".strip()


WRITTEN: Mapping[str, Callable[..., str]] = {
    **{name: lambda value, *_, **__: str(value) for name in FILTERS},
    "money": _written_money,
}
"""The same for the eye: values as they are written."""


def fill(template: str, values: Mapping[str, object], *, written: bool = False) -> str:
    """The sentence with its values; `written`: for the eye and not for the ear.

    Raises:
        TemplateError: it uses a value that is missing, or a filter that does not fit the value.
    """
    try:
        return _compiled(template, written=written).render(values)
    except TemplateError:
        raise
    except (JinjaError, ValueError, TypeError, ArithmeticError) as error:
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
def _compiled(template: str, *, written: bool = False) -> Template:
    """Compiled once: a playbook says the same sentences in every call."""
    return _environment(written=written).from_string(template)


@cache
def _environment(*, written: bool = False) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters.update(WRITTEN if written else FILTERS)
    return environment
