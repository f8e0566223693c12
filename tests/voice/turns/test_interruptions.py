"""Who cuts in stops us; who only says "okay" does not. On a virtual clock, with a recogniser that takes a moment."""

import asyncio

import numpy as np
import pytest
from pipecat.processors.frame_processor import FrameDirection

from dialog.types import Expectation, ExpectationKind
from telephony.media.frames import CallerAudioFrame
from voice.turns.echo import EchoReference
from voice.turns.interruptions import Interruptions

VOWEL = sum(2000 / n * np.sin(2 * np.pi * 140 * n * np.arange(512) / 16000) for n in range(1, 18))


class Listening(Interruptions):
    """Without a pipeline around it."""

    def __init__(self, time, word="", glance_s=0.06, expectation=None):
        async def glance(_sound):
            await asyncio.sleep(glance_s)
            return word

        expected = expectation or Expectation()
        super().__init__(lambda: True, EchoReference(), glance, lambda: expected)
        self.time = time
        self.began = time.now
        self.stopped_after_s = []

    async def push_frame(self, frame, direction=FrameDirection.DOWNSTREAM):
        pass

    async def broadcast_interruption(self):
        self.stopped_after_s.append(round(self.time.now - self.began, 3))

    def create_task(self, coroutine, name=None):
        return asyncio.ensure_future(coroutine)

    async def hears(self, seconds):
        for number in range(round(seconds / 0.032)):
            await self.time.advance(0.032)
            self.window(VOWEL.astype(np.int16), 0.9)
            frame = CallerAudioFrame(b"", 16000, 1, narrowband=np.ones(256, np.int16), at_sample=number * 256)
            await self.process_frame(frame, FrameDirection.DOWNSTREAM)


@pytest.mark.parametrize("word", ["", "No.", "Can I"])
async def test_any_other_word_stops_us_as_soon_as_it_is_known(virtual_time, word):
    listening = Listening(virtual_time, word)
    await listening.hears(0.45)
    assert len(listening.stopped_after_s) == 1
    assert 0.2 <= listening.stopped_after_s[0] <= 0.25


@pytest.mark.parametrize("word", ["Okay.", "Yeah", "M", "M-M-", "Uh"])
async def test_who_only_listens_does_not(virtual_time, word):
    listening = Listening(virtual_time, word)
    await listening.hears(0.42)
    await virtual_time.advance(1.0)
    assert listening.stopped_after_s == []


async def test_who_goes_on_after_it_does(virtual_time):
    listening = Listening(virtual_time, "Okay.")
    await listening.hears(0.8)
    assert [round(at, 1) for at in listening.stopped_after_s] == [0.5]


async def test_where_a_yes_is_asked_for_it_stops_us(virtual_time):
    listening = Listening(virtual_time, "Yes.", expectation=Expectation(kind=ExpectationKind.YES_NO))
    await listening.hears(0.42)
    assert len(listening.stopped_after_s) == 1


async def test_nobody_waits_for_a_recogniser_that_has_no_time(virtual_time):
    listening = Listening(virtual_time, "Okay.", glance_s=5.0)
    await listening.hears(0.42)
    assert [round(at, 2) for at in listening.stopped_after_s] == [0.26]
