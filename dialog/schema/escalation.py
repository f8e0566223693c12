"""`escalation.yaml`."""

from typing import Annotated

from pydantic import Field

from dialog.parts import Name, Text
from dialog.schema.part import Part


class EscalationFile(Part):
    """`escalation.yaml`: when a person takes over, whatever the flows say."""

    default_queue: Name | None = None
    value_line: Annotated[float, Field(gt=0)] | None = None
    """From this amount on a matter is a person's."""
    reserved: dict[Name, Name] = {}
    """Intents that are a person's from the start, with the queue that takes them."""
    danger_words: tuple[Text, ...] = ()
    """Said anywhere, these hand over at once: safety, fraud, legal threats."""
    danger_queue: Name | None = None
    queues: dict[Name, Name] = {}
    """Intents and articles with the queue that knows them best. Without it: the one that the intent's flow names, or
    `default_queue`."""
    tasks: tuple[Name, ...] = ()
    """Flows for which a human may give a caller back to the assistant, such as reading the terms."""
