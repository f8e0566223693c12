"""`intents.yaml`: what callers want, and what they may ask of the conversation itself."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, RootModel, model_validator

from dialog.parts import Name, Text
from dialog.schema.part import Part


class Command(StrEnum):
    """What the caller may ask of the conversation itself. Names never change meaning."""

    PERSON = "person"
    REPEAT = "repeat"
    SLOWER = "slower"
    HOLD_ON = "hold_on"
    GOODBYE = "goodbye"
    CANCEL = "cancel"
    THANKS = "thanks"


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


class IntentsFile(RootModel[dict[Name, OutOfScope | Intent]]):
    """`intents.yaml`."""
