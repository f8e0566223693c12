"""Labelled conversations: what callers do, and at which turn a person should take over. See docs/escalation.md."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError, model_validator

from actions.types import Failure
from dialog.reasons import Reason
from dialog.types import Prosody

SURE = 0.95
"""Confidence of words where the file gives none."""


class Part(BaseModel):
    """Base: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Does(Part):
    """One turn of the caller's: exactly one of `say`, `key`, `code` and `silence`."""

    say: str | None = None
    key: Annotated[str, Field(pattern=r"^[0-9*#]+$")] | None = None
    code: Literal[True] | None = None
    """Keys in the code of the last text message."""
    silence: Literal[True] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] = SURE
    unsure: bool = False
    sentiment: Annotated[float, Field(ge=-1, le=1)] | None = None
    """In place of what the words are found to be."""
    prosody: Prosody | None = None
    cuts_in: bool = False

    @model_validator(mode="before")
    @classmethod
    def _in_short(cls, value: object) -> object:
        if value == "silence":
            return {"silence": True}
        return {"say": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Does":
        if sum(one is not None for one in (self.say, self.key, self.code, self.silence)) != 1:
            raise ValueError("needs exactly one of say, key, code and silence")
        return self


class Due(Part):
    """When a person should take over, and why."""

    turn: Annotated[int, Field(ge=1)]
    reason: Reason


class Conversation(Part):
    """One labelled call."""

    id: str
    hand_over: Due | Literal["never"]
    caller: str | None = "+15550142000"
    valued: bool = False
    called_lately: bool = False
    accepts: bool | None = None
    """What the caller says where a person is offered; None: they go on with their next turn."""
    fails: dict[str, tuple[Failure, ...]] = {}
    """What the runs of an action come back with, in order, in place of being done."""
    answers: dict[str, dict[str, JsonValue]] = {}
    """What an action comes back with, in place of being run: for what the demo shop does not have."""
    turns: Annotated[tuple[Does, ...], Field(min_length=1)]

    @property
    def due(self) -> Due | None:
        """The label; None where nobody should take over."""
        return None if self.hand_over == "never" else self.hand_over

    @model_validator(mode="after")
    def _is_within(self) -> "Conversation":
        if self.due is not None and self.due.turn > len(self.turns):
            raise ValueError("the turn of the hand-over must be one of the caller's turns")
        return self


def read_conversations(path: Path) -> dict[str, list[Conversation]]:
    """The conversations of a YAML file, or of all in a folder, by the files' names without their endings.

    Raises:
        SystemExit: a file cannot be read, or breaks a rule; says which.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        raise SystemExit(f"{path}: has no .yaml file")
    return {file.stem: _of_file(file) for file in files}


def _of_file(path: Path) -> list[Conversation]:
    try:
        found = TypeAdapter(list[Conversation]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SystemExit(f"{path}: cannot be read: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise SystemExit(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    ids = [one.id for one in found]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise SystemExit(f"{path}: the id {twice[0]} stands twice")
    return found
