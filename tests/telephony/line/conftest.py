"""What the tests of the local line share."""

import json
import os
from pathlib import Path

import pytest
from twilio.rest import Client

from tests.telephony.line.lab import ACCOUNT, TOKEN


@pytest.fixture
def client(lab):
    """The official SDK, as a customer of the lab's line."""
    one = Client(ACCOUNT, TOKEN)
    one.api.base_url = lab.url
    return one


@pytest.fixture(scope="session")
def description():
    """Twilio's own description of its API; tests that use it skip where it is absent."""
    folder = Path(os.environ.get("WARMLINE_SHARED", Path(__file__).parents[4] / "shared"))
    path = folder / "specs" / "twilio_api_v2010.json"
    if not path.is_file():
        pytest.skip(f"Twilio's description of its API is not at {path} (set WARMLINE_SHARED)")
    return json.loads(path.read_text())
