"""Everything that handing over to people needs in a process: opened once, closed in reverse."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, time
from typing import Any

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.log import CallLog
from dialog.phrasing import fill
from dialog.playbook import Playbook
from handoff.briefs import Briefs
from handoff.connections import Connections
from handoff.handovers import Handovers
from handoff.hold.music import HoldMusic
from handoff.promises.keeper import PromiseKeeper
from handoff.promises.record import PromiseRecord
from handoff.promises.ringing import CallBacks
from handoff.promises.store import PromiseStore
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
from telephony.media.wav import wav_file
from telephony.transfer_twiml import TALK_STREAM, TransferTwiml
from telephony.twiml import CallTwiml
from voice.speech_parts import SpeechParts

RELEASE_EVERY_S = 60.0


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
        promises = PromiseStore(engine)
        carrier = await stack.enter_async_context(
            CarrierCalls(settings.twilio_account_sid, settings.auth_token, settings.twilio_api_base_url)
        )
        legs = TwilioLegs(
            carrier,
            documents,
            lambda call_sid: calls.connect(call_sid, TALK_STREAM),
            promises.number_of,
            lambda: greeting(playbook()),
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
        ring = CallBacks(transfers, at_work, briefs, playbook, log.read, _now)
        keeper = PromiseKeeper(promises, ring, PromiseRecord(log.append), lambda: playbook().queues, _now)
        at_all_times(
            stack,
            handovers.keep_looking(),
            transfers.keep_sweeping(),
            keep_releasing(people, store),
            keeper.run(),
        )
        connections = Connections(transfers, briefs, log.append, settings.warmline_data_dir, _now, monotonic)
        yield PeopleParts(people, store, transfers, handovers, connections, legs, music)


def greeting(playbook: Playbook) -> str:
    """What callers hear first who are called back."""
    return fill(playbook.head.people.calling_back, {"brand": playbook.head.brand})


async def keep_releasing(people: People, store: TransferStore) -> None:
    """Let agents go whom a killed process has left behind in no call, at once and now and then, until cancelled."""
    while True:
        try:
            freed = await people.release_forgotten([one.id for one in await store.open()])
            if freed:
                logger.bind(agents=freed).warning("agents were in a call that is none any more")
        except SQLAlchemyError as error:
            logger.bind(error=type(error).__name__).error("forgotten agents cannot be looked for")
        await asyncio.sleep(RELEASE_EVERY_S)


def at_all_times(stack: AsyncExitStack, *works: Coroutine[Any, Any, None]) -> None:
    """Work that goes on until the stack is closed."""
    for work in works:
        stack.push_async_callback(_ended, asyncio.create_task(work))


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})


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
    return wav_file(music.piece(0, round(music.seconds * RATE)))


def _now() -> datetime:
    return datetime.now(UTC)
