"""Text messages of the line, and how Twilio's REST API shows them (OpenAPI `api.v2010.account.message`).

No network carries them: they are kept here, where tests and the browser phone see them.
"""

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from telephony.line.rest.call_resource import API_VERSION
from telephony.line.rest.request import Paging

MOST_KEPT = 1000
GSM_SEGMENT, GSM_PART = 160, 153
WIDE_SEGMENT, WIDE_PART = 70, 67
"""Characters of one message, and of each part of a longer one, with and without plain letters."""


@dataclass(frozen=True)
class TextMessage:
    """One message that was sent."""

    sid: str
    account_sid: str
    to: str
    sender: str
    body: str
    created_at: datetime

    @property
    def segments(self) -> int:
        """How many messages a carrier would charge."""
        one, part = (GSM_SEGMENT, GSM_PART) if self.body.isascii() else (WIDE_SEGMENT, WIDE_PART)
        return 1 if len(self.body) <= one else -(-len(self.body) // part)


Tell = Callable[[TextMessage], None]


class TextMessages:
    """The messages of one line, the newest last."""

    def __init__(self, account_sid: str, now: Callable[[], datetime]) -> None:
        self._account_sid = account_sid
        self._now = now
        self._kept: deque[TextMessage] = deque(maxlen=MOST_KEPT)
        self._telephones: list[tuple[str, Tell]] = []

    def send(self, to: str, sender: str, body: str) -> TextMessage:
        """Keep one, and tell the telephones of that number."""
        message = TextMessage("SM" + secrets.token_hex(16), self._account_sid, to, sender, body, self._now())
        self._kept.append(message)
        for number, tell in tuple(self._telephones):
            if number == to:
                tell(message)
        return message

    def listen(self, number: str, tell: Tell) -> Callable[[], None]:
        """Have `tell` told of each message to `number` as it comes. Returns what ends that."""
        telephone = (number, tell)
        self._telephones.append(telephone)
        return lambda: self._telephones.remove(telephone)

    def get(self, sid: str) -> TextMessage | None:
        """One message; None where there is none."""
        return next((message for message in self._kept if message.sid == sid), None)

    def list(self, to: str = "", sender: str = "") -> list[TextMessage]:
        """Messages, newest first, of all numbers or only to and from one."""
        return [
            message
            for message in reversed(self._kept)
            if (not to or message.to == to) and (not sender or message.sender == sender)
        ]

    def forget(self, message: TextMessage) -> None:
        """Delete one."""
        self._kept.remove(message)


def message_resource(message: TextMessage, *, new: bool = False) -> dict[str, object]:
    """One message; a `new` one is queued, later it is delivered."""
    created = format_datetime(message.created_at)
    uri = f"{messages_path(message.account_sid)}/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": message.account_sid,
        "messaging_service_sid": None,
        "api_version": API_VERSION,
        "to": message.to,
        "from": message.sender,
        "body": message.body,
        "direction": "outbound-api",
        "status": "queued" if new else "delivered",
        "num_segments": str(message.segments),
        "num_media": "0",
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "date_created": created,
        "date_updated": created,
        "date_sent": None if new else created,
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def message_page(account_sid: str, messages: Sequence[TextMessage], paging: Paging) -> dict[str, object]:
    """One page of a list of messages, `messages` being all of them in order."""
    return {
        "messages": [message_resource(message) for message in paging.of(messages)],
        **paging.fields(messages_path(account_sid), len(messages)),
    }


def messages_path(account_sid: str) -> str:
    """The list's path, without its ending."""
    return f"/{API_VERSION}/Accounts/{account_sid}/Messages"
