"""The frames that our media stream adds to pipecat's."""

from dataclasses import dataclass

from pipecat.frames.frames import InputAudioRawFrame, OutputAudioRawFrame, SystemFrame

from telephony.media.ulaw import Pcm


@dataclass
class CallerAudioFrame(InputAudioRawFrame):
    """The caller's sound at 16 kHz, with the 8 kHz original and its place on the stream's axis."""

    narrowband: Pcm | None = None
    at_sample: int = 0


@dataclass
class SpeechFrame(OutputAudioRawFrame):
    """A piece of one utterance of ours, int16 mono 8 kHz."""

    utterance: int = 0
    last: bool = False


@dataclass
class MarkFrame(SystemFrame):
    """A mark, on its way out or back."""

    mark: str = ""


@dataclass
class StreamStoppedFrame(SystemFrame):
    """The carrier has ended the stream."""
