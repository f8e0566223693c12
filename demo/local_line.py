"""The local line with its voice: what `warmline line` runs."""

import asyncio

import numpy as np

from models.shelf import ModelShelf
from settings import Settings
from telephony.line.config import LineConfig
from telephony.line.main import run_line
from telephony.media import ulaw
from telephony.routes import VOICE_PATH
from telephony.twiml import STATUS_PATH
from voice.speaking.renderer import Renderer


async def run_local_line(settings: Settings) -> None:
    """Run the carrier until it is interrupted; `<Say>` is spoken by the house voice."""
    # Loaded at once, beside all else: the first `<Say>` must not be three seconds of silence.
    loading = asyncio.create_task(asyncio.to_thread(lambda: Renderer.load(ModelShelf().voice_path())))

    async def say(text: str, _voice: str | None) -> bytes:
        renderer = await asyncio.shield(loading)
        return await asyncio.to_thread(lambda: ulaw.encode(np.ascontiguousarray(renderer.render(text))))

    await run_line(line_config(settings), say)


def line_config(settings: Settings) -> LineConfig:
    """The line's part of the settings."""
    return LineConfig(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.auth_token,
        voice_url=settings.public_url + VOICE_PATH,
        status_callback_url=settings.public_url + STATUS_PATH,
        number=settings.line_number,
        transcript_base_url=settings.public_url,
        http_port=settings.line_http_port,
        numbers=settings.dialled_numbers,
        sip_port=settings.line_sip_port,
        rtp_ports=(settings.line_rtp_first_port, settings.line_rtp_last_port),
    )
