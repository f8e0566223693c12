"""Fewer, larger frames of the caller's sound while nobody speaks: each frame costs its way through the pipeline."""

from collections.abc import Callable

import numpy as np
from pipecat.frames.frames import Frame

from telephony.media.frames import CallerAudioFrame

MOST_FRAMES = 10
"""200 ms: so late the first sound of a caller who breaks a silence is looked at, at most."""


class Gathering:
    """Takes the frames of one stream and gives them on, in order: sound gathered where `may` allows it."""

    def __init__(self) -> None:
        self.may: Callable[[], bool] = lambda: False
        self._held: list[CallerAudioFrame] = []

    @property
    def begins_anew(self) -> bool:
        """Whether the next frame would be the first of several."""
        return not self._held and self.may()

    def take(self, frame: Frame) -> list[Frame]:
        """What is to be given on now."""
        if not isinstance(frame, CallerAudioFrame):
            return [*self._given(), frame]
        before = self._given() if self._held and not _follows(self._held[-1], frame) else []
        self._held.append(frame)
        if len(self._held) < MOST_FRAMES and self.may():
            return before
        return [*before, *self._given()]

    def _given(self) -> list[Frame]:
        held, self._held = self._held, []
        return [_joined(held)] if held else []


def _follows(before: CallerAudioFrame, after: CallerAudioFrame) -> bool:
    return before.narrowband is not None and before.at_sample + before.narrowband.size == after.at_sample


def _joined(frames: list[CallerAudioFrame]) -> CallerAudioFrame:
    if len(frames) == 1:
        return frames[0]
    pieces = [frame.narrowband for frame in frames if frame.narrowband is not None]
    return CallerAudioFrame(
        audio=b"".join(frame.audio for frame in frames),
        sample_rate=frames[0].sample_rate,
        num_channels=1,
        narrowband=np.concatenate(pieces),
        at_sample=frames[0].at_sample,
    )
