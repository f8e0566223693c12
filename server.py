"""The FastAPI application: builds the parts once, mounts the routes, nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from fastapi import FastAPI
from loguru import logger

from actions.registry import Registry
from actions.shop import open_shop, register
from admission import Admission, look, watch
from calls.database import store_url
from calls.log import CallLog
from calls.store import open_store
from dialog.intents import IntentClassifier
from dialog.plan import Dialog
from dialog.playbook import Playbook, check_actions, load_playbook
from line_routes import create_line_router
from models.catalogue import load_catalogue
from models.prepare import ready_dir
from models.shelf import ModelShelf
from reception import Reception
from session import CallParts
from settings import Settings
from telephony.routes import create_router
from telephony.signature import SignatureCheck
from telephony.tokens import StreamTokens
from voice.speech_parts import SpeechParts

MAX_SOCKET_MESSAGE = 64 * 1024
"""Bytes of one WebSocket message; larger ones close the socket with 1009."""


def create_app(settings: Settings, playbook: Playbook) -> FastAPI:
    """The server for one set of settings. Models are loaded when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _open_parts(settings, playbook) as (reception, log):
            check = SignatureCheck(settings.auth_token, settings.public_url)
            tokens = StreamTokens(time.monotonic)
            app.include_router(create_router(reception, check, tokens, settings.public_url))
            if settings.uses_local_line:
                app.include_router(create_line_router(log, check))
            app.state.reception = reception
            logger.info("Warmline is ready")
            yield

    app = FastAPI(title="Warmline", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> dict[str, object]:
        return {"status": "ok", "live_calls": app.state.reception.live}

    return app


def check_ready(settings: Settings) -> Playbook:
    """Check, before anything is started, what an operator can mend. Returns the checked playbook.

    Raises:
        PlaybookError, ModelFileError, StoreUrlError: with what to do.
    """
    playbook = load_playbook(settings.warmline_playbook)
    store_url(settings.store_url)
    for model in load_catalogue().model:
        ready_dir(model)
    return playbook


@asynccontextmanager
async def _open_parts(settings: Settings, playbook: Playbook) -> AsyncIterator[tuple[Reception, CallLog]]:
    """Everything that the calls of this process share, closed in reverse."""
    shelf = ModelShelf(threads=settings.warmline_speech_threads)
    speech = SpeechParts(shelf.whisper(), shelf.voice_path(), shelf.silero_path(), shelf.smart_turn_path())
    dialog = Dialog(playbook, IntentClassifier(playbook, shelf.embedder()))
    speech.prepare(dialog.fixed_prompts)
    try:
        async with (
            await open_shop(settings.warmline_data_dir / "shop.db", today=date.today) as shop,
            await open_store(settings.store_url) as store,
            CallLog(store, lambda: datetime.now(UTC)) as log,
        ):
            registry = Registry(time.monotonic)
            register(registry, shop, settings.demo_shop_delay_s)
            check_actions(playbook, registry)
            parts = CallParts(dialog, registry, speech, log.append, time.monotonic)
            admission = Admission(settings.warmline_most_calls)
            load = (admission, time.monotonic, lambda: speech.wait_s)
            await look(*load)  # the first call may come as soon as the port is open
            watching = asyncio.create_task(watch(*load))
            try:
                yield (
                    Reception(
                        parts,
                        log,
                        settings.warmline_data_dir,
                        shelf.versions(),
                        lambda: datetime.now(UTC),
                        admission,
                    ),
                    log,
                )
            finally:
                watching.cancel()
    finally:
        speech.stop()
