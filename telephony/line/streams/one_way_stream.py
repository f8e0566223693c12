"""A one-way media stream: a server listens to what the party says, hears, or both."""

from collections.abc import Callable

from telephony.line.streams.wire import Sign, StreamOpening, StreamOutcome, StreamWire
from telephony.line.twiml.verbs import StartStream, Track

TRACKS = {
    Track.INBOUND: ("inbound",),
    Track.OUTBOUND: ("outbound",),
    Track.BOTH: ("inbound", "outbound"),
}


class OneWayStream:
    """A `Tap` of its call. What its server sends is not heard by anybody."""

    def __init__(
        self, verb: StartStream, stream_sid: str, call_sid: str, account_sid: str, sign: Sign
    ) -> None:
        self.stream_sid = stream_sid
        self.verb = verb
        tracks = TRACKS[verb.track]
        self._inbound, self._outbound = "inbound" in tracks, "outbound" in tracks
        opening = StreamOpening(verb.url, stream_sid, call_sid, account_sid, tracks, verb.parameters)
        self._wire = StreamWire(opening, sign, lambda _data: True)

    def tap(self, heard: bytes, played: bytes) -> None:
        """One beat of the call."""
        if self._inbound and self._wire.open:
            self._wire.send_media("inbound", heard)
        if self._outbound and self._wire.open:
            self._wire.send_media("outbound", played)

    def stop(self) -> None:
        """Say `stop` and close."""
        self._wire.stop()

    def drop(self) -> None:
        """Lose the connection without a word."""
        self._wire.drop()

    async def run(self, on_started: Callable[[], None]) -> StreamOutcome:
        """Connect and serve until either side ends it."""
        return await self._wire.run(on_started)
