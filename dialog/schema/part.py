"""What all parts of a playbook have in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Base of all parts of a playbook: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
