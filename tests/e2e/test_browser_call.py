"""A person with a browser calls the whole product: real Chromium, real models, a microphone that plays a question."""

import wave

import numpy as np
import pytest
from playwright.async_api import async_playwright

from telephony.sms import SmsSender
from tests.browser import FLAGS, find_chromium

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.browser,
    pytest.mark.models,
    pytest.mark.slow,
    pytest.mark.timeout(120),
]
RATE = 48000


async def test_the_transcript_of_a_browser_call_appears(stack, voice, tmp_path):
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    microphone = tmp_path / "microphone.wav"
    question = np.repeat(voice.render("When are you open on Saturdays?"), RATE // 8000)
    with wave.open(str(microphone), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        quiet = np.zeros(10 * RATE, np.int16)
        file.writeframes(np.concatenate([quiet, question, quiet, quiet]).tobytes())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=[*FLAGS, f"--use-file-for-fake-audio-capture={microphone}%noloop"]
        )
        page = await browser.new_page()
        await page.goto(stack.phone_url)
        await page.click("#call")
        await page.wait_for_selector("body[data-state='Connected']")
        await page.wait_for_selector("#transcript li.assistant:has-text('automated assistant')")
        async with SmsSender(stack.account_sid, stack.auth_token, stack.number, stack.line_url) as sender:
            await sender.send("+15550142001", "For another telephone.")
            await sender.send(await page.input_value("#own-number"), "Acme: your code is 123456.")
        await page.wait_for_selector("#transcript li.message:has-text('your code is 123456')")
        await page.wait_for_selector("#transcript li.caller:has-text('Saturday')", timeout=40_000)
        await page.wait_for_selector("#transcript li.assistant:has-text('nine to six')", timeout=20_000)
        await page.wait_for_selector("#transcript li.note:has-text('answered after')")
        transcript = await page.inner_text("#transcript")
        assert "another telephone" not in transcript
        assert (
            transcript.index("Saturday")
            < transcript.index("nine to six")
            < transcript.index("answered after")
        )
        await page.click("#hang-up")
        await page.wait_for_selector("body[data-state='Call ended']")
        await browser.close()
