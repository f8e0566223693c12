"""Twilio's REST API for text messages, on this machine: `/2010-04-01/Accounts/{sid}/Messages`.

Codes: 20003 authenticate, 20404 unknown, 21211 bad To, 21602 no Body, 21603 no From, 21604 no To, 21606 not our From,
21617 a Body that is too long (https://www.twilio.com/docs/api/errors).
"""

import re

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from telephony.line.config import LineConfig
from telephony.line.rest.request import RestError, authenticate, read_form, read_paging
from telephony.line.text_messages import (
    TextMessage,
    TextMessages,
    message_page,
    message_resource,
    messages_path,
)

LONGEST_BODY = 1600
NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def create_message_router(config: LineConfig, messages: TextMessages) -> APIRouter:
    """The routes of text messages."""
    routes = _Routes(config, messages)
    path = messages_path(config.account_sid)
    router = APIRouter()
    router.add_api_route(f"{path}.json", routes.create, methods=["POST"])
    router.add_api_route(f"{path}.json", routes.list, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.fetch, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.delete, methods=["DELETE"])
    return router


class _Routes:
    """What each route does."""

    def __init__(self, config: LineConfig, messages: TextMessages) -> None:
        self._config = config
        self._messages = messages

    async def create(self, request: Request) -> Response:
        """Send a message."""
        form = await read_form(request, self._config)
        to, sender, body = form.get("To"), form.get("From"), form.get("Body")
        if not to:
            raise RestError(400, 21604, "A 'To' phone number is required.")
        if not NUMBER.fullmatch(to):
            raise RestError(400, 21211, "Invalid 'To' Phone Number.")
        if not sender:
            raise RestError(400, 21603, "A 'From' phone number is required.")
        if sender != self._config.number:
            raise RestError(400, 21606, "The 'From' phone number is not one of this account.")
        if not body:
            raise RestError(400, 21602, "Message body is required.")
        if len(body) > LONGEST_BODY:
            raise RestError(400, 21617, f"The message body exceeds {LONGEST_BODY} characters.")
        return JSONResponse(message_resource(self._messages.send(to, sender, body), new=True), 201)

    async def list(self, request: Request) -> Response:
        """Messages, newest first."""
        authenticate(request, self._config)
        paging = read_paging(request)
        found = self._messages.list(paging.filters.get("To", ""), paging.filters.get("From", ""))
        return JSONResponse(message_page(self._config.account_sid, found, paging))

    async def fetch(self, request: Request, sid: str) -> Response:
        """One message."""
        authenticate(request, self._config)
        return JSONResponse(message_resource(self._known(sid)))

    async def delete(self, request: Request, sid: str) -> Response:
        """Forget a message."""
        authenticate(request, self._config)
        self._messages.forget(self._known(sid))
        return Response(status_code=204)

    def _known(self, sid: str) -> TextMessage:
        message = self._messages.get(sid)
        if message is None:
            path = f"{messages_path(self._config.account_sid)}/{sid}.json"
            raise RestError(404, 20404, f"The requested resource {path} was not found")
        return message
