"""What the assistant may leave for people: `desk.call_back`, `desk.leave_message`, and what became of either."""

from typing import Annotated

from pydantic import Field, JsonValue

from actions.desk.promises import Promises, reference
from actions.registry import Action, Arguments, Registry

Result = dict[str, JsonValue]
QueueName = Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*)?$", max_length=60)]
"""Empty: the queue that stands in for all."""
CallId = Annotated[str, Field(min_length=1, max_length=64)]


class CallBackArguments(Arguments):
    """Whom to call back, why, by whose people, and when."""

    phone: Annotated[str, Field(min_length=3, max_length=40)]
    reason: Annotated[str, Field(max_length=200)] = ""
    queue: QueueName = ""
    when: Annotated[str, Field(max_length=40)] = ""
    """`any_time`, `morning`, `afternoon`, `evening`, a time such as `15:30`, or an ISO date with or without a time."""
    call_id: CallId


class MessageArguments(Arguments):
    """A message, for whom."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    queue: QueueName = ""
    call_id: CallId


class OutcomeArguments(Arguments):
    """The idempotency key of a write."""

    key: Annotated[str, Field(max_length=200)]


def register_desk(registry: Registry, promises: Promises) -> None:
    """Add `desk.call_back`, `desk.leave_message`, and `desk.outcome`, which looks up both."""

    async def call_back(arguments: CallBackArguments, key: str) -> Result:
        return await promises.note(
            key, arguments.call_id, arguments.phone, arguments.reason, arguments.queue, arguments.when
        )

    async def leave_message(arguments: MessageArguments, key: str) -> Result:
        # Its text and sound are in the call's record already, where the desk finds them: nothing else is kept, and
        # done again it comes to the same.
        return {"reference": reference(key), "queue": arguments.queue, "text": arguments.text}

    async def outcome(arguments: OutcomeArguments, _key: str) -> Result:
        result = await promises.outcome(arguments.key)
        return {"found": False} if result is None else {"found": True, "result": result}

    registry.add(Action("desk.call_back", CallBackArguments, call_back, reads=False))
    registry.add(Action("desk.leave_message", MessageArguments, leave_message, reads=False))
    registry.add(Action("desk.outcome", OutcomeArguments, outcome, reads=True))
