"""The two-way media stream of one call (facts: messages, buffering, marks, `clear`)."""

import base64
import binascii
import json
from collections.abc import Callable

from telephony.line.streams.playqueue import PlayQueue
from telephony.line.streams.wire import Sign, StreamOpening, StreamOutcome, StreamWire
from telephony.line.twiml.verbs import ConnectStream

MOST_QUEUED_BYTES = 8000 * 60 * 20
"""Twenty minutes of sound; nobody sends more by intention."""


class MediaStream:
    """A `Source`: the call's beat drives its sound both ways."""

    def __init__(
        self, verb: ConnectStream, stream_sid: str, call_sid: str, account_sid: str, sign: Sign
    ) -> None:
        self.stream_sid = stream_sid
        self.verb = verb
        self._queue = PlayQueue()
        opening = StreamOpening(verb.url, stream_sid, call_sid, account_sid, ("inbound",), verb.parameters)
        self._wire = StreamWire(opening, sign, self._take)

    def exchange(self, heard: bytes) -> bytes | None:
        """One beat: the caller's 20 ms to the server, and 20 ms of what it has sent to the caller."""
        if not self._wire.open:
            return None
        self._wire.send_media("inbound", heard)
        frame = self._queue.next_frame()
        self._return(self._queue.due_marks())
        return frame

    def press(self, digit: str) -> None:
        """The caller has pressed a key."""
        if self._wire.open:
            self._wire.send("dtmf", {"track": "inbound_track", "digit": digit})

    def stop(self) -> None:
        """The call has ended or goes on elsewhere: say so and close."""
        self._wire.stop()

    def drop(self) -> None:
        """Lose the connection without a word."""
        self._wire.drop()

    async def run(self, on_started: Callable[[], None]) -> StreamOutcome:
        """Connect and serve until either side ends it."""
        return await self._wire.run(on_started)

    def _take(self, data: str | bytes) -> bool:
        """One message of the server's; False when it is none."""
        try:
            message = json.loads(data)
            event = message["event"]
            if message.get("streamSid") != self.stream_sid:
                return False
            match event:
                case "media":
                    self._queue.add(base64.b64decode(message["media"]["payload"], validate=True))
                case "mark":
                    self._return(self._queue.mark(str(message["mark"]["name"])))
                case "clear":
                    self._return(self._queue.clear())
                case _:
                    return False
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            return False
        return len(self._queue) <= MOST_QUEUED_BYTES

    def _return(self, marks: list[str]) -> None:
        for name in marks:
            self._wire.send("mark", {"name": name})
