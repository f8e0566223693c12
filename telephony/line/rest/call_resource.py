"""Calls as Twilio's REST API shows them (OpenAPI `api.v2010.account.call`). Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from telephony.line.call import Call

API_VERSION = "2010-04-01"


def call_resource(call: Call) -> dict[str, object]:
    """One call."""
    duration_s = call.duration_s
    uri = f"{calls_path(call.account_sid)}/{call.sid}"
    return {
        "sid": call.sid,
        "date_created": _date(call.created_at),
        "date_updated": _date(call.updated_at or call.created_at),
        "parent_call_sid": call.parent_sid,
        "account_sid": call.account_sid,
        "to": call.callee,
        "to_formatted": call.callee,
        "from": call.caller,
        "from_formatted": call.caller,
        "phone_number_sid": None,
        "status": call.status.value,
        "start_time": _date(call.answered_at),
        "end_time": _date(call.ended_at),
        "duration": None if duration_s is None else str(duration_s),
        "price": None,
        "price_unit": "USD",
        "direction": call.direction.value,
        "answered_by": None,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{uri}.json",
        "subresource_uris": {
            name: f"{uri}/{path}.json"
            for name, path in (
                ("notifications", "Notifications"),
                ("recordings", "Recordings"),
                ("streams", "Streams"),
                ("events", "Events"),
            )
        },
    }


def call_page(
    account_sid: str, calls: Sequence[Call], page: int, page_size: int, filters: Mapping[str, str]
) -> dict[str, object]:
    """One page of a list of calls, `calls` being all of them in order."""
    start = page * page_size
    shown = calls[start : start + page_size]

    def uri(number: int) -> str:
        query = urlencode({**filters, "PageSize": page_size, "Page": number})
        return f"{calls_path(account_sid)}.json?{query}"

    return {
        "calls": [call_resource(call) for call in shown],
        "page": page,
        "page_size": page_size,
        "start": start,
        "end": max(start, start + len(shown) - 1),
        "uri": uri(page),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(page - 1) if page else None,
        "next_page_uri": uri(page + 1) if start + page_size < len(calls) else None,
    }


def calls_path(account_sid: str) -> str:
    """The list's path, without its ending."""
    return f"/{API_VERSION}/Accounts/{account_sid}/Calls"


def _date(at: datetime | None) -> str | None:
    return None if at is None else format_datetime(at)
