"""What the tests of the telephone side share."""

import json
import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def description():
    """Twilio's own description of its API; tests that use it skip where it is absent."""
    folder = Path(os.environ.get("WARMLINE_SHARED", Path(__file__).parents[3] / "shared"))
    path = folder / "specs" / "twilio_api_v2010.json"
    if not path.is_file():
        pytest.skip(f"Twilio's description of its API is not at {path} (set WARMLINE_SHARED)")
    return json.loads(path.read_text())
