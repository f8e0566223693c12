"""`<Say>`, `<Play>` and `<Pause>`, wherever they are heard."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from loguru import logger

from telephony.line.instructions import Instructions
from telephony.line.leg import FRAME_BYTES, FRAME_S
from telephony.line.slot import Slot
from telephony.line.sources import SoundFileError, own_music, read_wav, tones
from telephony.line.stage import CallEdge, Stage
from telephony.line.twiml.attributes import DocumentError
from telephony.line.twiml.document import read_waiting
from telephony.line.twiml.verbs import Pause, Play, Redirect, Say, Sounding
from telephony.line.webhooks import WebhookError
from telephony.media import ulaw

WAV = b"RIFF"
LONGEST_ANNOUNCEMENT_S = 600
MOST_REDIRECTS = 10
QUIET_AGAIN_S = 1.0
"""A waiting document without any sound is asked for again after this."""


async def perform_sounding(stage: Stage, verb: Sounding) -> Instructions | None:
    """Let the party hear it."""
    await sound(stage.edge, stage.sound.slot, verb)
    return None


async def sound(edge: CallEdge, slot: Slot, verb: Sounding) -> None:
    """Let it be heard in `slot`."""
    if isinstance(verb, Pause):
        await asyncio.sleep(verb.seconds)
    else:
        await slot.play(await _audio(edge, verb), verb.loop)


async def announcement(edge: CallEdge, url: str, method: str, params: Mapping[str, str]) -> bytes:
    """A file, or a document of `<Say>`, `<Play>` and `<Pause>`, as µ-law.

    Raises:
        WebhookError, DocumentError, SoundFileError: it cannot be had.
    """
    parts: list[bytes] = []
    async for verb in _heard_at(edge, url, method, params):
        if isinstance(verb, Pause):
            parts.append(b"\xff" * int(verb.seconds / FRAME_S) * FRAME_BYTES)
        else:
            parts.append(await _audio(edge, verb) * max(1, verb.loop))
    return b"".join(parts)[: int(LONGEST_ANNOUNCEMENT_S / FRAME_S) * FRAME_BYTES]


async def play_waiting(
    edge: CallEdge, slot: Slot, url: str | None, method: str, params: Mapping[str, str]
) -> None:
    """What is heard while a conference waits, again and again, until cancelled. A fault of it is silence.

    `url` None is the line's own music, an empty one is silence.
    """
    if url is None:
        await slot.play(own_music(), 0)
    if not url:
        return
    loop = asyncio.get_running_loop()
    try:
        while True:
            heard_at = loop.time()
            async for verb in _heard_at(edge, url, method, params):
                heard_at = loop.time()
                await sound(edge, slot, verb)
            if loop.time() - heard_at < FRAME_S:
                await asyncio.sleep(QUIET_AGAIN_S)
    except (WebhookError, DocumentError, SoundFileError) as error:
        logger.bind(code=getattr(error, "code", 12400)).warning("nothing is heard while waiting: {}", error)


async def _heard_at(
    edge: CallEdge, url: str, method: str, params: Mapping[str, str]
) -> AsyncIterator[Sounding]:
    """The verbs at an address, redirects followed; a WAV file there is a `<Play>` of it."""
    for _ in range(MOST_REDIRECTS):
        content = await edge.webhooks.fetch(url, method, params)
        if content.startswith(WAV):
            yield Play(url)
            return
        for verb in read_waiting(content.decode("utf-8", "replace")):
            if isinstance(verb, Redirect):
                url, method = verb.url, verb.method
                break
            yield verb
        else:
            return
    raise DocumentError(12200, "redirects in a circle")


async def _audio(edge: CallEdge, verb: Say | Play) -> bytes:
    if isinstance(verb, Say):
        return await edge.speak(verb.text, verb.voice)
    if verb.url is None:
        return tones(verb.digits)
    return ulaw.encode(read_wav(await edge.webhooks.download(verb.url)))
