"""What the tests with foreign peers share."""

from tests.telephony.line.conftest import client

__all__ = ["client"]
