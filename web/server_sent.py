"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

import json
from collections.abc import Mapping

EVENT_STREAM = "text/event-stream"
KEEP_OPEN = ": \n\n"
"""Says nothing, but keeps proxies from closing a quiet stream."""


def server_sent(event: str, data: Mapping[str, object], number: int | None = None) -> str:
    """One event as it goes over the wire; a browser that lost the stream asks for those behind `number`."""
    head = "" if number is None else f"id: {number}\n"
    return f"{head}event: {event}\ndata: {json.dumps(data)}\n\n"


def server_sent_html(event: str, html: str, mark: str) -> str:
    """A piece of a page as it goes over the wire. `mark` is what a browser that lost the stream comes back with."""
    data = "".join(f"data: {line}\n" for line in html.splitlines() or [""])
    return f"id: {mark}\nevent: {event}\n{data}\n"


def retry_after(milliseconds: int) -> str:
    """How long a browser waits before it opens a lost stream again."""
    return f"retry: {milliseconds}\n\n"
