"""Figures for people and for machines."""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from qa.statistics import percentile

__all__ = ["percentile", "print_bars", "print_json", "print_table", "tell"]

BAR = 40
Figures = TypeVar("Figures")


def parser_of(name: str, doc: str | None) -> argparse.ArgumentParser:
    """What reads the command line of `python -m bench.<name>`; its help begins with the module's docstring `doc`."""
    return argparse.ArgumentParser(
        prog=f"python -m bench.{name}",
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def print_json(figures: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(figures, indent=2))


def tell(figures: Figures, show: Callable[[Console, Figures], None], *, as_json: bool) -> None:
    """As JSON for machines, as `show` does it for people."""
    if as_json:
        print_json(figures)
    else:
        show(Console(), figures)


def print_table(
    console: Console, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """A table, numbers to the right."""
    table = Table(title=title, title_justify="left", box=None, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console.print(table)


def print_bars(
    console: Console,
    title: str,
    rows: Sequence[tuple[str, float | None]],
    unit: str,
    limit: float | None = None,
) -> None:
    """A picture: one bar a row, and a mark at the limit that counts."""
    values = [value for _, value in rows if value is not None]
    longest = max([*values, limit or 0.0], default=0.0) or 1.0
    console.print(f"[bold]{title}[/bold]")
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        if value is None:
            console.print(f"  {name:<{width}}  not measured", highlight=False)
            continue
        length = round(value / longest * BAR)
        over = limit is not None and value > limit
        bar = ("█" * length).ljust(BAR + 1)
        if limit is not None:
            at = round(limit / longest * BAR)
            bar = bar[:at] + "│" + bar[at + 1 :]
        console.print(
            f"  {name:<{width}}  [{'red' if over else 'green'}]{bar}[/] {value:g} {unit}", highlight=False
        )


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
