"""Whether the caller really heard the order's status: the shop's own record against the telephone's sound."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PIECE_S = 20
"""What was heard is recognised in pieces that the recogniser can take."""


@dataclass(frozen=True)
class Proof:
    """What the shop says of the order, and what a machine understands of what the caller heard."""

    order: str
    status: str
    heard_text: str

    @property
    def held(self) -> bool:
        """Whether the status was heard."""
        return self.status.lower() in words(self.heard_text)


def words(text: str) -> Sequence[str]:
    """The words of a text in lower case."""
    return re.findall(r"[a-z]+", text.lower())
