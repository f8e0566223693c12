"""What all events have in common, and what marks personal data in them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

PERSONAL = "personal"
"""Marker in a field's metadata: personal data, kept out of logs and metrics."""

Personal = Annotated[str, PERSONAL]


class Body(BaseModel):
    """Base of all event bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
