"""Lines and bars as the geometry of an SVG picture, drawn on the server: no script, and the same on paper. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from qa.metrics.metric import Unit
from qa.metrics.words import value_words

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 12, 26
"""Room for the scale, the names of the lines, and the days."""
LABEL_GAP = 14.0
MOST_DAYS_NAMED = 7


@dataclass(frozen=True)
class Mark:
    """A place with a text."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Line:
    """One metric over time. What is not known leaves a gap."""

    name: Mark
    """Beside its last point."""
    number: int
    """From 1 on: its colour and its dashes."""
    stretches: tuple[str, ...]
    """The `points` of a polyline each."""
    dots: tuple[Mark, ...]
    """Every point, with its day and value."""


@dataclass(frozen=True)
class Bar:
    """One bar."""

    x: float
    y: float
    width: float
    height: float
    text: str
    kind: str


@dataclass(frozen=True)
class Chart:
    """A picture with its scale."""

    title: str
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]
    scale: tuple[Mark, ...]
    named: tuple[Mark, ...]
    """Days or hours along the bottom."""
    width: int = WIDTH
    height: int = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    bottom: float = HEIGHT - BOTTOM


def line_chart(
    title: str, names: Sequence[str], lines: Mapping[str, Sequence[float | None]], unit: Unit
) -> Chart:
    """Lines over days. `names` tells the days; `lines` has the values of each line by its name."""
    known = [value for values in lines.values() for value in values if value is not None]
    top = 1.0 if unit is Unit.SHARE else nice_top(max(known, default=1.0))
    drawn = [
        _line(number, name, names, values, top, unit)
        for number, (name, values) in enumerate(lines.items(), start=1)
    ]
    return Chart(title, _spread(drawn), (), _scale(top, unit), _named(names, inside=False))


def bar_chart(title: str, names: Sequence[str], bars: Mapping[str, Sequence[int]]) -> Chart:
    """Bars side by side. `bars` has the heights of each kind by its name."""
    top = nice_top(max((one for values in bars.values() for one in values), default=1))
    room = (WIDTH - LEFT - RIGHT) / max(1, len(names))
    width = room * 0.8 / max(1, len(bars))
    drawn = []
    for order, (kind, values) in enumerate(bars.items()):
        for place, value in enumerate(values):
            x = LEFT + room * (place + 0.1) + width * order
            y = _y(value, top)
            text = f"{names[place]}: {value} {kind}"
            drawn.append(
                Bar(round(x, 1), y, round(width, 1), round(HEIGHT - BOTTOM - y, 1), text, f"bar-{order + 1}")
            )
    return Chart(title, (), tuple(drawn), _scale(top, Unit.COUNT), _named(names, inside=True))


def nice_top(most: float) -> float:
    """The end of a scale: the next of 1, 2, 5, 10, … that everything fits under."""
    if most <= 0:
        return 1.0
    size = 10.0 ** floor(log10(most))
    return next(step * size for step in (1, 2, 5, 10) if step * size >= most * (1 - 1e-9))


def _line(
    number: int, name: str, days: Sequence[str], values: Sequence[float | None], top: float, unit: Unit
) -> Line:
    stretches: list[list[Mark]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            stretches.append([])
            continue
        text = f"{days[place]}: {name} {value_words(value, unit)}"
        stretches[-1].append(Mark(_x(place, len(values)), _y(value, top), text))
    dots = tuple(mark for one in stretches for mark in one)
    end = dots[-1] if dots else Mark(LEFT, HEIGHT - BOTTOM, "")
    points = tuple(" ".join(f"{mark.x},{mark.y}" for mark in one) for one in stretches if len(one) > 1)
    return Line(Mark(WIDTH - RIGHT + 8, end.y + 4, name), number, points, dots)


def _spread(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with their names moved apart, so that none covers another."""
    placed: dict[int, Line] = {}
    last = -LABEL_GAP
    for line in sorted(lines, key=lambda one: one.name.y):
        y = max(line.name.y, last + LABEL_GAP)
        last = y
        placed[line.number] = Line(
            Mark(line.name.x, round(y, 1), line.name.text), line.number, line.stretches, line.dots
        )
    return tuple(placed[number] for number in sorted(placed))


def _x(place: int, of: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (place / (of - 1) if of > 1 else 0.5), 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(1.0, value / top), 1)


def _scale(top: float, unit: Unit) -> tuple[Mark, ...]:
    return tuple(
        Mark(LEFT - 8, _y(part * top, top), value_words(part * top, unit)) for part in (0.0, 0.5, 1.0)
    )


def _named(names: Sequence[str], *, inside: bool) -> tuple[Mark, ...]:
    every = max(1, ceil(len(names) / MOST_DAYS_NAMED))
    room = (WIDTH - LEFT - RIGHT) / max(1, len(names))
    return tuple(
        Mark(
            round(LEFT + room * (place + 0.5), 1) if inside else _x(place, len(names)),
            HEIGHT - 8,
            name,
        )
        for place, name in enumerate(names)
        if place % every == 0
    )
