"""Everything that handing over to people needs in a process: opened once, closed in reverse."""

import asyncio
import io
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, time

from sqlalchemy.ext.asyncio import AsyncEngine

from calls.log import CallLog
from dialog.playbook import Playbook
from handoff.briefs import Briefs
from handoff.connections import Connections
from handoff.handovers import Handovers
from handoff.hold.music import HoldMusic
from handoff.roster.at_work import AtWork
from handoff.roster.people import People
from handoff.transfer.carrier import TwilioLegs
from handoff.transfer.store import TransferStore
from handoff.transfer.transfers import Transfers
from settings import Settings
from telephony.carrier_calls import CarrierCalls
from telephony.media.playout import RATE
from telephony.media.transport import Between
from telephony.media.ulaw import Pcm
from telephony.transfer_twiml import TALK_STREAM, TransferTwiml
from telephony.twiml import CallTwiml
from voice.speech_parts import SpeechParts


@dataclass(frozen=True)
class PeopleParts:
    """What calls, the carrier's routes and the desk share."""

    people: People
    store: TransferStore
    transfers: Transfers
    handovers: Handovers
    connections: Connections
    legs: TwilioLegs
    music: HoldMusic


@asynccontextmanager
async def open_people(
    settings: Settings,
    engine: AsyncEngine,
    log: CallLog,
    speech: SpeechParts,
    playbook: Callable[[], Playbook],
    calls: CallTwiml,
    documents: TransferTwiml,
) -> AsyncIterator[PeopleParts]:
    """The people, their transfers and their briefings, on the database of `engine`."""
    async with AsyncExitStack() as stack:
        carrier = await stack.enter_async_context(
            CarrierCalls(settings.twilio_account_sid, settings.auth_token, settings.twilio_api_base_url)
        )
        legs = TwilioLegs(
            carrier,
            documents,
            lambda call_sid: calls.connect(call_sid, TALK_STREAM),
            settings.warmline_caller_id or settings.line_number,
            settings.warmline_sip_user,
            settings.warmline_sip_password.get_secret_value(),
        )
        people = People(engine, _now)
        at_work = AtWork(people, playbook, _now)
        store = TransferStore(engine, _now)
        transfers = Transfers(store, legs, at_work, log.append, time)
        stack.push_async_callback(transfers.close)
        briefs = Briefs(log.read, playbook, speech, settings.warmline_data_dir, monotonic)
        music = await asyncio.to_thread(HoldMusic.of, playbook())  # its first bar takes a moment to compose
        handovers = Handovers(transfers, at_work, briefs, lambda: endless(music), legs.document, time)
        await handovers.look()
        for work in (handovers.keep_looking(), transfers.keep_sweeping()):
            stack.callback(asyncio.create_task(work).cancel)
        connections = Connections(transfers, briefs, log.append, settings.warmline_data_dir, _now, monotonic)
        yield PeopleParts(people, store, transfers, handovers, connections, legs, music)


def endless(music: HoldMusic) -> Between:
    """Hold music from its beginning, for one caller."""
    at_sample = 0

    def more(samples: int) -> Pcm:
        nonlocal at_sample
        at_sample += samples
        return music.piece(at_sample - samples, samples)

    return more


def wav_of(music: HoldMusic) -> bytes:
    """The music once through, as a WAV file that the carrier plays."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(music.piece(0, round(music.seconds * RATE)).tobytes())
    return file.getvalue()


def _now() -> datetime:
    return datetime.now(UTC)
