"""A list of calls as an address, and back. Pure: what `calls_url` writes, `read_query` reads as the same values.

An address holds the conditions of a `CallFilter` by the names of its fields (`outcome` and `call` may come many
times), the order, a period by name, and the page. What is left empty is no condition; only `outcome` and `call`, where
they come once and empty, mean a list of none. Times are ISO 8601; one without a zone is UTC.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.console.periods import Period
from qa.console.places import CALLS
from qa.facts.filter import CallFilter
from qa.facts.store import Order

LISTS = {"outcome": "outcomes", "call": "call_ids"}
"""Parameters that may come many times, and their fields."""
PARAMETERS = {field: name for name, field in LISTS.items()}
"""What a field is called in an address where it is not called by its own name."""
OWN = ("order", "period", "page")
"""Parameters that are no conditions."""
KNOWN = (set(CallFilter.model_fields) - set(PARAMETERS)) | set(LISTS) | set(OWN)
MIN_YEAR, MAX_YEAR = 1900, 9000
"""Times that can be told in every zone."""
MOST_FIELDS = 1000
"""More parameters than a form or a link has."""


class UnreadableAddressError(ValueError):
    """An address that means no list of calls. `problems` has what is wrong with each parameter, for people."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)


class Listing(BaseModel):
    """A list of calls as somebody asked for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wanted: CallFilter = CallFilter()
    """Without the period's times."""
    order: Order = Order.NEWEST
    period: Period | None = None
    """Holds beside `wanted.since` and `wanted.until`."""
    page: int = Field(default=1, ge=1, le=1_000_000)

    def filter(self, now: datetime) -> CallFilter:
        """The filter with the times that the period means `now`."""
        if self.period is None:
            return self.wanted
        since, until = self.period.span(now)
        sinces = [one for one in (since, self.wanted.since) if one is not None]
        untils = [one for one in (until, self.wanted.until) if one is not None]
        times = {"since": max(sinces), "until": min(untils, default=None)}
        return self.wanted.model_copy(update=times)

    @property
    def query(self) -> str:
        """The address behind the `?`; never empty, for no parameters at all mean somebody's default view."""
        named = {"period": self.period, "order": self.order, "page": self.page if self.page > 1 else None}
        own = [(name, _text(value)) for name, value in named.items() if value is not None]
        return urlencode([*_parameters(self.wanted), *own])

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{CALLS}?{self.query}"


def calls_url(wanted: CallFilter, order: Order = Order.NEWEST) -> str:
    """Where the calls of a filter are listed."""
    return Listing(wanted=wanted, order=order).url


def read_query(query: str) -> Listing:
    """The list that an address asks for, given what stands behind its `?`.

    Raises:
        UnreadableAddressError: a parameter is unknown, comes twice, or has a value that it cannot have.
    """
    given = _given(query)
    problems = dict(_misnamed(given))
    own = {name: given[name][0] for name in OWN if given.get(name, [""])[0]}
    try:
        wanted = CallFilter.model_validate(dict(_fields(given)))
        problems |= dict(_unusable(wanted))
        listing = Listing.model_validate({**own, "wanted": _aware(wanted)})
    except ValidationError as error:
        problems |= {_parameter(one["loc"]): one["msg"] for one in error.errors(include_url=False)}
    if problems:
        raise UnreadableAddressError(problems)
    return listing


def _parameters(wanted: CallFilter) -> Iterator[tuple[str, str]]:
    for field, info in CallFilter.model_fields.items():
        value = getattr(wanted, field)
        if value == info.default:
            continue
        name = PARAMETERS.get(field, field)
        if isinstance(value, tuple):
            yield from ((name, _text(one)) for one in value or ("",))
        else:
            yield name, _text(value)


def _text(value: Any) -> str:
    match value:
        case Enum():
            return str(value.value)
        case bool():
            return "1"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case float():
            return repr(value).removesuffix(".0")
    return str(value)


def _given(query: str) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise UnreadableAddressError({"address": "has too many parameters"}) from None
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value.replace("\0", "").strip())
    return given


def _misnamed(given: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for name, values in given.items():
        if name not in KNOWN:
            yield name, "is no condition of a list of calls"
        elif name not in LISTS and len(set(values)) > 1:
            yield name, "comes twice"


def _fields(given: Mapping[str, list[str]]) -> Iterator[tuple[str, object]]:
    for name, values in given.items():
        if name in LISTS:
            yield LISTS[name], [one for one in values if one]
        elif name in KNOWN and name not in OWN and values[0]:
            yield name, values[0]


def _unusable(wanted: CallFilter) -> Iterator[tuple[str, str]]:
    for name, value in wanted:
        if isinstance(value, float) and not math.isfinite(value):
            yield name, "must be a finite number"
        if isinstance(value, datetime) and not MIN_YEAR <= value.year <= MAX_YEAR:
            yield name, f"must lie in the years {MIN_YEAR} to {MAX_YEAR}"


def _aware(wanted: CallFilter) -> CallFilter:
    naive = {
        name: at.replace(tzinfo=UTC)
        for name in ("since", "until")
        if (at := getattr(wanted, name)) is not None and at.tzinfo is None
    }
    return wanted.model_copy(update=naive)


def _parameter(location: tuple[int | str, ...]) -> str:
    field = str(location[0]) if location else "address"
    return PARAMETERS.get(field, field)
