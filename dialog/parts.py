"""What the fields of a playbook's files may hold."""

from typing import Annotated

from pydantic import Field

Text = Annotated[str, Field(min_length=1, max_length=400)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Ladder = Annotated[tuple[Text, ...], Field(min_length=1)]
Condition = Annotated[str, Field(min_length=1, max_length=400)]
"""An expression in CEL over the flow's slots and results, such as `order.total > 100 && identity_level >= 1`."""
