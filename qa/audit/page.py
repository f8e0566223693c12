"""An audit as one HTML file that needs nothing else: its look and its pictures are in it."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.audit.report import Audit, Category
from qa.audit.suggestions import suggested

FOLDER = Path(__file__).parent
TOP = 10
ROW = 34
WIDTH, LEFT, RIGHT = 760, 210, 110
"""Of the bars, in pixels: the names to the left, the figures to the right."""
PLOT_HEIGHT, MARGIN = 320, 48


@dataclass(frozen=True)
class Bar:
    """One category of the first picture."""

    category: Category
    y: int
    width: float
    informative: float
    """The part that an answer alone would serve."""


@dataclass(frozen=True)
class Dot:
    """One category of the second picture."""

    category: Category
    number: int
    x: float
    y: float
    radius: float


def page(audit: Audit) -> str:
    """The report."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    top = audit.categories[:TOP]
    return environment.get_template("report.html").render(
        audit=audit,
        bars=bars(top),
        dots=dots(audit.wishes),
        height=ROW * len(top) + 8,
        width=WIDTH,
        left=LEFT,
        plot_height=PLOT_HEIGHT,
        margin=MARGIN,
        yaml=suggested(audit),
    )


def bars(categories: tuple[Category, ...]) -> list[Bar]:
    """The volumes, the largest as long as there is room."""
    longest = max((one.volume for one in categories), default=1)
    room = WIDTH - LEFT - RIGHT
    return [
        Bar(
            one,
            ROW * place,
            round(room * one.volume / longest, 1),
            round(room * one.gain / longest, 1),
        )
        for place, one in enumerate(categories)
    ]


def dots(categories: tuple[Category, ...]) -> list[Dot]:
    """Volume to the right, share of information upwards: what stands far up and to the right comes first."""
    longest = max((one.volume for one in categories), default=1)
    return [
        Dot(
            one,
            number,
            round(MARGIN + (WIDTH - 2 * MARGIN) * one.volume / longest, 1),
            round(PLOT_HEIGHT - MARGIN - (PLOT_HEIGHT - 2 * MARGIN) * one.information_only, 1),
            round(6 + 8 * (one.gain / max(1, longest)) ** 0.5, 1),
        )
        for number, one in enumerate(categories, start=1)
    ]
