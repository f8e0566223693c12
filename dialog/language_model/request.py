"""What a language model is asked, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Turn = tuple[Literal["caller", "assistant"], str]


@dataclass(frozen=True)
class ModelRequest:
    """One turn of a caller, with all that a model may know of it. No identity, no account, no amounts."""

    caller_text: str
    turns: Sequence[Turn] = ()
    """What was said before, oldest first."""
    open_question: str | None = None
    """What the caller was asked last and has not answered."""
    slots: Sequence[str] = ()
    """The values that are wanted now."""
    flows: Mapping[str, str] = field(default_factory=dict)
    """The flows that may be started, with their titles."""
    articles: Mapping[str, str] = field(default_factory=dict)
    """The texts that an answer may be made of, by id."""
    persona: str = ""
    """How the assistant speaks."""
    understand: bool = True
    """It may propose flows and values."""
    phrase: bool = True
    """It may phrase an answer."""
    budget_s: float = 0.8
    """After so many seconds its proposal is not waited for."""


class Outcome(StrEnum):
    """What came of asking. Names never change meaning."""

    PROPOSED = "proposed"
    NOTHING = "nothing"
    """It answered in form, and nothing of it may be used; each dropped part has its reason."""
    SLOW = "slow"
    """No whole answer within the budget."""
    WRONG = "wrong"
    """An answer that is not in the form that was asked for."""
    ABSENT = "absent"
    """It could not be reached, or its server failed."""
    REFUSED = "refused"
    """The server or the model declined."""
    LEFT = "left"
    """The call was over before it answered."""


class Drop(StrEnum):
    """Why a part of an answer was not used. Names never change meaning."""

    UNKNOWN_FLOW = "unknown_flow"
    UNKNOWN_SLOT = "unknown_slot"
    UNKNOWN_ARTICLE = "unknown_article"
    NOT_SAID = "not_said"
    """A value that is not in the caller's own words."""
    NOT_ALLOWED = "not_allowed"
    """The playbook does not let a model do that."""
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    NO_SOURCE = "no_source"
    """A reply that names no article."""
    NO_ANSWER = "no_answer"
    """An article to answer from, and no reply that may be said."""
    NUMBER = "number"
    """A number, price, date or code that no article holds."""
    NAME = "name"
    """A name or an address that no article holds."""
    PROMISE = "promise"
    """A commitment that no article makes."""
    CONTRADICTED = "contradicted"
    """A no where the articles have none, or none where they have one."""
    UNGROUNDED = "ungrounded"
    """Too many words that no article holds."""
    NOT_SPEECH = "not_speech"
    """Markup, code, or characters that cannot be spoken."""


@dataclass(frozen=True)
class Consultation:
    """What came of one request, for the event."""

    outcome: Outcome
    dropped: tuple[Drop, ...] = ()
    detail: str = ""
    """The rule or the kind of error, in words; never what the caller or the model said."""
    model: str = ""
    """As the provider names it in its answer; where there was none, as the settings do."""
    tokens_in: int | None = None
    """How many tokens the provider says that it read; None where it has not told, or nobody waited for it."""
    tokens_out: int | None = None
    """How many it wrote."""
