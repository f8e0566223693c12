"""`queues.yaml`: people who take calls, when they are there, and what callers are asked afterwards."""

import re
from datetime import date, time
from typing import Annotated
from zoneinfo import ZoneInfo

from phonenumbers import SUPPORTED_REGIONS
from pydantic import Field, field_validator, model_validator

from dialog.parts import Name, Text
from dialog.schema.part import Part


class Hours(Part):
    """When people are there: the days `mon` to `sun`, each a list of `08:00-18:00`."""

    mon: tuple[str, ...] = ()
    tue: tuple[str, ...] = ()
    wed: tuple[str, ...] = ()
    thu: tuple[str, ...] = ()
    fri: tuple[str, ...] = ()
    sat: tuple[str, ...] = ()
    sun: tuple[str, ...] = ()
    closed_on: tuple[date, ...] = ()

    @field_validator("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    @classmethod
    def _spans(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for span in value:
            _span(span)
        return value

    def spans(self, weekday: int) -> tuple[tuple[time, time], ...]:
        """The opening times of a weekday, 0 for Monday."""
        days = (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)
        return tuple(_span(span) for span in days[weekday])


def _span(text: str) -> tuple[time, time]:
    match = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", text)
    if match is None:
        raise ValueError(f"{text} must be written like 08:00-18:00")
    first, last = time.fromisoformat(match[1]), time.fromisoformat(match[2])
    if first >= last:
        raise ValueError(f"{text} ends before it begins")
    return first, last


class QueueLimits(Part):
    """How long the people of a queue are rung, and how often."""

    ring_s: Annotated[float, Field(ge=5, le=120)] = 20.0
    """Seconds that one of them is rung."""
    key_s: Annotated[float, Field(ge=5, le=1800)] = 75.0
    """Seconds from answer to key. A telephone exchange that answers before its people do needs its own waiting time."""
    patience_s: Annotated[float, Field(ge=10, le=1800)] = 120.0
    """Seconds that a caller is kept on hold in all."""
    most_legs: Annotated[int, Field(ge=1, le=20)] = 6
    """How many are rung at most for one caller."""
    at_once: Annotated[int, Field(ge=1, le=5)] = 1
    """How many are rung at the same time: the first to press 1 has the call."""
    wrap_up_s: Annotated[float, Field(ge=0, le=1800)] = 30.0
    """Seconds that one of our own agents has for writing down what came of a call."""

    @model_validator(mode="after")
    def _fit(self) -> "QueueLimits":
        if self.at_once > self.most_legs:
            raise ValueError("at_once must not be more than most_legs")
        if self.ring_s > self.patience_s:
            raise ValueError("ring_s must not be longer than patience_s")
        return self


DISPOSITIONS: dict[str, str] = {
    "solved": "Solved",
    "follow_up": "Something is still to be done",
    "passed_on": "Passed on to somebody else",
    "not_possible": "What was wanted is not possible",
    "caller_gone": "The caller hung up before it was settled",
    "wrong_number": "Wrong number, or no matter of ours",
}


class Queue(Part):
    """People who take calls."""

    name: Text
    """As callers hear it: `our returns team`."""
    skills: tuple[Name, ...] = ()
    """What one of our own agents must have, all of it."""
    targets: tuple[Annotated[str, Field(pattern=r"^sips?:[^\s<>]+$")], ...] = ()
    """The only outside addresses that may be rung, in order."""
    people_first: bool = True
    """Whether our own agents are rung before `targets`, or after them."""
    hours: Hours | None = None
    """Without it, the company's."""
    overflow: Name | None = None
    """The queue that takes over when nobody answers."""
    limits: QueueLimits = QueueLimits()
    introduction: Text | None = None
    """What the caller hears from the assistant just before they are connected, word for word."""
    dispositions: Annotated[dict[Name, Text], Field(min_length=1)] = DISPOSITIONS
    """What an agent may say of a call that they took: a code, which figures count, with its words for the desk."""

    @field_validator("introduction")
    @classmethod
    def _is_plain(cls, value: str | None) -> str | None:
        if value is not None and ("{{" in value or "{%" in value):
            raise ValueError("is said as it stands and takes no values")
        return value


class SurveyPart(Part):
    """One question, answered by a key from 1 to 5."""

    ask: Text
    retry: Text = "Please press a key from 1 to 5, or just hang up."


class Survey(Part):
    """What callers are asked after a call that a human took: by keypad, and by the carrier's own voice."""

    enabled: bool = True
    introduction: Text = (
        "Before you go: may we ask you two short questions? Press a key from 1, bad, to 5, very good."
    )
    assistant: SurveyPart | None = SurveyPart(ask="How was our automated assistant?")
    """Without it, this is not asked."""
    agent: SurveyPart | None = SurveyPart(ask="And how was the colleague you spoke to?")
    """Without it, this is not asked."""
    thanks: Text = "Thank you. Goodbye."
    wait_s: Annotated[int, Field(ge=2, le=30)] = 6
    """Seconds that a key is waited for."""


class QueuesFile(Part):
    """`queues.yaml`."""

    timezone: str = "UTC"
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """The country of telephone numbers that are keyed in without a country code, such as `DE`."""
    hours: Hours = Hours()
    queues: dict[Name, Queue] = {}
    survey: Survey = Survey()
    hold_music: Annotated[str, Field(pattern=r"^[\w][\w.-]*\.wav$")] | None = None
    """A WAV file in the playbook's folder, 1 to 600 s long. Without it, Warmline's own."""

    @field_validator("timezone")
    @classmethod
    def _exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError):
            raise ValueError("must be a time zone such as Europe/Berlin") from None
        return value

    @field_validator("region")
    @classmethod
    def _has_numbers(cls, value: str | None) -> str | None:
        if value is not None and value not in SUPPORTED_REGIONS:
            raise ValueError("must be a country such as DE")
        return value
