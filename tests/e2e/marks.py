"""What tests are that place real calls to the running product."""

import pytest

REAL_CALLS = (
    # What runs the product outlives one test, and so does its loop.
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.sip,
    pytest.mark.models,
    pytest.mark.slow,
)
