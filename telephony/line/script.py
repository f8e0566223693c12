"""Follows TwiML: documents one after the other, and their verbs in order."""

from collections.abc import Awaitable, Callable
from typing import Any

from telephony.line.instructions import Instructions
from telephony.line.leg import LegEnd
from telephony.line.performers.conferencing import perform_conference
from telephony.line.performers.dialing import perform_dial
from telephony.line.performers.gathering import perform_gather
from telephony.line.performers.recording import (
    perform_record,
    perform_start_recording,
    perform_stop_recording,
)
from telephony.line.performers.sounding import perform_sounding
from telephony.line.performers.streaming import perform_connect, perform_start_stream, perform_stop_stream
from telephony.line.stage import Stage
from telephony.line.twiml.attributes import DocumentError
from telephony.line.twiml.document import read_document
from telephony.line.twiml.verbs import (
    ConnectStream,
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    StartRecording,
    StartStream,
    StopRecording,
    StopStream,
    Verb,
)
from telephony.line.webhooks import WebhookError, call_params

MOST_REDIRECTS = 50
"""Documents one after the other without a sound between them: a circle."""
UNANSWERED_VERBS = (StartStream, StopStream, StartRecording, StopRecording)


async def follow_twiml(stage: Stage, instructions: Instructions) -> None:
    """Follow until there is nothing more to do.

    Raises:
        WebhookError, DocumentError, SoundFileError: it cannot be followed.
    """
    for _ in range(MOST_REDIRECTS):
        next_one = await _perform_all(stage, read_document(await _document(stage, instructions)))
        if next_one is None:
            return
        instructions = next_one
    raise DocumentError(12200, "redirects in a circle")


async def _document(stage: Stage, instructions: Instructions) -> str:
    if instructions.twiml is not None:
        return instructions.twiml
    if not instructions.url:
        raise WebhookError(11200, "there is no address to ask")
    params = call_params(stage.call) | dict(instructions.told)
    return await stage.edge.webhooks.ask(instructions.url, instructions.method, params)


async def _perform_all(stage: Stage, verbs: tuple[Verb, ...]) -> Instructions | None:
    """Do the verbs in order. Returns where one leads."""
    for index, verb in enumerate(verbs):
        if isinstance(verb, Reject) and index == 0 and not stage.answered:
            await stage.leg.reject(LegEnd.BUSY if verb.reason == "busy" else LegEnd.DECLINED)
            return None
        if isinstance(verb, Hangup | Reject):
            return None
        if isinstance(verb, Redirect):
            return Instructions(url=verb.url, method=verb.method)
        if not _waits_with_answering(verb):
            await stage.answer()
        next_one = await PERFORMERS[type(verb)](stage, verb)
        if next_one is not None:
            return next_one
    return None


async def _perform_dial(stage: Stage, verb: Dial) -> Instructions | None:
    if verb.room is not None:
        return await perform_conference(stage, verb, verb.room)
    return await perform_dial(stage, verb)


def _waits_with_answering(verb: Verb) -> bool:
    """Verbs that do not answer a call, or not yet."""
    return isinstance(verb, UNANSWERED_VERBS) or (
        isinstance(verb, Dial) and verb.room is None and verb.answer_on_bridge
    )


Performer = Callable[[Stage, Any], Awaitable[Instructions | None]]
PERFORMERS: dict[type, Performer] = {
    Say: perform_sounding,
    Play: perform_sounding,
    Pause: perform_sounding,
    Gather: perform_gather,
    ConnectStream: perform_connect,
    StartStream: perform_start_stream,
    StopStream: perform_stop_stream,
    Record: perform_record,
    StartRecording: perform_start_recording,
    StopRecording: perform_stop_recording,
    Dial: _perform_dial,
}
