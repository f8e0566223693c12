"""Conferences and participants as Twilio's REST API shows them (OpenAPI `api.v2010.account.conference`). Pure."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from telephony.line.conferences.conference import Conference, Participant
from telephony.line.rest.call_resource import API_VERSION
from telephony.line.rest.request import Paging


def conference_resource(conference: Conference) -> dict[str, object]:
    """One conference."""
    uri = f"{conferences_path(conference.account_sid)}/{conference.sid}"
    reason, by = conference.reason_ended, conference.ended_by
    return {
        "account_sid": conference.account_sid,
        "api_version": API_VERSION,
        "date_created": format_datetime(conference.created_at),
        "date_updated": format_datetime(conference.updated_at or conference.created_at),
        "friendly_name": conference.name,
        "region": "us1",
        "sid": conference.sid,
        "status": conference.status.value,
        "uri": f"{uri}.json",
        "subresource_uris": {
            "participants": f"{uri}/Participants.json",
            "recordings": f"{uri}/Recordings.json",
        },
        # Twilio's description knows no null here: the field is absent while the conference goes on.
        **({"reason_conference_ended": reason.value} if reason is not None else {}),
        "call_sid_ending_conference": by.call_sid if by is not None else None,
    }


def participant_resource(
    conference: Conference, participant: Participant, status: str = "connected"
) -> dict[str, object]:
    """One participant."""
    path = participants_path(conference)
    updated: datetime = participant.updated_at or participant.joined_at
    return {
        "account_sid": conference.account_sid,
        "call_sid": participant.call_sid,
        "label": participant.label,
        "conference_sid": conference.sid,
        "date_created": format_datetime(participant.joined_at),
        "date_updated": format_datetime(updated),
        "end_conference_on_exit": participant.end_on_exit,
        "muted": participant.muted,
        "hold": participant.hold,
        "status": status,
        "start_conference_on_enter": participant.start_on_enter,
        "coaching": False,
        "call_sid_to_coach": None,
        "queue_time": None,
        "uri": f"{path}/{participant.call_sid}.json",
    }


def conference_page(account_sid: str, conferences: Sequence[Conference], paging: Paging) -> dict[str, object]:
    """One page of conferences."""
    return {
        "conferences": [conference_resource(one) for one in paging.of(conferences)],
        **paging.fields(conferences_path(account_sid), len(conferences)),
    }


def participant_page(
    conference: Conference, found: Sequence[Participant], paging: Paging
) -> dict[str, object]:
    """One page of participants."""
    return {
        "participants": [participant_resource(conference, one) for one in paging.of(found)],
        **paging.fields(participants_path(conference), len(found)),
    }


def conferences_path(account_sid: str) -> str:
    """The list's path, without its ending."""
    return f"/{API_VERSION}/Accounts/{account_sid}/Conferences"


def participants_path(conference: Conference) -> str:
    """The list's path, without its ending."""
    return f"{conferences_path(conference.account_sid)}/{conference.sid}/Participants"
