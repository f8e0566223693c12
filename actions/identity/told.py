"""What a caller has told of themselves, as the arguments of an action."""

import json
import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from actions.identity.births import FIRST_YEAR, LAST_YEAR
from actions.identity.matching import Heard, Told
from actions.registry import Arguments

MOST_ATTEMPTS = 3
"""Who says more than so many things is guessing."""
MOST_HEARD = 20
"""Values of one attempt."""
LIKELIEST, LESS = 1.0, 0.7
"""How sure the first of several bare values is, and by how much less each further one."""
DATE = re.compile(r"(\d{4}|\?{4})-(\d\d|\?\?)-(\d\d|\?\?)")


class HeardValue(BaseModel):
    """Something that may have been heard, and how likely."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Annotated[str, Field(max_length=80)]
    score: Annotated[float, Field(ge=0, le=1)]


def _attempts(value: object) -> object:
    """Attempts as they are; or bare values, all of one attempt: one, several in a list, or in a text as JSON or with
    bars between them."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else value.split("|")
    if isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value):
        return (tuple({"value": one, "score": LIKELIEST * LESS**place} for place, one in enumerate(value)),)
    return value


HeardAttempts = Annotated[
    tuple[Annotated[tuple[HeardValue, ...], Field(max_length=MOST_HEARD)], ...],
    BeforeValidator(_attempts),
    Field(max_length=MOST_ATTEMPTS),
]


class IdentifyArguments(Arguments):
    """What is known of a caller. At least one thing must have been said."""

    caller_number: str | None = None
    postcode: HeardAttempts = ()
    name: HeardAttempts = ()
    birth_date: HeardAttempts = ()

    @property
    def told(self) -> Told:
        """What was said. Dates that none can be are left out."""
        dates = [[one for one in attempt if _is_date(one.value)] for attempt in self.birth_date]
        return Told(_heard(self.postcode), _heard(self.name), _heard(dates))


def _heard(attempts: Sequence[Sequence[HeardValue]]) -> tuple[tuple[Heard, ...], ...]:
    heard = (tuple(Heard(one.value, one.score) for one in attempt if one.score > 0) for attempt in attempts)
    return tuple(attempt for attempt in heard if attempt)


def _is_date(value: str) -> bool:
    match = DATE.fullmatch(value)
    return match is not None and (match[1] == "????" or FIRST_YEAR <= int(match[1]) <= LAST_YEAR)
