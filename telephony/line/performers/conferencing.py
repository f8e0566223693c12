"""`<Dial><Conference>`: a call sits in a conference until it leaves, is removed, or the conference ends."""

import asyncio
from contextlib import suppress

from loguru import logger

from telephony.line.conferences.conference import Departure, NotAdmittedError
from telephony.line.conferences.live_conference import LiveConference
from telephony.line.conferences.seat import Seat
from telephony.line.instructions import Instructions
from telephony.line.performers.dial_end import after_dial
from telephony.line.performers.sounding import play_waiting
from telephony.line.stage import Stage
from telephony.line.twiml.verbs import ConferenceRoom, Dial
from telephony.line.webhooks import call_params


async def perform_conference(stage: Stage, verb: Dial, room: ConferenceRoom) -> Instructions | None:
    """Sit in the conference. A call that is not admitted goes on as after a failed `<Dial>`."""
    try:
        conference, seat = stage.edge.conferences.join(stage.call.sid, room)
    except NotAdmittedError as error:
        logger.bind(call=stage.call.sid, code=error.code).warning("not admitted to a conference: {}", error)
        return after_dial(verb, {"DialCallStatus": "failed", "ErrorCode": str(error.code)})
    with stage.sound.slot.holding(seat):
        waiting = asyncio.create_task(_music(stage, conference, seat, room))
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(verb.limit_s):
                    await seat.left.wait()
        finally:
            waiting.cancel()
            conference.leave(seat, Departure.HUNG_UP if stage.call.over else Departure.UPDATED)
            await asyncio.wait({waiting})
    return after_dial(verb, {"DialCallStatus": "answered", "DialBridged": "true"})


async def _music(stage: Stage, conference: LiveConference, seat: Seat, room: ConferenceRoom) -> None:
    """Plays whenever the seat is apart from the others: before the start, and on hold."""
    while True:
        await seat.apart.wait()
        url, method = seat.waits_at or (room.wait_url, room.wait_method)
        params = call_params(stage.call) | {
            "ConferenceSid": conference.resource.sid,
            "FriendlyName": room.name,
        }
        playing = asyncio.create_task(play_waiting(stage.edge, seat.music, url, method, params))
        try:
            await seat.together.wait()
        finally:
            playing.cancel()
            await asyncio.wait({playing})
