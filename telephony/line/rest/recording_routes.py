"""Twilio's REST API for recordings, on this machine.

Codes: 20003 authenticate, 20001 bad parameter, 20404 unknown, 21220 the call is not in progress
(https://www.twilio.com/docs/api/errors).
"""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from telephony.line.carrier import CallNotFoundError, Carrier, NotInProgressError
from telephony.line.config import LineConfig
from telephony.line.performers.recording import RecordingBeside
from telephony.line.recordings.recording import Recording, RecordingSource, RecordingStatus
from telephony.line.rest.call_resource import calls_path
from telephony.line.rest.conference_resource import conferences_path
from telephony.line.rest.recording_resource import (
    part_recording_resource,
    recording_page,
    recording_resource,
    recordings_path,
)
from telephony.line.rest.request import RestError, authenticate, callback_of, read_form, read_paging
from telephony.line.twiml.dial import RECORDING_EVENTS

CURRENT = "Twilio.CURRENT"
"""In place of a sid: the recording that is under way."""


def create_recording_router(config: LineConfig, carrier: Carrier) -> APIRouter:
    """The routes of recordings: of the account, of a call, and of a conference."""
    routes = _Routes(config, carrier)
    router = APIRouter()
    path = recordings_path(config.account_sid)
    router.add_api_route(f"{path}.json", routes.list, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.fetch, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}.json", routes.delete, methods=["DELETE"])
    router.add_api_route(f"{path}/{{sid}}.wav", routes.sound, methods=["GET"])
    router.add_api_route(f"{path}/{{sid}}", routes.sound, methods=["GET"])
    of_call = f"{calls_path(config.account_sid)}/{{call_sid}}/Recordings"
    router.add_api_route(f"{of_call}.json", routes.start, methods=["POST"])
    router.add_api_route(f"{of_call}.json", routes.list_of_call, methods=["GET"])
    router.add_api_route(f"{of_call}/{{sid}}.json", routes.fetch_of_call, methods=["GET"])
    router.add_api_route(f"{of_call}/{{sid}}.json", routes.update, methods=["POST"])
    router.add_api_route(f"{of_call}/{{sid}}.json", routes.delete_of_call, methods=["DELETE"])
    of_conference = f"{conferences_path(config.account_sid)}/{{conference_sid}}/Recordings"
    router.add_api_route(f"{of_conference}.json", routes.list_of_conference, methods=["GET"])
    one_of_conference = f"{of_conference}/{{sid}}.json"
    router.add_api_route(one_of_conference, routes.fetch_of_conference, methods=["GET"])
    router.add_api_route(one_of_conference, routes.delete_of_conference, methods=["DELETE"])
    return router


class _Routes:
    """What each route does."""

    def __init__(self, config: LineConfig, carrier: Carrier) -> None:
        self._config = config
        self._carrier = carrier
        self._recordings = carrier.recordings

    async def list(self, request: Request) -> Response:
        """All recordings, newest first."""
        authenticate(request, self._config)
        paging = read_paging(request)
        found = self._recordings.of(paging.filters.get("CallSid"), paging.filters.get("ConferenceSid"))
        shown = [recording_resource(one, self._recordings.url(one)) for one in found]
        return JSONResponse(recording_page(shown, recordings_path(self._config.account_sid), paging))

    async def fetch(self, request: Request, sid: str) -> Response:
        """One recording."""
        authenticate(request, self._config)
        recording = self._known(sid)
        return JSONResponse(recording_resource(recording, self._recordings.url(recording)))

    async def sound(self, request: Request, sid: str) -> Response:
        """Its sound, once it is over."""
        authenticate(request, self._config)
        recording = self._known(sid)
        if recording.status is not RecordingStatus.COMPLETED:
            raise self._unknown(f"{recordings_path(self._config.account_sid)}/{sid}.wav")
        return Response(recording.wav(), media_type="audio/x-wav")

    async def delete(self, request: Request, sid: str) -> Response:
        """Forget one."""
        authenticate(request, self._config)
        recording = self._known(sid)
        self._recordings.finish(recording)
        self._recordings.forget(recording.sid)
        return Response(status_code=204)

    async def start(self, request: Request, call_sid: str) -> Response:
        """Begin to record a call."""
        form = await read_form(request, self._config)
        track, channels = form.get("RecordingTrack", "both"), form.get("RecordingChannels", "mono")
        if track not in {"inbound", "outbound", "both"} or channels not in {"mono", "dual"}:
            raise RestError(400, 20001, "RecordingTrack or RecordingChannels is not valid.")
        events = frozenset(form.all("RecordingStatusCallbackEvent") or ["completed"])
        if not events <= set(RECORDING_EVENTS):
            raise RestError(400, 20001, "RecordingStatusCallbackEvent is not valid.")
        callback = callback_of(form, "RecordingStatusCallback", events)
        try:
            stage = self._carrier.stage(call_sid)
        except CallNotFoundError:
            raise self._unknown(self._of_call(call_sid)) from None
        except NotInProgressError:
            raise RestError(400, 21220, "Call is not in-progress. Cannot record.") from None
        recording = self._recordings.start(
            call_sid,
            RecordingSource.STARTED,
            track=track,
            channels=2 if channels == "dual" else 1,
            callback=callback,
        )
        stage.beside.append(RecordingBeside(stage, recording))
        return JSONResponse(self._part(recording, self._of_call(call_sid)), status_code=201)

    async def list_of_call(self, request: Request, call_sid: str) -> Response:
        """The recordings of a call."""
        return self._parts(request, self._of_call(call_sid), self._recordings.of(call_sid=call_sid))

    async def list_of_conference(self, request: Request, conference_sid: str) -> Response:
        """The recordings of a conference."""
        path = self._of_conference(conference_sid)
        return self._parts(request, path, self._recordings.of(conference_sid=conference_sid))

    async def fetch_of_call(self, request: Request, call_sid: str, sid: str) -> Response:
        """One recording of a call."""
        authenticate(request, self._config)
        return JSONResponse(self._part(self._known(sid, call_sid), self._of_call(call_sid)))

    async def update(self, request: Request, call_sid: str, sid: str) -> Response:
        """Pause one, go on, or end it."""
        form = await read_form(request, self._config)
        recording = self._known(sid, call_sid)
        match form.get("Status"):
            case "paused":
                skip = form.get("PauseBehavior") == "skip"
                self._recordings.pause(recording, paused=True, skip=skip)
            case "in-progress":
                self._recordings.pause(recording, paused=False)
            case "stopped":
                self._recordings.finish(recording)
            case _:
                raise RestError(400, 20001, "Status must be paused, in-progress or stopped.")
        return JSONResponse(self._part(recording, self._of_call(call_sid)))

    async def delete_of_call(self, request: Request, call_sid: str, sid: str) -> Response:
        """Forget one of a call."""
        return await self.delete(request, self._known(sid, call_sid).sid)

    async def fetch_of_conference(self, request: Request, conference_sid: str, sid: str) -> Response:
        """One recording of a conference."""
        authenticate(request, self._config)
        recording = self._of(conference_sid, sid)
        return JSONResponse(self._part(recording, self._of_conference(conference_sid)))

    async def delete_of_conference(self, request: Request, conference_sid: str, sid: str) -> Response:
        """Forget one of a conference."""
        authenticate(request, self._config)
        return await self.delete(request, self._of(conference_sid, sid).sid)

    def _of(self, conference_sid: str, sid: str) -> Recording:
        recording = self._known(sid)
        if recording.conference_sid != conference_sid:
            raise self._unknown(f"{self._of_conference(conference_sid)}/{sid}.json")
        return recording

    def _of_conference(self, conference_sid: str) -> str:
        return f"{conferences_path(self._config.account_sid)}/{conference_sid}/Recordings"

    def _known(self, sid: str, call_sid: str | None = None) -> Recording:
        if sid == CURRENT and call_sid is not None:
            running = (one for one in self._recordings.of(call_sid=call_sid) if not one.over)
            recording = next(running, None)
        else:
            recording = self._recordings.get(sid)
        if recording is None or call_sid not in {None, recording.call_sid}:
            raise self._unknown(f"{recordings_path(self._config.account_sid)}/{sid}.json")
        return recording

    def _parts(self, request: Request, path: str, found: Sequence[Recording]) -> Response:
        authenticate(request, self._config)
        shown = [self._part(one, path) for one in found]
        return JSONResponse(recording_page(shown, path, read_paging(request)))

    def _part(self, recording: Recording, path: str) -> dict[str, object]:
        return part_recording_resource(recording, path)

    def _of_call(self, call_sid: str) -> str:
        return f"{calls_path(self._config.account_sid)}/{call_sid}/Recordings"

    def _unknown(self, path: str) -> RestError:
        return RestError(404, 20404, f"The requested resource {path} was not found")
