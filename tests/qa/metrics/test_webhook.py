"""Alerts are posted, signed, to the one address that the operator has named."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from qa.metrics.digest import digest_of
from qa.metrics.rules import Alert, Rules
from qa.metrics.tables import tables_of
from qa.metrics.webhook import Message, NotToldError, message_of, signed, tell
from settings import signing_key
from tests.qa.console.dashboard.conftest import BERLIN

AT = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
KEY = b"k" * 32
SECRET = "whsec_" + base64.b64encode(KEY).decode()
URL = "https://alerts.example.com/hook"
MESSAGE = Message("metrics.alerts:2026-11-26:containment", AT, b'{"type": "metrics.alerts"}')
DAY = date(2026, 11, 26)


def digest(*alerts):
    """The digest of a day without calls."""
    return digest_of(tables_of([]), DAY, BERLIN, Rules(alerts=alerts), AT)


def test_what_is_told_names_the_metric_its_value_and_its_limit_and_nothing_of_a_call():
    calls = Alert(metric="calls", below=10.0)
    message = message_of(digest(calls), AT, "https://phone.example.com/qa/digest?day=2026-11-26")
    told = json.loads(message.body)
    assert told["type"] == "metrics.alerts"
    assert told["data"]["digest"] == "https://phone.example.com/qa/digest?day=2026-11-26"
    (alert,) = told["data"]["alerts"]
    assert (alert["metric"], alert["value"], alert["below"], alert["unit"]) == ("calls", 0, 10.0, "count")
    assert "above" not in alert


def test_the_same_alerts_of_a_day_have_the_same_id_whenever_they_are_told():
    rung = digest(Alert(metric="calls", below=10.0))
    first, second = message_of(rung, AT, None), message_of(rung, AT + timedelta(hours=1), None)
    assert first.id == second.id
    other = message_of(replace(rung, day=DAY + timedelta(1)), AT, None)
    assert other.id != first.id


def test_a_day_without_alerts_is_not_told():
    assert message_of(digest(Alert(metric="calls", above=10.0)), AT, None) is None


def test_the_signature_is_over_id_time_and_body():
    headers = signed(MESSAGE, KEY, AT)
    content = f"{MESSAGE.id}.{int(AT.timestamp())}.".encode() + MESSAGE.body
    version, mark = headers["webhook-signature"].split(",")
    assert version == "v1"
    assert base64.b64decode(mark) == hmac.digest(KEY, content, "sha256")
    later = signed(MESSAGE, KEY, AT + timedelta(seconds=1))
    assert later["webhook-signature"] != headers["webhook-signature"]


@pytest.mark.parametrize("secret", ["", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_no base64"])
def test_a_secret_that_is_none_is_refused(secret):
    assert signing_key(SECRET) == KEY
    with pytest.raises(ValueError, match="whsec_"):
        signing_key(secret)


class Receiver:
    """Answers with one status after the other, and keeps what it was sent."""

    def __init__(self, *answers):
        self.answers, self.requests, self.pauses = list(answers), [], []

    async def told(self):
        async with httpx.AsyncClient(transport=httpx.MockTransport(self._answer)) as client:
            await tell(client, URL, MESSAGE, KEY, lambda: AT, self._pause)

    def _answer(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0)
        if answer is None:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(answer, headers={"location": "https://elsewhere.example.com/"})

    async def _pause(self, seconds):
        self.pauses.append(seconds)


async def test_a_receiver_that_is_away_or_busy_is_asked_again():
    receiver = Receiver(None, 503, 204)
    await receiver.told()
    assert len(receiver.requests) == 3
    assert len(receiver.pauses) == 2
    assert {str(one.url) for one in receiver.requests} == {URL}
    assert len({one.headers["webhook-id"] for one in receiver.requests}) == 1


@pytest.mark.parametrize(
    ("answers", "said"),
    [((404,), "status 404"), ((302,), "status 302"), ((None, None, None), "ConnectError")],
)
async def test_a_message_that_is_not_taken_is_an_error_that_does_not_show_the_address(answers, said):
    receiver = Receiver(*answers)
    with pytest.raises(NotToldError, match=said) as caught:
        await receiver.told()
    assert receiver.answers == [], "redirects are not followed, refusals not repeated"
    assert "example.com" not in str(caught.value)
