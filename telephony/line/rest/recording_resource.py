"""Recordings as Twilio's REST API shows them (OpenAPI `api.v2010.account.recording`). Pure."""

from collections.abc import Sequence
from email.utils import format_datetime

from telephony.line.recordings.recording import Recording
from telephony.line.rest.call_resource import API_VERSION
from telephony.line.rest.request import Paging


def recording_resource(recording: Recording, media_url: str) -> dict[str, object]:
    """One recording, of the account's list."""
    uri = f"{recordings_path(recording.account_sid)}/{recording.sid}"
    return {
        **_common(recording),
        "uri": f"{uri}.json",
        "subresource_uris": {
            "add_on_results": f"{uri}/AddOnResults.json",
            "transcriptions": f"{uri}/Transcriptions.json",
        },
        "media_url": media_url,
    }


def part_recording_resource(recording: Recording, path: str) -> dict[str, object]:
    """One recording, of the list of its call or conference at `path`."""
    return {**_common(recording), "track": recording.track, "uri": f"{path}/{recording.sid}.json"}


def recording_page(items: Sequence[dict[str, object]], path: str, paging: Paging) -> dict[str, object]:
    """One page of recordings."""
    return {"recordings": list(paging.of(items)), **paging.fields(path, len(items))}


def recordings_path(account_sid: str) -> str:
    """The account's list, without its ending."""
    return f"/{API_VERSION}/Accounts/{account_sid}/Recordings"


def _common(recording: Recording) -> dict[str, object]:
    started = format_datetime(recording.started_at)
    return {
        "account_sid": recording.account_sid,
        "api_version": API_VERSION,
        "call_sid": recording.call_sid,
        "conference_sid": recording.conference_sid,
        "date_created": started,
        "date_updated": format_datetime(recording.updated_at or recording.started_at),
        "start_time": started,
        "duration": str(round(recording.duration_s)) if recording.over else None,
        "sid": recording.sid,
        "price": None,
        "price_unit": "USD",
        "status": recording.status.value,
        "channels": recording.channels,
        "source": recording.source.value,
        "error_code": None,
        "encryption_details": None,
    }
