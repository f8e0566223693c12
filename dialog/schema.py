"""What may stand in the files of a playbook."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

END = "end"
HANG_UP = "hang_up"
TARGETS = frozenset({END, HANG_UP})
"""Where a `go` may lead besides a step or a flow: back to an open question, or to the end of the call."""

Text = Annotated[str, Field(min_length=1, max_length=400)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Ladder = Annotated[tuple[Text, ...], Field(min_length=1)]


class Part(BaseModel):
    """Base of all parts of a playbook: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Command(StrEnum):
    """What the caller may ask of the conversation itself. Names never change meaning."""

    PERSON = "person"
    REPEAT = "repeat"
    GOODBYE = "goodbye"
    CANCEL = "cancel"
    THANKS = "thanks"


class Prompts(Part):
    """What we say outside of flows."""

    opening: Ladder
    resumed: Text
    resumed_question: Text
    anything_else: Ladder
    go_ahead: Text
    cancelled: Text
    nothing_to_repeat: Text
    goodbye: Text
    bye: Text
    welcome: Text
    one_moment: Text
    working: Ladder
    trouble: Text
    promised: Ladder
    read_back: Ladder
    no_match: Ladder
    no_input: Ladder


class PlaybookFile(Part):
    """`playbook.yaml`."""

    name: Name
    brand: Text
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    actions: tuple[str, ...] = ()
    hotwords: tuple[str, ...] = ()
    person_words: tuple[Text, ...]
    intent_threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    failure_cap: Annotated[int, Field(ge=1, le=20)] = 4
    person_flow: Name
    last_resort_flow: Name
    busy_flow: Name
    """Notes a call-back for a caller who found no free line. It asks nothing: nobody hears its sentences."""
    prompts: Prompts


class Intent(Part):
    """One thing that callers want. Exactly one of `flow`, `command` and `say`."""

    flow: Name | None = None
    command: Command | None = None
    say: Text | None = None
    examples: Annotated[tuple[Text, ...], Field(min_length=3)]

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "Intent":
        if sum(one is not None for one in (self.flow, self.command, self.say)) != 1:
            raise ValueError("needs exactly one of flow, command and say")
        return self


class OutOfScope(Part):
    """What callers say and we do not answer."""

    examples: Annotated[tuple[Text, ...], Field(min_length=3)]


class Digits(Part):
    """How many digits a number has."""

    least: Annotated[int, Field(ge=1, le=20, alias="from")]
    most: Annotated[int, Field(ge=1, le=20, alias="to")]

    @model_validator(mode="before")
    @classmethod
    def _exactly(cls, value: object) -> object:
        return {"from": value, "to": value} if isinstance(value, int) else value

    @property
    def exact(self) -> int | None:
        """The number of digits, when it is known."""
        return self.least if self.least == self.most else None


class Ask(Part):
    """Ask for one slot: digits, or yes or no."""

    slot: Name
    digits: Digits | None = None
    yes_no: bool = False
    say: Text
    skip_without: Name | None = None
    """Leave this question out while that value is not known."""
    read_back: Text | None = None
    read_back_below: float = 0.0
    """Have the caller confirm what was heard with less confidence than this."""
    hotwords: tuple[str, ...] = ()
    retry: Ladder
    silence: Ladder
    yes: Name | None = None
    no: Name | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "Ask":
        if (self.digits is None) is not self.yes_no:
            raise ValueError("needs exactly one of digits and yes_no")
        if self.yes_no and not (self.yes and self.no):
            raise ValueError("a yes_no question needs yes and no: the steps that follow")
        if self.digits is not None and self.read_back is None:
            raise ValueError("a question for digits needs a read_back")
        return self


class Otherwise(Part):
    """What follows a failure."""

    say: Text
    go: Name
    most: Annotated[int, Field(ge=1, le=10)] = 1
    """From this many times on, the step's `exhausted` takes the place of `go`."""


class Act(Part):
    """Do something in the company's systems."""

    action: str
    arguments: Annotated[dict[str, str], Field(alias="with")] = {}
    save: Name
    skip_without: Name | None = None
    otherwise_say: Text | None = None
    """Said when the action is skipped; the flow ends there."""
    failed: dict[str, Otherwise]
    exhausted: Name | None = None

    @model_validator(mode="after")
    def _knows_what_then(self) -> "Act":
        if "otherwise" not in self.failed:
            raise ValueError("failed needs an entry otherwise")
        if any(one.most > 1 for one in self.failed.values()) and self.exhausted is None:
            raise ValueError("needs exhausted: where it goes after the most tries")
        if (self.skip_without is None) is not (self.otherwise_say is None):
            raise ValueError("skip_without and otherwise_say need each other")
        return self


class Choose(Part):
    """Say what belongs to a value."""

    by: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_.]*$")]
    say: Annotated[dict[str, Text], Field(min_length=1)]


class Step(Part):
    """One step of a flow: exactly one of `ask`, `act`, `choose`, `say`, or only `go`."""

    ask: Ask | None = None
    act: Act | None = None
    choose: Choose | None = None
    say: Text | None = None
    go: Name | None = None
    """Where it goes on; without, to the next step, and after the last to an open question."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Step":
        done = sum(one is not None for one in (self.ask, self.act, self.choose, self.say))
        if done > 1 or (done == 0 and self.go is None):
            raise ValueError("needs exactly one of ask, act, choose and say, or only go")
        return self


class Article(Part):
    """The head of a Markdown article."""

    title: Text
    spoken: Text
    owner: Text
    updated: date
    expires: date | None = None
    questions: Annotated[tuple[Text, ...], Field(min_length=3)]
