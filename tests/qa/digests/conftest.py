"""What is logged, with its fields."""

import pytest
from loguru import logger


@pytest.fixture
def logged():
    """Each record's level, text and fields."""
    found = []

    def keep(message):
        record = message.record
        found.append((record["level"].name, record["message"], dict(record["extra"])))

    number = logger.add(keep, level="INFO")
    yield found
    logger.remove(number)
