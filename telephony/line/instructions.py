"""Where a call's TwiML comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Instructions:
    """A document, or a webhook to be asked for one."""

    url: str | None = None
    method: str = "POST"
    twiml: str | None = None
    told: tuple[tuple[str, str], ...] = ()
    """What the webhook is told besides the call: keys, the end of a `<Dial>`."""
