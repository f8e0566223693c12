"""The browser phone in a real Chromium with a fake microphone."""

import asyncio
import wave
from datetime import UTC, datetime

import numpy as np
import pytest
from fastapi import FastAPI

from telephony.line.inbox import Inbox
from telephony.line.leg import LegEnd
from telephony.line.phone import TranscriptLine, create_phone_router
from telephony.line.text_messages import TextMessages
from telephony.line.ticker import Ticker
from telephony.media import ulaw
from tests.telephony.line.lab import served, until
from tests.visiting import launched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MICROPHONE_HZ = 600
FAR_END_HZ = 900


def tone(pitch, seconds, rate=8000, loudness=8000):
    times = np.arange(int(seconds * rate)) / rate
    return (loudness * np.sin(2 * np.pi * pitch * times)).astype(np.int16)


def pitch_of(sound, rate=8000):
    return float(np.argmax(np.abs(np.fft.rfft(sound * np.hanning(sound.size))))) * rate / sound.size


class Board:
    """Answers, plays a tone and keeps what it hears."""

    def __init__(self):
        self.leg = None
        self.heard, self.digits, self.end = [], [], None
        self.inbox = Inbox(spare=1)
        self.ticker = Ticker(self.tick)
        self.sound = tone(FAR_END_HZ, 60)
        self.at = 0

    async def on_incoming(self, leg, _to):
        self.leg = leg
        leg.label("CA1")
        leg.listen(self)
        await leg.answer()
        self.ticker.start()

    def tick(self):
        self.heard.append(ulaw.decode(self.inbox.take()))
        self.leg.send(ulaw.encode(self.sound[self.at : self.at + 160]))
        self.at += 160

    def on_audio(self, frame):
        self.inbox.put(frame)

    def on_digit(self, digit):
        self.digits.append(digit)

    def on_ended(self, end):
        self.end = end
        self.stopping = asyncio.ensure_future(self.ticker.stop())


class Transcripts:
    async def follow(self, _call_sid, _after):
        yield TranscriptLine(seq=1, who="assistant", text="Acme support. How can I help?")
        yield TranscriptLine(seq=2, who="caller", text="<b>Where</b> is my order?")
        yield TranscriptLine(seq=3, who="note", text="answered after 0.41 s", latency_s=0.41)


@pytest.fixture
async def page(tmp_path):
    """A page whose microphone plays a tone; whatever it asks of other hosts is refused."""
    microphone = tmp_path / "microphone.wav"
    with wave.open(str(microphone), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(tone(MICROPHONE_HZ, 20, 48000).tobytes())
    async with launched(f"--use-file-for-fake-audio-capture={microphone}") as browser:
        one = await browser.new_page()
        one.failures = []
        one.on("pageerror", lambda error: one.failures.append(str(error)))
        one.on("console", lambda said: one.failures.append(said.text) if said.type == "error" else None)
        await one.route("**", _local_only)
        yield one


async def _local_only(route):
    await (route.continue_() if "://127.0.0.1" in route.request.url else route.abort())


@pytest.fixture
async def board(page):
    """The phone's page, open, with the far end of its calls."""
    one = Board()
    app = FastAPI()
    one.messages = TextMessages("AC1", lambda: datetime(2026, 11, 25, tzinfo=UTC))
    app.include_router(create_phone_router(one, "+15550100100", Transcripts(), one.messages))
    async with served(app) as url:
        await page.goto(f"{url}/line/phone")
        yield one
        if one.leg is not None:
            one.leg.ended(LegEnd.HUNG_UP)


async def connected(page):
    await page.click("#call")
    await page.wait_for_selector("body[data-state='Connected']")


async def test_a_person_calls_talks_listens_keys_and_hangs_up(page, board):
    await connected(page)
    await page.wait_for_timeout(2500)
    await page.click("[data-key='5']")
    await page.keyboard.press("#")
    levels = await page.evaluate(
        "[document.getElementById('mic-level').value, document.getElementById('far-level').value]"
    )
    await page.click("#hang-up")
    await until(lambda: board.end is LegEnd.HUNG_UP)

    assert board.digits == ["5", "#"]
    assert min(levels) > 0.05
    heard = np.concatenate(board.heard)[8000:16000].astype(float)
    assert abs(pitch_of(heard) - MICROPHONE_HZ) < 5
    await page.wait_for_selector("body[data-state='Call ended']")
    assert await page.text_content("#state") == "Call ended"
    assert await page.is_enabled("#call")
    assert page.failures == []


async def test_what_is_said_appears_and_is_only_text(page, board):
    await connected(page)
    await page.wait_for_selector("#transcript li.note")
    lines = await page.eval_on_selector_all("#transcript li", "items => items.map(one => one.textContent)")
    assert lines[1] == "<b>Where</b> is my order?"
    assert await page.query_selector("#transcript b") is None


async def test_a_text_message_appears_on_the_telephone_of_its_number_and_is_only_text(page, board):
    await page.fill("#own-number", "+15550142003")
    await connected(page)
    board.messages.send("+15550142000", "+15550100100", "for somebody else")
    board.messages.send("+15550142003", "+15550100100", "Acme: your code is <b>123456</b>.")
    shown = await page.text_content("#transcript li.message")
    assert shown == "Text message from +15550100100: Acme: your code is <b>123456</b>."
    assert len(await page.query_selector_all("#transcript li.message")) == 1
    assert await page.query_selector("#transcript b") is None
    assert board.leg.party == "+15550142003"
    assert page.failures == []


async def test_the_far_end_hangs_up(page, board):
    await connected(page)
    board.leg.ended(LegEnd.HUNG_UP)
    await page.wait_for_selector("body[data-state='Call ended']")
    assert await page.is_disabled("#hang-up")


async def test_what_is_played_has_the_right_pitch(page, board):
    """The page's own loudspeaker, tapped behind the playback worklet."""
    await page.add_init_script(
        """
        const connect = AudioWorkletNode.prototype.connect;
        AudioWorkletNode.prototype.connect = function (target, ...rest) {
          if (target === this.context.destination) {
            window.tap = this.context.createAnalyser();
            window.tap.fftSize = 16384;
            connect.call(this, window.tap);
          }
          return connect.call(this, target, ...rest);
        };
        """
    )
    await page.reload()
    await connected(page)
    await page.wait_for_timeout(2500)
    pitch = await page.evaluate(
        """() => {
          const bins = new Float32Array(window.tap.frequencyBinCount);
          window.tap.getFloatFrequencyData(bins);
          const loudest = bins.reduce((best, value, index) => (value > bins[best] ? index : best), 0);
          return loudest * window.tap.context.sampleRate / window.tap.fftSize;
        }"""
    )
    assert abs(pitch - FAR_END_HZ) < 10


async def test_it_fits_a_narrow_screen(page, board):
    await page.set_viewport_size({"width": 360, "height": 740})
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
