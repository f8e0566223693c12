"""Figures in words: for pages, the digest and the terminal. Pure."""

from qa.metrics.compare import Course, Reckoned
from qa.metrics.metric import Unit

UNKNOWN = "–"
SMALL = 0.1
"""Less money than that is told with four places."""
MINUS = "\u2212"
FORMATS = {
    Unit.SHARE: "{:.1f} %",
    Unit.COUNT: "{:,.0f}",
    Unit.NUMBER: "{:.2f}",
    Unit.SCORE: "{:.1f}",
}
COURSES = {
    Course.BETTER: "better",
    Course.WORSE: "worse",
    Course.CHANGED: "changed",
    Course.STEADY: "no more than chance",
    Course.UNKNOWN: "nothing to compare with",
}
ARROWS = {True: "▲", False: "▼"}


def value_words(value: float | None, unit: Unit, currency: str = "") -> str:
    """A value with its unit."""
    if value is None:
        return UNKNOWN
    if unit is Unit.SECONDS:
        return _seconds(value)
    if unit is Unit.POINTS:
        return f"{_signed(value * 100, 1)} points"
    if unit is Unit.MONEY:
        return f"{_money(value)} {currency}".rstrip()
    shown = value * 100 if unit is Unit.SHARE else value
    return FORMATS[unit].format(shown)


def change_words(one: Reckoned, currency: str = "") -> str:
    """What has changed, with its sign and unit; empty where nothing can be compared."""
    if one.change is None:
        return ""
    if one.metric.unit is Unit.POINTS:
        low, high = one.now.low or 0.0, one.now.high or 0.0
        return f"95 % between {_signed(low * 100, 1)} and {_signed(high * 100, 1)}"
    if one.metric.unit is Unit.SHARE:
        return f"{_signed(one.change * 100, 1)} points"
    sign = MINUS if one.change < 0 else "+"
    return f"{sign}{value_words(abs(one.change), one.metric.unit, currency)}"


def arrow(one: Reckoned) -> str:
    """Up or down; empty where it has not changed, or nobody can tell."""
    if not one.change or one.course is Course.STEADY:
        return ""
    return ARROWS[one.change > 0]


def course_words(one: Reckoned) -> str:
    """Whether that is better or worse."""
    return COURSES[one.course]


def _signed(value: float, digits: int) -> str:
    text = f"{abs(value):.{digits}f}"
    return f"{MINUS if value < 0 else '+'}{text}"


def _money(value: float) -> str:
    """What a language model takes for a call is a part of a cent."""
    small = 0 < abs(value) < SMALL
    return f"{value:,.{4 if small else 2}f}"


def _seconds(value: float) -> str:
    if value >= 60:
        whole = round(value)
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
