"""A question of a flow, for one value."""

import re
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from calls.redaction.kinds import Kind
from dialog.grammar.calendar_dates import When
from dialog.grammar.kinds import SlotKind
from dialog.parts import Condition, Ladder, Name, Text
from dialog.schema.part import Part


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
    """Ask for one slot. What kind of value it takes: `kind`, or in short `digits`, `yes_no` or `choices`."""

    slot: Name
    kind: SlotKind | None = None
    digits: Digits | None = None
    yes_no: bool = False
    choices: Annotated[dict[Name, tuple[Text, ...]], Field(min_length=2)] | None = None
    """Each value with the ways to say it; on the keypad they are 1, 2, 3 … in their order."""
    pattern: str | None = None
    """For `kind: code`: a regular expression that the whole code must match, such as `[A-Z]{2}\\d{4}`."""
    say: Text
    short: Text | None = None
    """The same in fewer words, for a caller whose patience is short."""
    when: When = When.ANY
    """For dates: `past` for a date of birth, `future` for a delivery."""
    skip_without: Name | None = None
    """Leave this question out while that value is not known."""
    skip_if: Condition | None = None
    """Leave this question out when this is true."""
    read_back: Text | None = None
    read_back_below: float = 0.0
    """Have the caller confirm what was heard with less confidence than this; above 1: always."""
    hotwords: tuple[str, ...] = ()
    instead: Annotated[dict[Name, tuple[Text, ...]], Field(min_length=1)] | None = None
    """Answers of another kind, such as "send it again": the step that follows, with the ways to say it."""
    retry: Ladder
    silence: Ladder
    yes: Name | None = None
    no: Name | None = None
    private: Kind | None = None
    """The kind of data that must not be kept, such as `card_number`: while the answer is awaited, neither side is
    recorded, and the record of the call has a marker in its place. Only the action gets it."""

    @property
    def wants(self) -> SlotKind:
        """The kind of value."""
        if self.kind is not None:
            return self.kind
        if self.digits is not None:
            return SlotKind.DIGITS
        return SlotKind.YES_NO if self.yes_no else SlotKind.CHOICE

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "Ask":
        ways = (self.kind is not None, self.digits is not None, self.yes_no, self.choices is not None)
        if sum(ways) != 1 or self.kind in {SlotKind.DIGITS, SlotKind.YES_NO, SlotKind.CHOICE}:
            raise ValueError("needs exactly one of kind, digits, yes_no and choices")
        if self.yes_no and not (self.yes and self.no):
            raise ValueError("a yes_no question needs yes and no: the steps that follow")
        if self.digits is not None and self.read_back is None:
            raise ValueError("a question for digits needs a read_back")
        if (self.pattern is not None) is not (self.kind is SlotKind.CODE):
            raise ValueError("pattern belongs to kind code, and kind code needs a pattern")
        if self.read_back_below > 0 and self.read_back is None:
            raise ValueError("read_back_below needs a read_back")
        return self

    @field_validator("pattern")
    @classmethod
    def _is_regular(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"is not a regular expression: {error}") from None
        return value
