"""Twilio's REST API for conferences, on this machine: `/2010-04-01/Accounts/{sid}/Conferences`.

Codes: 20003 authenticate, 20001 bad parameter, 20404 unknown, 21205 bad address
(https://www.twilio.com/docs/api/errors).
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from loguru import logger

from telephony.line.carrier import Carrier
from telephony.line.conferences.conference import ConferenceStatus, Participant
from telephony.line.conferences.live_conference import LiveConference
from telephony.line.config import LineConfig
from telephony.line.performers.conferencing import perform_conference
from telephony.line.performers.sounding import announcement
from telephony.line.rest.conference_resource import (
    conference_page,
    conference_resource,
    conferences_path,
    participant_page,
    participant_resource,
)
from telephony.line.rest.order import read_order
from telephony.line.rest.request import (
    Form,
    RestError,
    authenticate,
    callback_of,
    http_method,
    read_form,
    read_paging,
    web_address,
)
from telephony.line.sources import SoundFileError
from telephony.line.stage import Stage
from telephony.line.twiml.attributes import DocumentError
from telephony.line.twiml.dial import BEEPS, CONFERENCE_EVENTS
from telephony.line.twiml.verbs import ConferenceRoom, Dial
from telephony.line.webhooks import WebhookError
from telephony.tasks import Tasks


def create_conference_router(config: LineConfig, carrier: Carrier) -> APIRouter:
    """The routes of conferences and their participants."""
    routes = _Routes(config, carrier)
    path = conferences_path(config.account_sid)
    people = f"{path}/{{sid}}/Participants"
    router = APIRouter()
    router.add_api_route(f"{path}.json", routes.list, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.fetch, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.update, methods=["POST"])
    router.add_api_route(f"{people}.json", routes.participants, methods=["GET"])
    router.add_api_route(f"{people}.json", routes.add, methods=["POST"])
    router.add_api_route(f"{people}/{{name}}.json", routes.participant, methods=["GET"])
    router.add_api_route(f"{people}/{{name}}.json", routes.update_participant, methods=["POST"])
    router.add_api_route(f"{people}/{{name}}.json", routes.remove, methods=["DELETE"])
    return router


class _Routes:
    """What each route does."""

    def __init__(self, config: LineConfig, carrier: Carrier) -> None:
        self._config = config
        self._carrier = carrier
        self._background = Tasks()

    async def list(self, request: Request) -> Response:
        """Conferences, newest first."""
        authenticate(request, self._config)
        paging = read_paging(request)
        name, status = paging.filters.get("FriendlyName"), paging.filters.get("Status")
        found = [
            one
            for one in self._carrier.conferences.resources
            if name in {None, one.name} and status in {None, one.status.value}
        ]
        return JSONResponse(conference_page(self._config.account_sid, found, paging))

    async def fetch(self, request: Request, sid: str) -> Response:
        """One conference."""
        authenticate(request, self._config)
        return JSONResponse(conference_resource(self._known(sid).resource))

    async def update(self, request: Request, sid: str) -> Response:
        """End a conference, or announce something in it."""
        form = await read_form(request, self._config)
        conference = self._known(sid)
        status = form.get("Status")
        if status not in {"", ConferenceStatus.COMPLETED}:
            raise RestError(400, 20001, "Status must be completed.")
        if form.get("AnnounceUrl"):
            self._announce(form, conference, None)
        if status:
            conference.end()
        return JSONResponse(conference_resource(conference.resource))

    async def participants(self, request: Request, sid: str) -> Response:
        """Who is in a conference."""
        authenticate(request, self._config)
        conference, paging = self._known(sid), read_paging(request)
        muted, hold = paging.filters.get("Muted"), paging.filters.get("Hold")
        found = [
            one
            for one in conference.resource.participants.values()
            if muted in {None, str(one.muted).lower()} and hold in {None, str(one.hold).lower()}
        ]
        return JSONResponse(participant_page(conference.resource, found, paging))

    async def add(self, request: Request, sid: str) -> Response:
        """Ring somebody, who is in the conference once they answer. `sid` may be the name of a new conference."""
        form = await read_form(request, self._config)
        conferences = self._carrier.conferences
        known = conferences.get(sid)
        if known is not None and known.resource.over:
            raise self._unknown(sid)
        room = read_room(form, sid if known is None else known.resource.name)
        dial = Dial(room=room)

        async def sit(stage: Stage) -> None:
            await perform_conference(stage, dial, room)

        call = self._carrier.place(read_order(form, self._config.plan, sit))
        conference = conferences.opened(call.sid, room)
        self._background.start(self._close_when_nobody_came(call.sid, conference))
        expected = Participant(
            call.sid, call.created_at, room.label, room.start_on_enter, room.end_on_exit, room.muted
        )
        shown = participant_resource(conference.resource, expected, "queued")
        return JSONResponse(shown, status_code=201)

    async def _close_when_nobody_came(self, call_sid: str, conference: LiveConference) -> None:
        await self._carrier.ended(call_sid)
        if not conference.resource.participants:
            conference.end()

    async def participant(self, request: Request, sid: str, name: str) -> Response:
        """One participant, by call sid or label."""
        authenticate(request, self._config)
        conference = self._known(sid)
        return JSONResponse(participant_resource(conference.resource, self._present(conference, name)))

    async def update_participant(self, request: Request, sid: str, name: str) -> Response:
        """Mute, hold, announce to, or change somebody."""
        form = await read_form(request, self._config)
        conference = self._known(sid)
        participant = self._present(conference, name)
        if form.get("Muted"):
            conference.mute(participant, muted=_flag(form, "Muted"))
        if form.get("HoldUrl"):
            address = web_address(form, "HoldUrl"), http_method(form, "HoldMethod", "GET")
            conference.seat(participant).waits_at = address
        if form.get("Hold"):
            conference.hold(participant, hold=_flag(form, "Hold"))
        if form.get("EndConferenceOnExit"):
            conference.set_end_on_exit(participant, end_on_exit=_flag(form, "EndConferenceOnExit"))
        if form.get("AnnounceUrl"):
            self._announce(form, conference, participant)
        return JSONResponse(participant_resource(conference.resource, participant))

    async def remove(self, request: Request, sid: str, name: str) -> Response:
        """Remove somebody from a conference; their call goes on behind the `<Dial>`."""
        authenticate(request, self._config)
        conference = self._known(sid)
        conference.kick(self._present(conference, name))
        return Response(status_code=204)

    def _announce(self, form: Form, conference: LiveConference, participant: Participant | None) -> None:
        """Fetch and play it behind the answer, as Twilio does."""
        url, method = web_address(form, "AnnounceUrl"), http_method(form, "AnnounceMethod")

        async def announce() -> None:
            params = {"ConferenceSid": conference.resource.sid, "AccountSid": self._config.account_sid}
            try:
                audio = await announcement(self._carrier.edge, url, method, params)
            except (WebhookError, DocumentError, SoundFileError) as error:
                logger.bind(code=getattr(error, "code", 12400)).warning("no announcement: {}", error)
                conference.announced(participant, well=False)
                return
            conference.announce(audio, participant)
            conference.announced(participant)

        self._background.start(announce())

    def _known(self, sid: str) -> LiveConference:
        conference = self._carrier.conferences.get(sid)
        if conference is None:
            raise self._unknown(sid)
        return conference

    def _unknown(self, sid: str) -> RestError:
        path = f"{conferences_path(self._config.account_sid)}/{sid}.json"
        return RestError(404, 20404, f"The requested resource {path} was not found")

    def _present(self, conference: LiveConference, name: str) -> Participant:
        participant = conference.resource.find(name)
        if participant is None:
            path = f"{conferences_path(self._config.account_sid)}/{conference.resource.sid}/Participants"
            raise RestError(404, 20404, f"The requested resource {path}/{name}.json was not found")
        return participant


def read_room(form: Form, name: str) -> ConferenceRoom:
    """The conference that a new participant is to come into.

    Raises:
        RestError: 20001, 21205.
    """
    events = frozenset(form.all("ConferenceStatusCallbackEvent"))
    beep = form.get("Beep", "true")
    if not events <= set(CONFERENCE_EVENTS) or beep not in BEEPS:
        raise RestError(400, 20001, "ConferenceStatusCallbackEvent or Beep is not valid.")
    return ConferenceRoom(
        name=name,
        start_on_enter=form.get("StartConferenceOnEnter", "true").lower() == "true",
        end_on_exit=_flag(form, "EndConferenceOnExit"),
        muted=_flag(form, "Muted"),
        beep=beep,
        wait_url=web_address(form, "WaitUrl") if form.get("WaitUrl") else None,
        wait_method=http_method(form, "WaitMethod"),
        label=form.get("Label") or None,
        callback=callback_of(form, "ConferenceStatusCallback", events),
        record=form.get("ConferenceRecord") in {"true", "record-from-start"},
        recording_callback=callback_of(form, "ConferenceRecordingStatusCallback", frozenset({"completed"})),
    )


def _flag(form: Form, name: str) -> bool:
    """Anything but `true` is false (OpenAPI `Muted`)."""
    return form.get(name).lower() == "true"
