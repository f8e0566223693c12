"""The order in which the messages of one stream may come: a small state machine without a clock."""

from enum import Enum

from telephony.media.messages import Connected, Media, Message, Start, Stop, StreamError, StreamFault

MAX_STREAM_MS = 24 * 3600 * 1000


class StreamState(Enum):
    """Where a stream is in its life."""

    OPENING = "opening"
    STREAMING = "streaming"
    STOPPED = "stopped"


class StreamProtocol:
    """Lets through what the protocol allows, in order, and refuses the rest by name of the rule."""

    def __init__(self) -> None:
        self.state = StreamState.OPENING
        self._connected = False
        self._sequence = 0
        self._timestamp_ms: dict[str, int] = {}

    def take(self, message: Message) -> None:
        """Accept the next message.

        Raises:
            StreamError: OUT_OF_ORDER or AFTER_STOP.
        """
        if self.state is StreamState.STOPPED:
            raise StreamError(StreamFault.AFTER_STOP, "nothing comes after `stop`")
        if isinstance(message, Connected):
            self._take_connected()
            return
        self._take_opening(message)
        if message.sequence <= self._sequence:
            raise StreamError(
                StreamFault.OUT_OF_ORDER,
                f"`sequenceNumber` grows: {message.sequence} came after {self._sequence}",
            )
        self._sequence = message.sequence
        if isinstance(message, Media):
            self._take_time(message.track, message.timestamp_ms)
        elif isinstance(message, Stop):
            self.state = StreamState.STOPPED

    def _take_connected(self) -> None:
        if self._connected or self.state is not StreamState.OPENING:
            raise StreamError(StreamFault.OUT_OF_ORDER, "`connected` comes once, before `start`")
        self._connected = True

    def _take_opening(self, message: Message) -> None:
        if isinstance(message, Start):
            if self.state is not StreamState.OPENING:
                raise StreamError(StreamFault.OUT_OF_ORDER, "`start` comes once")
            self.state = StreamState.STREAMING
        elif self.state is StreamState.OPENING:
            raise StreamError(StreamFault.OUT_OF_ORDER, "`start` comes before everything but `connected`")

    def _take_time(self, track: str, timestamp_ms: int) -> None:
        """Each track has a time of its own."""
        before = self._timestamp_ms.get(track, -1)
        if timestamp_ms < before:
            raise StreamError(
                StreamFault.OUT_OF_ORDER, f"`timestamp` grows: {timestamp_ms} came after {before}"
            )
        if timestamp_ms > MAX_STREAM_MS:
            raise StreamError(StreamFault.OUT_OF_ORDER, f"`timestamp` is at most {MAX_STREAM_MS}")
        self._timestamp_ms[track] = timestamp_ms
