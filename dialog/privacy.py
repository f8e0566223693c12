"""What a company keeps, and for how long: the model of `privacy.yaml`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from calls.redaction.find import RULES
from calls.redaction.kinds import ALWAYS, Kind

Days = Annotated[int, Field(ge=1, le=36_500)]


class Part(BaseModel):
    """Base of all parts of the file: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Keep(Part):
    """After how many days each kind of data is deleted, counted from the beginning of the call; None: never."""

    audio: Days | None = None
    """Recordings of calls and of the legs of agents."""
    transcripts: Days | None = None
    """All words in the events, and what was said for searching."""
    events: Days | None = None
    """The events themselves, and with them ledger, transfers and one-time codes."""
    facts: Days | None = None
    """The few values of each call that figures are counted from."""
    reviews: Days | None = None
    """Comments, evaluations, corrections, and whatever else hangs on a call."""
    access_log: Days | None = None
    """Who has accessed what; from the day of the access."""
    promises: Days | None = None
    """Numbers of call-backs that are kept or given up, from the day on which that was so."""


class PrivacyRules(Part):
    """`privacy.yaml`. Without the file: card data, codes and bank accounts are redacted, and nothing expires."""

    redact: tuple[Kind, ...] = ()
    """Kinds that are redacted besides card data, codes and bank accounts."""
    keep: Keep = Keep()
    count_deleted: bool = False
    """Whether calls that are deleted on request stay counted by day and outcome."""
    region: str | None = None
    """The country of numbers that are looked up without a country code, such as `DE`."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """All kinds that are redacted."""
        return ALWAYS | frozenset(self.redact)

    @property
    def version(self) -> str:
        """Changes when the same call would be redacted otherwise."""
        extra = sorted(kind.value for kind in self.kinds - ALWAYS)
        return "+".join([RULES, *(one[:10] for one in extra)])
