"""What the ears push, and when, with a recogniser that takes a while, on a virtual clock."""

import asyncio

import numpy as np
import pytest
from pipecat.frames.frames import (
    InterimTranscriptionFrame,
)
from pipecat.processors.frame_processor import FrameDirection

from telephony.media.frames import CallerAudioFrame
from voice.frames import HearingFrame, HearingRetractedFrame
from voice.hearing.ears import Ears
from voice.hearing.recogniser import Recognition

DECODE_S = 0.15
FRAME = 160


class SlowWorker:
    """Does everything at once, but takes its time."""

    idle = True
    awaited = False

    async def run(self, work, _owner, _lane=None):
        await asyncio.sleep(DECODE_S)
        return work()


class Counter:
    """Hears how many seconds of voice there were."""

    def recognise(self, sound, _expected, _is_wanted):
        return Recognition(self.glance(sound), 0.9, 0.0, (), unsure=False, language="en")

    def glance(self, sound, *_):
        return f"{np.count_nonzero(np.abs(sound) > 100) / 8000:.1f} seconds"


class Hesitant(Counter):
    """Is unsure of the first words, and says `confidences` of the next."""

    def __init__(self, *confidences):
        self.confidences = list(confidences)

    def recognise(self, sound, *_):
        confidence = self.confidences.pop(0)
        return Recognition("Bye.", confidence, 0.0, (), unsure=False, language="en")


class Listener(Ears):
    """The ears without a pipeline around them."""

    def __init__(self, time, recogniser=None):
        self.time = time
        self.quiet = 1.0
        super().__init__(
            recogniser or Counter(),
            SlowWorker(),
            "call",
            lambda: self.quiet,
            lambda: time.now,
            on_failed=pytest.fail,
        )
        self.pushed = []
        self.at = 0
        self.quiet = 0.0

    async def push_frame(self, frame, direction=FrameDirection.DOWNSTREAM):
        if isinstance(frame, HearingFrame | HearingRetractedFrame | InterimTranscriptionFrame):
            self.pushed.append((type(frame), round(self.at / 8000, 2), getattr(frame, "text", "")))

    def create_task(self, coroutine, name=None):
        return asyncio.ensure_future(coroutine)

    async def cancel_task(self, task, **_):
        task.cancel()

    async def begins(self):
        self._on_speech(0.0)

    async def voice(self, seconds):
        self.quiet = 0.0
        await self._play(np.full(int(seconds * 8000), 3000, dtype=np.int16))

    async def silence(self, seconds, vad_late_s=0.06):
        """The VAD takes it for a voice for a while."""
        for _ in range(round(seconds / 0.02)):
            if vad_late_s > 0.001:
                vad_late_s -= 0.02
            else:
                self.quiet += 0.02
            await self._play(np.ones(FRAME, dtype=np.int16))

    async def _play(self, sound):
        for start in range(0, sound.size, FRAME):
            await self.time.advance(0.02)
            narrow = sound[start : start + FRAME]
            frame = CallerAudioFrame(b"", 16000, 1, narrowband=narrow, at_sample=self.at)
            self.at += FRAME
            await self.process_audio_frame(frame, FrameDirection.DOWNSTREAM)

    def of(self, kind):
        return [(at, text) for one, at, text in self.pushed if one is kind]


async def test_the_text_is_ready_a_decode_after_the_voice_not_after_the_vad(virtual_time):
    ears = Listener(virtual_time)
    await ears.begins()
    await ears.voice(0.5)
    await ears.silence(0.4)
    ((at, text),) = ears.of(HearingFrame)
    assert text == "0.5 seconds"
    assert at <= 0.5 + 0.04 + DECODE_S + 0.02


async def test_nothing_is_pushed_as_all_of_it_while_the_vad_hears_a_voice(virtual_time):
    ears = Listener(virtual_time)
    await ears.begins()
    await ears.voice(0.4)
    await ears.silence(0.06)
    await ears.voice(1.0)
    assert ears.of(HearingFrame) == []
    await ears.silence(0.4)
    assert [text for _, text in ears.of(HearingFrame)] == ["1.4 seconds"]


async def test_who_goes_on_after_the_text_takes_it_back(virtual_time):
    ears = Listener(virtual_time)
    await ears.begins()
    await ears.voice(0.4)
    await ears.silence(0.3)
    await ears.voice(0.4)
    await ears.silence(0.3)
    assert [kind for kind, *_ in ears.pushed] == [HearingFrame, HearingRetractedFrame, HearingFrame]
    assert ears.of(HearingFrame)[-1][1] == "0.8 seconds"


async def test_a_breath_that_the_vad_takes_for_a_voice_takes_the_text_back_only_for_a_moment(virtual_time):
    ears = Listener(virtual_time)
    await ears.begins()
    await ears.voice(0.4)
    await ears.silence(0.2)
    ears.quiet = 0.0
    await ears.silence(0.15, vad_late_s=0.02)
    assert [kind for kind, *_ in ears.pushed] == [HearingFrame, HearingRetractedFrame, HearingFrame]


async def test_an_early_text_that_is_not_sure_is_looked_at_again_and_pushed_again_where_that_helps(
    virtual_time,
):
    still_unsure, sure_now = (
        Listener(virtual_time, Hesitant(0.4, 0.45)),
        Listener(virtual_time, Hesitant(0.4, 0.8)),
    )
    for ears in (still_unsure, sure_now):
        await ears.begins()
        await ears.voice(0.4)
        await ears.silence(0.6)
        assert ears._recogniser.confidences == []
    assert len(still_unsure.of(HearingFrame)) == 1
    assert len(sure_now.of(HearingFrame)) == 2


class OnItsWay(Listener):
    """A text takes a moment from the ears to whoever listens to them, as in a pipeline."""

    async def push_frame(self, frame, direction=FrameDirection.DOWNSTREAM):
        await asyncio.sleep(0.05)
        await super().push_frame(frame, direction)


async def test_a_second_look_does_not_stop_a_doubtful_text_that_is_on_its_way(virtual_time):
    ears = OnItsWay(virtual_time, Hesitant(0.44, 0.43))
    await ears.begins()
    await ears.voice(0.35)
    await ears.silence(1.0)
    assert [text for _, text in ears.of(HearingFrame)] == ["Bye."]


async def test_a_turn_that_somebody_else_ends_still_owes_its_text(virtual_time):
    ears = Listener(virtual_time)
    await ears.begins()
    await ears.voice(0.4)
    await ears.silence(0.1)
    ears._end_turn()
    await virtual_time.advance(DECODE_S)
    assert [text for _, text in ears.of(HearingFrame)] == ["0.4 seconds"]


async def test_two_callers_do_not_hear_each_other(virtual_time):
    one, two = Listener(virtual_time), Listener(virtual_time)
    await one.begins()
    await two.begins()
    await one.voice(0.3)
    await two.voice(0.6)
    await one.silence(0.3)
    await two.silence(0.3)
    assert [text for _, text in one.of(HearingFrame)] == ["0.3 seconds"]
    assert [text for _, text in two.of(HearingFrame)] == ["0.6 seconds"]
