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
    renderer: list[Renderer] = []

    def render(text: str) -> bytes:
        """Load the voice when the first `<Say>` needs it: most lines never do."""
        if not renderer:
            renderer.append(Renderer.load(ModelShelf().voice_path()))
        return ulaw.encode(np.ascontiguousarray(renderer[0].render(text)))

    async def say(text: str, _voice: str | None) -> bytes:
        return await asyncio.to_thread(render, text)

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
        sip_port=settings.line_sip_port,
        rtp_ports=(settings.line_rtp_first_port, settings.line_rtp_last_port),
    )
