"""What the desk asks of the live part. The transfer runner answers; the desk never touches a call itself."""

from enum import StrEnum
from typing import Protocol

from calls.events import CallDisposed


class KeyOutcome(StrEnum):
    """What came of something that an agent did on the page. Names never change meaning."""

    DONE = "done"
    TAKEN = "taken"
    """Another agent was faster."""
    GONE = "gone"
    """There is nothing to do it with any more: the caller has left, or rings elsewhere."""


class DeskCalls(Protocol):
    """The calls that are being handed over."""

    async def key(self, transfer_id: str, person_id: str, key: str, reason: str | None = None) -> KeyOutcome:
        """The agent presses a key of their leg on the page: the same as on their telephone.

        `2` declines also while the telephone still rings; `reason` says why, a code of `handoff.desk.words.REASONS`.
        """

    async def take(self, transfer_id: str, person_id: str) -> KeyOutcome:
        """Ring this agent next, who has chosen the call from the queue."""

    async def hand_back(self, transfer_id: str, task: str | None) -> KeyOutcome:
        """Give the caller back to the assistant, for a task or for nothing in particular."""

    async def dispose(self, call_id: str, disposed: CallDisposed) -> None:
        """Keep what the agent says of the call, and end their wrap-up."""
