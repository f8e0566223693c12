"""The base of what is shown."""

from pydantic import BaseModel, ConfigDict


class Shown(BaseModel):
    """A value that is shown. Immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid")
