"""What a dashboard's address asks for, and the addresses of everything on it. Pure: all state is in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from qa.console.places import QA
from qa.metrics.narrow import Cell
from qa.metrics.period import CUSTOM, Period, choose
from qa.metrics.sample import Choice

FIGURES = f"{QA}/figures"
DIGEST = f"{QA}/digest"
USUAL = "7d"
PERIODS = {"today": "Today", "7d": "7 days", "28d": "28 days"}
OTHERS = "others"
"""Of a share: the calls that were counted and are not in it."""
EVERY_CALL = Choice()
LONGEST = 200
"""Characters of a value: more is nobody's queue."""


@dataclass(frozen=True)
class Asked:
    """A dashboard as somebody asked for it."""

    period: str = USUAL
    first: str = ""
    last: str = ""
    choice: Choice = EVERY_CALL

    def chosen(self, now: datetime, zone: ZoneInfo) -> Period:
        """The period.

        Raises:
            PeriodError: it is none.
        """
        return choose(self.period, self.first, self.last, now, zone)

    @property
    def parameters(self) -> dict[str, str]:
        """As they stand in an address; what is usual or empty is left out."""
        all_of_them = {
            "period": self.period if self.period != USUAL else "",
            "first": self.first if self.period == CUSTOM else "",
            "last": self.last if self.period == CUSTOM else "",
            "queue": self.choice.queue,
            "intent": self.choice.intent,
            "playbook": self.choice.playbook,
        }
        return {name: value for name, value in all_of_them.items() if value}

    @property
    def url(self) -> str:
        """The dashboard's address."""
        return _address(QA, self.parameters)

    def of_period(self, name: str) -> "Asked":
        """The same for another period."""
        return replace(self, period=name, first="", last="")

    def of_intent(self, intent: str) -> "Asked":
        """The same for one intent."""
        return replace(self, choice=replace(self.choice, intent=intent))

    def figure_url(
        self, metric: str, cell: Cell | None = None, *, others: bool = False, page: int = 1
    ) -> str:
        """Where the calls behind a figure, or behind one cell of a table, are listed."""
        cells = {name: str(value) for name, value in vars(cell or Cell()).items() if value is not None}
        more = {"show": OTHERS} if others else {}
        pages = {"page": str(page)} if page > 1 else {}
        return _address(f"{FIGURES}/{metric}", {**self.parameters, **cells, **more, **pages})


def read_asked(query: Mapping[str, str]) -> Asked:
    """What an address asks for. An unknown period is refused when it is chosen, not here."""

    def text(name: str) -> str:
        return query.get(name, "").replace("\0", "").strip()[:LONGEST]

    return Asked(
        text("period") or USUAL,
        text("first"),
        text("last"),
        Choice(text("queue"), text("intent"), text("playbook")),
    )


def read_cell(query: Mapping[str, str]) -> Cell:
    """The cell of a table that an address means; what cannot be read is no condition."""
    return Cell(
        query.get("reason"),
        query.get("outcome"),
        _within(query.get("weekday"), 7),
        _within(query.get("hour"), 24),
    )


def digest_url(day: date) -> str:
    """Where the digest of a day is."""
    return f"{DIGEST}?{urlencode({'day': day.isoformat()})}"


def _within(text: str | None, end: int) -> int | None:
    if text is None or not text.isdecimal():
        return None
    return int(text) if int(text) < end else None


def _address(path: str, parameters: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
