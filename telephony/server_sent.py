"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

import json
from collections.abc import Mapping


def server_sent(event: str, data: Mapping[str, object], number: int | None = None) -> str:
    """One event as it goes over the wire; a browser that lost the stream asks for those behind `number`."""
    head = "" if number is None else f"id: {number}\n"
    return f"{head}event: {event}\ndata: {json.dumps(data)}\n\n"
