"""Runs the local line: SIP edge, REST API and browser phone in one process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI
from loguru import logger

from telephony.line.carrier import Carrier
from telephony.line.config import LineConfig
from telephony.line.phone import SignedTranscripts, create_phone_router
from telephony.line.rest.routes import EXCEPTION_HANDLERS, add_rest_routes
from telephony.line.sip import SipEdge
from telephony.line.stage import Speak
from telephony.line.text_messages import TextMessages
from telephony.line.webhooks import Webhooks

MAX_SOCKET_MESSAGE = 4096
"""Bytes of one WebSocket message of the browser phone."""


async def run_line(config: LineConfig, speak: Speak) -> None:
    """Run until cancelled or interrupted."""
    app = create_line_app(config, speak)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=config.host,
            port=config.http_port,
            log_level="warning",
            ws_max_size=MAX_SOCKET_MESSAGE,
            timeout_graceful_shutdown=3,
        )
    )
    await server.serve()


def create_line_app(config: LineConfig, speak: Speak) -> FastAPI:
    """The line as an application; SIP is up while it is."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with Webhooks(config.auth_token) as webhooks:
            carrier = Carrier(config, webhooks, speak, lambda: datetime.now(UTC))
            edge = SipEdge(config.host, config.sip_port, config.rtp_ports, carrier)
            carrier.connect(edge)
            carrier.recordings.base_url = f"http://{config.host}:{config.http_port}"
            await edge.start()
            messages = TextMessages(config.account_sid, lambda: datetime.now(UTC))
            add_rest_routes(app, config, carrier, messages)
            transcripts = (
                SignedTranscripts(config.transcript_base_url, config.auth_token)
                if config.transcript_base_url is not None
                else None
            )
            app.include_router(create_phone_router(carrier, config.number, transcripts, messages))
            app.state.carrier, app.state.sip_port = carrier, edge.port
            logger.bind(sip_port=edge.port).info("the local line is ready")
            try:
                yield
            finally:
                await carrier.stop()
                await edge.stop()
                await asyncio.sleep(0)

    return FastAPI(
        title="Local line",
        lifespan=lifespan,
        exception_handlers=EXCEPTION_HANDLERS,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
