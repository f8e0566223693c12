"""What the tests of the local line share."""

import pytest
from twilio.rest import Client

from tests.telephony.line.lab import ACCOUNT, TOKEN


@pytest.fixture
def client(lab):
    """The official SDK, as a customer of the lab's line."""
    one = Client(ACCOUNT, TOKEN)
    one.api.base_url = lab.url
    return one
