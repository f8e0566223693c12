"""One event without what must not be kept. Pure."""

from collections.abc import Sequence

from pydantic import JsonValue, TypeAdapter

from calls.events import EventBody, TurnHeard, TurnWords
from calls.redaction.secrets import Secrets
from calls.redaction.talk import Span, masked
from calls.redaction.words import without

STRUCTURE = frozenset(
    {
        "name", "version", "key", "stream_sid", "recording", "action", "sid", "transfer_id", "promise_id", "playbook",
        "models", "weights", "queue", "intent", "sources", "nearest", "moment", "then", "expect", "repair", "turn",
        "rules", "kinds", "events", "spans", "callee", "target", "agent", "prosody", "parts", "due_at", "disposition",
        "model",
    }
)  # fmt: skip
"""Fields that hold no words of anybody."""
IN_STATE = frozenset(
    {
        "call_id", "playbook", "flow", "step", "key", "action", "opened_at", "tries", "anew", "agenda", "reachable",
        "last_flow", "after_undo", "customer",
    }
)  # fmt: skip
"""The same within a dialog's state."""
BODIES: TypeAdapter[EventBody] = TypeAdapter(EventBody)


def redacted(body: EventBody, spans: Sequence[Span], secrets: Secrets, text: str = "") -> EventBody:
    """The event with markers; the same one where there is nothing to mask.

    Args:
        body: The event.
        spans: Of the text that it tells of; of `turn.words`, of the turn's.
        secrets: What was found in the whole call.
        text: Of `turn.words`: what was heard in that turn.
    """
    if isinstance(body, TurnWords):
        return body.model_copy(update={"words": without(text, body.words, spans)}) if spans else body
    values = body.model_dump(mode="json")
    for name, value in values.items():
        if name in STRUCTURE:
            continue
        if name == "state":
            values[name] = _state(value, secrets)
        elif name in {"text", "digits", "note"} and spans:
            values[name] = masked(value, spans)
        else:
            values[name] = secrets.json(value, name)
    if isinstance(body, TurnHeard) and spans:
        # Other readings of the same sound give it away as well.
        values |= {"alternatives": (), "words": without(body.text, body.words, spans)}
    return BODIES.validate_python(values)


def _state(state: JsonValue, secrets: Secrets) -> JsonValue:
    """A dialog's state: what it is built of stays, so that it can still be read."""
    if isinstance(state, dict):
        return {
            name: value
            if name in IN_STATE
            else _state(value, secrets)
            if isinstance(value, dict) and name not in {"slots", "arguments"}
            else secrets.json(value, name)
            for name, value in state.items()
        }
    return secrets.json(state)
