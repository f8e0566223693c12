"""Between the messages of a media stream and pipecat's frames.

On top of pipecat's own Twilio serializer, which drops `mark` and `stop`, hangs the call up by itself and
resamples with up to 64 ms held back. Here hanging up stays with the session, and the rate is doubled by a
filter that holds nothing.
"""

import base64
import json

import numpy as np
from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import Frame, InputDTMFFrame
from pipecat.serializers.twilio import TwilioFrameSerializer

from telephony.media import ulaw
from telephony.media.frames import CallerAudioFrame, MarkFrame, SpeechFrame, StreamStoppedFrame
from telephony.media.halfband import Doubler
from telephony.media.messages import Digit, Mark, Media, Start, Stop, parse
from telephony.media.playout import RATE
from telephony.media.protocol import StreamProtocol

WIDEBAND = 2 * RATE


class MediaSerializer(TwilioFrameSerializer):
    """Serializes one stream; keeps the protocol's state and the filter's memory."""

    def __init__(self, start: Start, protocol: StreamProtocol, origin_sample: int = 0) -> None:
        """`origin_sample` is where this stream begins on the call's axis, 8 kHz: 0 unless it is resumed."""
        super().__init__(
            stream_sid=start.stream_sid,
            call_sid=start.call_sid,
            params=TwilioFrameSerializer.InputParams(auto_hang_up=False),
        )
        self._protocol = protocol
        self._origin_sample = origin_sample
        self._doubler = Doubler()

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """One message to one frame; None for what needs none.

        Raises:
            StreamError: the message breaks the protocol.
        """
        message = parse(data)
        self._protocol.take(message)
        match message:
            case Media():
                return self._audio(message)
            case Digit():
                return _key(message.digit)
            case Mark():
                return MarkFrame(mark=message.name)
            case Stop():
                return StreamStoppedFrame()
        return None

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """One frame to one message; None for frames the carrier is not told of."""
        if isinstance(frame, SpeechFrame):
            payload = base64.b64encode(ulaw.encode(_samples(frame.audio))).decode("ascii")
            return self._message("media", {"payload": payload})
        if isinstance(frame, MarkFrame):
            return self._message("mark", {"name": frame.mark})
        return await super().serialize(frame)

    def _audio(self, media: Media) -> CallerAudioFrame:
        narrowband = ulaw.decode(media.payload)
        return CallerAudioFrame(
            audio=self._doubler.double(narrowband).tobytes(),
            sample_rate=WIDEBAND,
            num_channels=1,
            narrowband=narrowband,
            at_sample=self._origin_sample + media.timestamp_ms * RATE // 1000,
        )

    def _message(self, event: str, content: dict[str, str]) -> str:
        return json.dumps({"event": event, "streamSid": self._stream_sid, event: content})


def _samples(audio: bytes) -> ulaw.Pcm:
    return np.frombuffer(audio, dtype=np.int16)


def _key(digit: str) -> InputDTMFFrame | None:
    """A-D are on no caller's keypad and on none of pipecat's."""
    return None if digit in "ABCD" else InputDTMFFrame(KeypadEntry(digit))
