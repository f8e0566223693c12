"""Takes all words out of an event: what is left tells what happened, and when, but not what anybody said. Pure."""

from collections.abc import Mapping

from pydantic import JsonValue, TypeAdapter

from calls.events import EventBody, TransferBriefed, TurnPlanned

REMOVED = "[removed]"
WORDS = frozenset(
    {"text", "heard", "heard_of_us", "digits", "unanswered", "note", "question", "why", "words", "say"}
)
"""Fields that hold what was said, whatever their event."""
FREE = frozenset({"arguments", "data", "entities"})
KEPT_STATE = frozenset({"flow", "about", "identity", "turn", "consent", "outcome"})
"""Of a dialog's state: what figures are counted from. A call that is over is not resumed."""
BODIES: TypeAdapter[EventBody] = TypeAdapter(EventBody)


def wordless(body: EventBody) -> EventBody:
    """The event without words; the same one where it has none."""
    values = body.model_dump(mode="json")
    for name, value in values.items():
        values[name] = _without(name, value, planned=isinstance(body, TurnPlanned))
    if isinstance(body, TransferBriefed):
        values["facts"] = []
    return BODIES.validate_python(values)


def _without(name: str, value: JsonValue, *, planned: bool) -> JsonValue:
    if name in WORDS:
        if isinstance(value, str):
            return REMOVED if value else value
        return [] if isinstance(value, list) else value
    if name in FREE:
        return {}
    if name == "state" and isinstance(value, Mapping):
        return {key: one for key, one in value.items() if key in KEPT_STATE}
    if name == "alternatives" and not planned:
        return []
    return value
