"""The line's whole API: Twilio's paths, and the faults beside them."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from fastapi import Depends, FastAPI, Request, Response

from telephony.line.carrier import Carrier
from telephony.line.config import LineConfig
from telephony.line.rest.call_routes import create_call_router
from telephony.line.rest.conference_routes import create_conference_router
from telephony.line.rest.fault_routes import create_fault_router, slow_or_failing
from telephony.line.rest.message_routes import create_message_router
from telephony.line.rest.recording_routes import create_recording_router
from telephony.line.rest.request import RestError, answer_error
from telephony.line.text_messages import TextMessages

EXCEPTION_HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    RestError: answer_error
}
"""Errors in Twilio's form."""


def add_rest_routes(
    app: FastAPI, config: LineConfig, carrier: Carrier, messages: TextMessages | None = None
) -> None:
    """Mount the API. Text messages are kept in `messages`.

    The application needs `EXCEPTION_HANDLERS` from its beginning: those that are added once it has started are never
    asked.
    """
    kept = messages or TextMessages(config.account_sid, _now)
    for router in (
        create_call_router(config, carrier),
        create_conference_router(config, carrier),
        create_recording_router(config, carrier),
        create_message_router(config, kept),
    ):
        app.include_router(router, dependencies=[Depends(slow_or_failing(carrier.faults))])
    app.include_router(create_fault_router(config, carrier.faults))


def _now() -> datetime:
    return datetime.now(UTC)
