"""What an operator says of the metrics: what things cost, what a fast answer is, what must be told. One YAML file."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Amount = Annotated[float, Field(ge=0)]


class Part(BaseModel):
    """Base of all parts: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TokenPrices(Part):
    """What a language model costs."""

    million_in: Amount
    """Of a million tokens that it reads."""
    million_out: Amount
    """Of a million that it writes."""


class Costs(Part):
    """What things cost, in one currency."""

    currency: str = "EUR"
    telephony_minute: Amount
    """Of every minute of a call: the carrier."""
    compute_minute: Amount = 0.0
    """Of every minute that the assistant speaks with a caller: machines."""
    language_model: TokenPrices | None = None
    """None: it costs nothing by itself, or nobody has said what; then its figures are not known."""
    human_minute: Amount
    """Of every minute that an agent is briefed, talks, and writes down what came of it."""
    fixed_day: Amount = 0.0
    """A day, whoever calls: licences, numbers, people who look after it."""


class ServiceLevel(Part):
    """Which share of callers who wait for a human should be answered how soon."""

    within_s: Annotated[float, Field(gt=0)] = 20.0
    share: Annotated[float, Field(gt=0, le=1)] = 0.8
    """What is aimed at; shown beside the figure."""
    short_abandon_s: Amount = 5.0
    """Who hangs up sooner than that is not counted: they have not waited."""


class Sign(StrEnum):
    """On which side of a value it is time to tell somebody."""

    ABOVE = "above"
    BELOW = "below"


class Alert(Part):
    """A metric that must not go beyond a value."""

    metric: str
    above: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.above is None) == (self.below is None):
            raise ValueError("must have one of above and below")
        return self

    @property
    def sign(self) -> Sign:
        """The side."""
        return Sign.ABOVE if self.above is not None else Sign.BELOW

    @property
    def limit(self) -> float:
        """The value: shares from 0 to 1, times in seconds."""
        return self.above if self.above is not None else self.below or 0.0

    def rings(self, value: float | None) -> bool:
        """Whether a value is beyond the limit. One that is not known is not."""
        if value is None:
            return False
        return value > self.limit if self.sign is Sign.ABOVE else value < self.limit


class Rules(Part):
    """All of it."""

    costs: Costs | None = None
    """None: nobody has said what things cost, and no figure pretends to know."""
    service_level: ServiceLevel = ServiceLevel()
    wrap_up_most_s: Amount = 600.0
    """After-call work counts up to this: what came of a call may be written down an hour later."""
    unsolved: tuple[str, ...] = ("follow_up", "passed_on", "not_possible", "caller_gone", "wrong_number")
    """Dispositions that say that a caller's matter was not settled."""
    alerts: tuple[Alert, ...] = ()
