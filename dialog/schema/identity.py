"""`identity.yaml`: how sure we are of who is calling."""

from typing import Annotated

from pydantic import Field

from dialog.parts import Name, Text
from dialog.schema.part import Part


class Level(Part):
    """How one identity level is reached."""

    name: Text
    flow: Name
    briefing: Text | None = None
    """How a human is told of it, behind the caller's name: `verified by text code`. Without it, the name."""


class IdentityFile(Part):
    """`identity.yaml`."""

    levels: dict[Annotated[int, Field(ge=1, le=3)], Level] = {}
    most_failures: Annotated[int, Field(ge=1, le=10)] = 3
    locked_flow: Name | None = None
    """Where a caller goes who has failed that often; nothing personal is said or done in the rest of the call."""
