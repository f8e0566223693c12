"""The FastAPI application: builds the parts once, mounts the routes, nothing else."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI
from loguru import logger

from admission import Admission, look, watch
from calls.database import store_url
from calls.log import CallLog
from calls.store import open_store
from classifiers import check_labels, load_stand_ins, minds_of
from company import Companies, Company, keep_renewed
from dialog.language_model import client as language_model
from dialog.load import load_playbook
from dialog.minds import Articles, StandIns
from dialog.plan import Dialog
from dialog.playbook import Playbook
from dialog.reload import PlaybookWatch
from handoff.consult.programme import STANDING
from handoff.escalation.weights import read_weights
from line_routes import create_line_router
from models.cores import utterance_threads, utterances_at_once
from models.prepare import check_all_ready
from models.shelf import ModelShelf
from pages import create_pages
from people_parts import open_people, wav_of
from qa.learning.lessons import taught
from qa.learning.versions import Versions
from qa.metrics.rules_file import load_rules
from qa.privacy.rules import read_rules
from qa.scorecards.source import form_of
from qa_parts import open_console
from reception import Reception
from session import CallParts
from settings import Settings
from switchboard import Switchboard
from systems import Systems, open_systems
from telephony.routes import create_router
from telephony.signature import SignatureCheck
from telephony.tokens import StreamTokens
from telephony.transfer_routes import create_transfer_router
from telephony.transfer_twiml import TransferTwiml
from telephony.twiml import CallTwiml
from thinking import Thinking
from voice.speech_parts import SpeechParts

MAX_SOCKET_MESSAGE = 64 * 1024
"""Bytes of one WebSocket message; larger ones close the socket with 1009."""


def create_app(settings: Settings, playbook: Playbook, stand_ins: StandIns) -> FastAPI:
    """The server for one set of settings. All other models are loaded when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        twilio = _Twilio.of(settings)
        async with _open_parts(settings, playbook, stand_ins, twilio) as parts:
            reception, switchboard, log, pages = parts
            app.include_router(
                create_router(reception, twilio.check, twilio.tokens, twilio.calls, settings.public_url)
            )
            app.include_router(
                create_transfer_router(switchboard, twilio.check, twilio.tokens, twilio.transfers)
            )
            if settings.uses_local_line:
                app.include_router(create_line_router(log, twilio.check))
            app.mount("/", pages)
            app.state.reception = reception
            # What lives as long as the process is no garbage. A look through all of it takes 0.3 s, in which no call
            # is answered and no page is sent; from here on the collector looks at what came later.
            gc.collect()
            gc.freeze()
            logger.info("Warmline is ready")
            yield

    app = FastAPI(title="Warmline", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> dict[str, object]:
        return {"status": "ok", "live_calls": app.state.reception.live}

    return app


def check_ready(settings: Settings) -> tuple[Playbook, StandIns]:
    """Check, before anything is started, what an operator can mend.

    Returns the checked playbook, and the models that the settings name in place of built-in ones.

    Raises:
        PlaybookError, ModelFileError, StoreUrlError, ClassifierSettingError, RulesError, VersionError: with what to do.
    """
    playbook = load_playbook(settings.warmline_playbook)
    stand_ins = load_stand_ins(settings)
    check_labels(playbook, stand_ins)
    form_of(settings.warmline_playbook)
    read_rules(playbook.folder)
    store_url(settings.store_url)
    load_rules(settings.warmline_metrics)
    check_all_ready()
    Versions(settings.warmline_data_dir).current()
    return playbook, stand_ins


@dataclass(frozen=True)
class _Twilio:
    """How this server and the carrier know each other."""

    check: SignatureCheck
    tokens: StreamTokens
    calls: CallTwiml
    transfers: TransferTwiml

    @classmethod
    def of(cls, settings: Settings) -> "_Twilio":
        check = SignatureCheck(settings.auth_token, settings.public_url)
        tokens = StreamTokens(time.monotonic)
        addresses = (settings.public_url, check.socket_url, tokens.issue)
        return cls(check, tokens, CallTwiml(*addresses), TransferTwiml(*addresses))


@asynccontextmanager
async def _open_parts(
    settings: Settings, playbook: Playbook, stand_ins: StandIns, twilio: _Twilio
) -> AsyncIterator[tuple[Reception, Switchboard, CallLog, FastAPI]]:
    """Everything that the calls of this process share, closed in reverse."""
    threads = settings.warmline_speech_threads or utterance_threads()
    at_once = utterances_at_once(threads)
    shelf = ModelShelf(threads=threads, utterances_at_once=at_once)
    async with AsyncExitStack() as stack:
        systems = await stack.enter_async_context(open_systems(settings, playbook.head.brand))
        companies = await _open_companies(settings, shelf, systems, stand_ins, stack)
        speech = SpeechParts(
            shelf.whisper(),
            shelf.voice_path(),
            shelf.silero_path(),
            shelf.smart_turn_path(),
            playbook.pronunciation,
            shelf.kept_speech(),
            at_once,
        )
        stack.callback(speech.stop)
        dialog, speed = companies.current().thinking.dialog, playbook.head.voice.speed
        speech.prepare(dialog.first_prompts, speed)
        store = await stack.enter_async_context(await open_store(settings.store_url))
        log = await stack.enter_async_context(CallLog(store, lambda: datetime.now(UTC)))

        def now_playing() -> Playbook:
            return companies.current().thinking.dialog.playbook

        people = await stack.enter_async_context(
            open_people(settings, systems.engine, log, speech, now_playing, twilio.calls, twilio.transfers)
        )
        admission = Admission(settings.warmline_most_calls, settings.warmline_late_loop_s)
        load = (admission, time.monotonic, speech.take_wait_s)
        await look(*load)  # the first call may come as soon as the port is open
        reception = Reception(
            CallParts(speech, log.append, time.monotonic, people.handovers, read_weights()),
            companies,
            log,
            settings.warmline_data_dir,
            {**shelf.versions(), **stand_ins.versions},
            lambda: datetime.now(UTC),
            admission,
        )
        console = await stack.enter_async_context(
            open_console(settings, systems.engine, store, log, companies.current, shelf.embedder())
        )
        warming = _warm(speech, dialog.fixed_prompts, speed, lambda: reception.live == 0)
        for work in (watch(*load), keep_renewed(companies, time.monotonic), warming):
            stack.callback(asyncio.create_task(work).cancel)
        switchboard = Switchboard(
            people.connections,
            reception,
            twilio.calls,
            twilio.transfers,
            people.legs.document,
            log.append,
            lambda: now_playing().queues.survey,
            wav_of(people.music),
        )
        yield reception, switchboard, log, create_pages(settings, people, log, companies.current, console)


async def _warm(speech: SpeechParts, prompts: Iterable[str], speed: float, idle: Callable[[], bool]) -> None:
    """Render what humans and callers will hear again and again, while nobody calls."""
    await speech.warm(STANDING, 1.0, idle)
    await speech.warm(prompts, speed, idle)


async def _open_companies(
    settings: Settings, shelf: ModelShelf, systems: Systems, stand_ins: StandIns, stack: AsyncExitStack
) -> Companies:
    """The playbook as it is now and will be, with a language model if there is one.

    Raises:
        PlaybookError: what it declares cannot run here.
    """
    key = settings.warmline_model_key.get_secret_value()
    model = await stack.enter_async_context(
        language_model.opened(settings.warmline_model_url, settings.warmline_model_name, key)
    )

    versions = Versions(settings.warmline_data_dir)

    def build(given: Playbook) -> Company:
        learnt = versions.used()
        playbook = taught(given, learnt.lessons)
        actions = systems.actions(playbook)
        with shelf.kept_vectors(learnt.lessons.sentences()) as encoder:
            minds = minds_of(playbook, encoder, stand_ins)
        articles = minds.knowledge if isinstance(minds.knowledge, Articles) else None
        thinking = Thinking(Dialog(playbook, minds), model)
        return Company(thinking, actions, articles, {"learnt": learnt.name}, learnt.weights)

    return Companies(PlaybookWatch(settings.warmline_playbook, build, also=versions.fingerprint))
