"""The charts of a call in the units of their SVGs: across in percent of the axis, down in pixels. Pure."""

from collections.abc import Sequence

from qa.replay.axis import Axis
from qa.replay.curves import Answer, Course, Point
from qa.replay.peaks import FULL, Peaks
from qa.replay.values import Shown

HEIGHT = 56
"""Of each chart."""
EDGE = 5
ACROSS = 1000
"""Units of a polyline across; it is stretched to the axis."""
MOST_ANSWER_S = 2.0
"""The height of the chart of answers; a longer one is drawn as high, and told in words."""
LEG_PEAKS = 400


class Dot(Shown):
    """A value of a curve."""

    x: float
    y: float
    words: str
    low: bool


class Curve(Shown):
    """A curve with its threshold."""

    polyline: str
    dots: tuple[Dot, ...]
    threshold_y: float


class Block(Shown):
    """One stage of a column."""

    name: str
    y: float
    height: float


class Column(Shown):
    """One answer."""

    x: float
    words: str
    blocks: tuple[Block, ...]
    total_y: float
    at_s: float


def curve(
    points: Sequence[Point], axis: Axis, least: float, threshold: float, *, signed: bool = False
) -> Curve:
    """A curve from `least` to 1."""
    dots = tuple(
        Dot(
            x=axis.percent(one.at_s),
            y=_down(one.value, least),
            words=f"{_place(one.at_s)}: " + (f"{one.value:+.2f}" if signed else f"{one.value:.0%}"),
            low=one.value <= threshold,
        )
        for one in points
    )
    line = " ".join(f"{dot.x * ACROSS / 100:.1f},{dot.y}" for dot in dots)
    return Curve(polyline=line, dots=dots, threshold_y=_down(threshold, least))


def columns(course: Sequence[Course], axis: Axis) -> tuple[Column, ...]:
    """The answers, each at the caller's last sound."""
    return tuple(_column(one.title, one.answer, axis) for one in course if one.answer is not None)


def slow_y(seconds: float) -> float:
    """Where a latency lies."""
    return round(HEIGHT * (1 - min(1.0, seconds / MOST_ANSWER_S)), 1)


def leg_wave(peaks: Peaks) -> str:
    """A leg's recording as the points of a polygon, 1000 across and 100 down: both channels together."""
    left, right = peaks.channels
    loud = [max(pair) for pair in zip(left, right, strict=True)]
    each = max(1, -(-len(loud) // LEG_PEAKS))
    tops = [max(loud[at : at + each]) for at in range(0, len(loud), each)]
    if not tops:
        return ""
    upper = [f"{_across(n, len(tops))},{50 - 48 * top / FULL:.1f}" for n, top in enumerate(tops)]
    lower = [f"{_across(n, len(tops))},{50 + 48 * top / FULL:.1f}" for n, top in enumerate(tops)]
    return " ".join([*upper, *reversed(lower)])


def _across(number: int, count: int) -> str:
    return f"{ACROSS * number / max(1, count - 1):.1f}"


def _down(value: float, least: float) -> float:
    part = (min(1.0, max(least, value)) - least) / (1.0 - least)
    return round(EDGE + (1 - part) * (HEIGHT - 2 * EDGE), 1)


def _column(title: str, answer: Answer, axis: Axis) -> Column:
    blocks = []
    for stage in answer.stages:
        top, bottom = slow_y(stage.start_s + stage.seconds), slow_y(stage.start_s)
        blocks.append(Block(name=stage.name, y=top, height=round(bottom - top, 1)))
    return Column(
        x=axis.percent(answer.at_s),
        words=f"{title}: {answer.words}",
        blocks=tuple(blocks),
        total_y=slow_y(answer.total_s),
        at_s=answer.at_s,
    )


def _place(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
